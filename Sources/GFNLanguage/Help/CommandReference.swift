import GFNParameters

/// All commands as a page of Markdown, from the declarations that `help` reads too.
package struct CommandReference {
  private let commands: CommandTable
  private let help: Help

  package init(_ commands: CommandTable) {
    self.commands = commands
    help = Help(commands: commands, definitions: [:])
  }

  /// The page, which ends in a newline.
  package var markdown: String {
    var blocks = [
      "# Commands",
      "<!-- Written by `scripts/gfn reference`; what it says stands in Sources. -->",
      """
      Every command with its arguments, its options, the fields of its result and examples, as \
      `help NAME` shows them at the prompt. How a line is made is told in [language.md](language.md).
      """,
      contents,
    ]
    for group in CommandGroup.allCases {
      let specs = commands.specs(in: group)
      guard !specs.isEmpty else { continue }
      blocks.append("## \(group.rawValue)")
      for spec in specs { blocks += section(on: spec) }
    }
    blocks += statements + functions + fields + codes
    return blocks.joined(separator: "\n\n") + "\n"
  }

  // MARK: - Commands

  /// The commands by group, each a link.
  private var contents: String {
    CommandGroup.allCases.compactMap { group in
      let links = commands.specs(in: group).map { "[\($0.name)](#\(Self.anchor($0.name)))" }
      return links.isEmpty ? nil : "- \(group.rawValue): \(links.joined(separator: ", "))"
    }
    .joined(separator: "\n")
      + "\n- [statements](#statements), [functions](#functions), "
      + "[fields of results](#fields-of-results), [codes of errors](#codes-of-errors)"
  }

  private func section(on spec: CommandSpec) -> [String] {
    let signature = Signature(spec, variant: nil)
    let synopsis = help.synopsis(signature, hasVariants: !spec.variants.isEmpty)
    var summary = Self.sentence(spec.summary)
    if !spec.aliases.isEmpty {
      summary += " Also: \(spec.aliases.map { "`\($0)`" }.joined(separator: ", "))."
    }
    var blocks = ["### \(spec.name)", "`\(synopsis)`", summary]
    if !spec.details.isEmpty { blocks.append(Self.prose(spec.details)) }
    if spec.variants.isEmpty {
      blocks += table(of: signature.positionals, isOption: false)
    } else {
      blocks.append(
        Self.table(
          ["one of", ""],
          spec.variants.map { ["`\(spec.name) \($0.word)`", Self.cell($0.summary)] }))
    }
    blocks += table(of: signature.options, isOption: true)
    if let result = Self.result(spec.result) { blocks.append(result) }
    for variant in spec.variants { blocks += section(on: variant, of: spec) }
    return blocks + examples(spec)
  }

  private func section(on variant: CommandVariant, of spec: CommandSpec) -> [String] {
    guard !variant.positionals.isEmpty || !variant.options.isEmpty || !variant.details.isEmpty
    else { return [] }
    var blocks = ["#### \(spec.name) \(variant.word)", Self.sentence(variant.summary)]
    if !variant.details.isEmpty { blocks.append(Self.prose(variant.details)) }
    blocks += table(of: variant.positionals, isOption: false)
    blocks += table(of: variant.options, isOption: true)
    return blocks
  }

  private func examples(_ spec: CommandSpec) -> [String] {
    guard !spec.examples.isEmpty else { return [] }
    let lines = spec.examples.flatMap { ["# \($0.note)", $0.source] }
    return ["```\n\(lines.joined(separator: "\n"))\n```"]
  }

  private func table(of parameters: [Parameter], isOption: Bool) -> [String] {
    guard !parameters.isEmpty else { return [] }
    let rows = parameters.map { parameter in
      let name = isOption ? "\(parameter.name)=" : parameter.name.uppercased()
      var takes = parameter.kind.fullDescription
      // The words stand beside it.
      if case .enumeration(let choices) = parameter.kind, choices.count > 1 { takes = "a word" }
      if let unit = parameter.unit { takes += ", in \(unit)" }
      let words = parameter.kind.choices.map { "`\($0.word)`: \($0.help)" }
      let meaning = ([parameter.help] + words).filter { !$0.isEmpty }
      let fallback = parameter.isRequired ? "required" : parameter.standard?.text ?? ""
      return [
        "`\(name)`", Self.cell(takes), Self.cell(fallback),
        meaning.map(Self.cell).joined(separator: "<br>"),
      ]
    }
    return [Self.table([isOption ? "option" : "argument", "takes", "default", ""], rows)]
  }

  private static func result(_ shape: ResultShape) -> String? {
    func listed(_ names: [String]) -> String {
      names.map { "`\($0)`" }.joined(separator: " ")
    }
    switch shape {
    case .nothing, .open: return nil
    case .record(let fields): return "Result: a record with \(listed(fields))."
    case .table(let columns, let fields):
      let beside = fields.isEmpty ? "" : ", and beside them \(listed(fields))"
      return "Result: a table with \(listed(columns))\(beside)."
    }
  }

  // MARK: - The language

  private var statements: [String] {
    let rows = StatementWord.allCases.filter { $0 != .else }.map { word in
      ["`\(word.synopsis.replacing("|", with: "\\|"))`", Self.cell(word.summary)]
    }
    return ["## statements", Self.table(["statement", ""], rows)]
  }

  private var functions: [String] {
    let rows = Functions.names.compactMap { name in
      HelpTexts.functions[name].map { text in
        let lines = text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
        let calls = lines[0].replacing(" or ", with: "` or `").replacing("), ", with: ")`, `")
        return ["`\(calls)`", lines.dropFirst().map(Self.cell).joined(separator: " ")]
      }
    }
    return ["## functions", Self.table(["function", ""], rows)]
  }

  private var fields: [String] {
    var seen: Set<String> = []
    let rows = commands.fields.filter { seen.insert($0.name).inserted }
      .map { ["`\($0.name)`", Self.cell($0.text)] }
    return [
      "## fields of results",
      "`NAME_mean`, `NAME_sd` and `NAME_n` are what `compare` and `summary` make of a field.",
      Self.table(["field", ""], rows),
    ]
  }

  private var codes: [String] {
    let rows = HelpTexts.codes.map { ["`\($0.code)`", Self.cell($0.meaning)] }
    return [
      "## codes of errors", "`expect error CODE { … }` names them.",
      Self.table(["code", ""], rows),
    ]
  }

  // MARK: - Markdown

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// A text in a cell of a table, its signs meaning themselves.
  private static func cell(_ text: String) -> String {
    escaped(text.replacing("\n", with: " ")).replacing("|", with: "\\|")
  }

  /// Paragraphs, whose lines stay lines.
  private static func prose(_ text: String) -> String {
    text.replacing("\n\n", with: "\u{0}").split(separator: "\u{0}").map { paragraph in
      paragraph.split(separator: "\n").map { escaped(String($0)) }.joined(separator: "\\\n")
    }
    .joined(separator: "\n\n")
  }

  /// A line whose signs mean themselves.
  private static func escaped(_ line: String) -> String {
    var result = ""
    var isInWord = false
    for character in line {
      let opensEmphasis = character == "_" && !isInWord
      if character == "<" || character == "*" || opensEmphasis { result.append("\\") }
      result.append(character)
      isInWord = character.isLetter || character.isNumber || (character == "_" && isInWord)
    }
    return result
  }

  private static func sentence(_ text: String) -> String {
    let first = text.prefix(1).uppercased()
    return escaped(first + text.dropFirst()) + "."
  }

  /// The link to a heading.
  private static func anchor(_ heading: String) -> String {
    heading.lowercased().replacing(" ", with: "-")
  }
}
