import GFNParameters

extension LanguageCommands {
  static let apropos = CommandSpec(
    "apropos", group: .learn, summary: "find commands, options, fields and errors by a word",
    positionals: [
      Parameter(
        "words", .text, help: "what to look for, in any case; several must all occur",
        required: true, variadic: true)
    ],
    details: """
      Looks in names, summaries, options, details, results and errors. Names come first, then what says \
      the word in one line, then commands that mention it in their details. 'help WORD' explains what \
      was found.
      """,
    examples: [
      CommandExample("apropos snapshot", "what there is on snapshots"),
      CommandExample("apropos standard deviation", "two words"),
    ],
    result: .table(columns: ["word", "kind", "what"]),
    recording: .nothing
  ) { session, arguments in
    let index = Apropos(
      Help(commands: session.commands, definitions: session.definitions))
    let words = arguments.texts("words") ?? arguments.text("words").map { [$0] } ?? []
    let wanted = words.flatMap { $0.lowercased().split(separator: " ").map(String.init) }
    guard !wanted.isEmpty else {
      throw arguments.error("option", "there is nothing to look for", at: "words")
    }
    let found = index.entries(with: wanted)
    guard !found.isEmpty else {
      let text = wanted.joined(separator: " ")
      throw CommandError(
        .unknownTopic(text, suggestion: Suggestion.nearest(to: text, in: index.words)),
        at: arguments.span(of: "words"))
    }
    return .table(
      Table(
        columns: [Column("word"), Column("kind"), Column("what")],
        rows: found.map { [.text($0.word), .text($0.kind), .text($0.line)] }))
  }
}

/// Everything that has help, as lines to be searched.
struct Apropos {
  struct Entry {
    var word: String
    /// "command", "option of train", "field", …
    var kind: String
    var line: String
    /// Further text that is searched and not shown.
    var details = ""
  }

  private let entries: [Entry]

  var words: [String] { entries.map(\.word) }

  init(_ help: Help) {
    var entries: [Entry] = []
    for spec in help.commands.specs {
      entries.append(
        Entry(
          word: spec.name, kind: "command", line: spec.summary,
          details: (spec.aliases + [spec.details] + spec.examples.map(\.note))
            .joined(separator: " ")))
      entries += Self.entries(spec.positionals + spec.options, of: spec.name)
      for variant in spec.variants {
        let name = "\(spec.name) \(variant.word)"
        entries.append(
          Entry(word: name, kind: "command", line: variant.summary, details: variant.details))
        entries += Self.entries(variant.positionals + variant.options, of: name)
      }
    }
    for (name, definition) in help.definitions.sorted(by: { $0.key < $1.key }) {
      entries.append(Entry(word: name, kind: "yours", line: definition.summary))
    }
    entries += StatementWord.allCases.map {
      Entry(word: $0.rawValue, kind: "language", line: $0.summary)
    }
    entries += HelpTexts.functions.sorted { $0.key < $1.key }.map { name, text in
      Entry(
        word: name, kind: "function",
        line: text.split(separator: "\n").last.map { $0.trimmingBlanks } ?? "")
    }
    entries += help.commands.fields.map { Entry(word: $0.name, kind: "field", line: $0.text) }
    entries += HelpTexts.codes.map { Entry(word: $0.code, kind: "error", line: $0.meaning) }
    entries += LessonWord.allCases.map {
      Entry(word: $0.rawValue, kind: "in a lesson", line: $0.summary)
    }
    self.entries = entries
  }

  private static func entries(_ parameters: [Parameter], of owner: String) -> [Entry] {
    parameters.flatMap { parameter in
      [Entry(word: parameter.name, kind: "option of \(owner)", line: parameter.help)]
        + parameter.kind.choices.map {
          Entry(word: $0.word, kind: "\(owner) \(parameter.name)=", line: $0.help)
        }
    }
  }

  /// The entries in which all words occur: in the name, then in the line, then in the details.
  func entries(with words: [String]) -> [Entry] {
    var ranked: [[Entry]] = [[], [], []]
    for entry in entries {
      let texts = [entry.word, entry.word + " " + entry.line]
      let places = texts + [texts[1] + " " + entry.details]
      guard
        let rank = places.firstIndex(where: { place in
          let place = place.lowercased()
          return words.allSatisfy { place.contains($0) }
        })
      else { continue }
      ranked[rank].append(entry)
    }
    return ranked.flatMap(\.self)
  }
}
