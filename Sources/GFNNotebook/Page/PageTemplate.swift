/// The page around the cells, in Mustache. `{{…}}` escapes, `{{{…}}}` is HTML already.
enum PageTemplate {
  static let text = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="gfn">
    <title>{{page}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <main>
    {{#cells}}
    {{#text}}
    <section class="text">
    {{{html}}}</section>
    {{/text}}
    {{#code}}
    <section class="cell">
    {{#heading}}
    <h3>{{heading}}</h3>
    {{/heading}}
    {{#listing}}
    <pre class="source"{{#number}} data-number="{{number}}"{{/number}} tabindex="0"><code>{{{listing}}}</code></pre>
    {{/listing}}
    {{#outputs}}
    <div class="{{kind}}"{{#label}} role="group" aria-label="{{label}}"{{/label}}>{{{html}}}</div>
    {{/outputs}}
    </section>
    {{/code}}
    {{/cells}}
    </main>
    </body>
    </html>

    """
}
