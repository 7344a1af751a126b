/// How a page looks: one narrow column, in the colours that the reader's device asks for, and on paper.
enum PageStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --ink: #1d2129; --quiet: #59616e; --line: #d5dae1; --box: #f5f6f8;
      --accent: #0b5d8f; --comment: #5f6b78; --string: #1a6b35; --number: #8a3d00;
      --command: #0b5d8f; --name: #7a2a8c; --wrong: #a3161f; --wrong-box: #fdeeee;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171c; --ink: #e3e6eb; --quiet: #a2abb8; --line: #363d48; --box: #1d2229;
        --accent: #7cc0ee; --comment: #93a0b0; --string: #8fd19e; --number: #f0b07a;
        --command: #7cc0ee; --name: #d9a5e6; --wrong: #ff9b9b; --wrong-box: #3a1d20;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
    }
    main { max-width: 54rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1, h2, h3, h4 { line-height: 1.25; margin: 1.8em 0 0.5em; }
    h1 { font-size: 1.9rem; margin-top: 0.5em; }
    h2 { font-size: 1.4rem; }
    h3 { font-size: 1.1rem; }
    p, ul, ol { margin: 0.6em 0; overflow-wrap: break-word; }
    a { color: var(--accent); }
    img { max-width: 100%; }
    blockquote { margin: 0.8em 0; padding: 0 1em; border-left: 3px solid var(--line); color: var(--quiet); }
    code, pre {
      font-family: ui-monospace, "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, monospace;
      font-size: 0.875rem; line-height: 1.45;
    }
    p code, li code { background: var(--box); padding: 0.1em 0.3em; border-radius: 3px; }
    pre { margin: 0.5em 0; overflow-x: auto; }
    .text pre, .source {
      background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: 0.6em 0.9em;
    }
    .cell { margin: 1.2em 0; position: relative; }
    .source { border-left: 3px solid var(--accent); }
    .comment { color: var(--comment); font-style: italic; }
    .source .text { color: var(--string); }
    .source .number { color: var(--number); }
    .source .command { color: var(--command); font-weight: 600; }
    .source .name { color: var(--name); }
    .source .option { color: var(--quiet); }
    .lines, .errors, .failure, .table, .picture { margin: 0.5em 0; padding-left: 1rem; overflow-x: auto; }
    .lines pre, .errors pre, .failure pre { margin: 0; overflow: visible; }
    .errors { color: var(--quiet); }
    .failure {
      color: var(--wrong); background: var(--wrong-box); border-left: 3px solid var(--wrong);
      border-radius: 6px; padding: 0.6em 0.9em;
    }
    .picture svg {
      display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: 4px;
    }
    table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; margin: 0.2em 0; }
    th, td { padding: 0.15em 0.7em; text-align: left; white-space: pre; vertical-align: top; }
    th:first-child, td:first-child { padding-left: 0; }
    thead th { border-bottom: 1px solid var(--quiet); }
    tbody th { color: var(--quiet); font-weight: normal; }
    th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; }
    .table p { margin: 0.3em 0; color: var(--quiet); }
    @media (min-width: 64rem) {
      .source[data-number]::before {
        content: attr(data-number); position: absolute; right: 100%; margin-right: 0.8em;
        color: var(--quiet); font-size: 0.75rem;
      }
    }
    @media print {
      :root {
        color-scheme: light;
        --paper: #ffffff; --ink: #000000; --quiet: #444444; --line: #bbbbbb; --box: #f5f6f8;
        --accent: #0b5d8f; --comment: #555555; --string: #1a6b35; --number: #8a3d00;
        --command: #0b5d8f; --name: #7a2a8c; --wrong: #a3161f; --wrong-box: #ffffff;
      }
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      pre, td, th { white-space: pre-wrap; overflow-wrap: anywhere; }
      .lines, .errors, .failure, .table, .picture, pre { overflow: visible; }
      h1, h2, h3, h4 { break-after: avoid; }
      .source, tr, svg, .failure { break-inside: avoid; }
    }
    """
}
