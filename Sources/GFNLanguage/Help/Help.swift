import GFNParameters

/// Answers `help WORD` out of the declarations of the commands.
struct Help {
  let commands: CommandTable
  let definitions: [String: Definition]

  /// The widest line.
  var width = Help.standardWidth

  /// The widest line where nothing is known of a window.
  static let standardWidth = 78
  /// Nobody reads longer lines with ease.
  private static let greatestWidth = 100
  /// In narrower windows the terminal wraps.
  private static let leastWidth = 30

  /// The widest line in a window.
  static func width(in window: Int?) -> Int {
    window.map { min(max($0 - 2, leastWidth), greatestWidth) } ?? standardWidth
  }

  // MARK: - Overview

  /// Every command by group, and how a line is made: at most 25 lines.
  var overview: String {
    var lines: [String] = []
    for group in CommandGroup.allCases {
      let words = commands.specs(in: group).map(\.name)
      lines += wrapped(words, label: group.rawValue)
    }
    lines += wrapped(
      StatementWord.allCases.filter { $0 != .else && $0 != .quit }.map(\.rawValue),
      label: "language")
    lines += wrapped(definitions.keys.sorted(), label: "yours")
    lines += [
      "",
      "A line is a command, its arguments, then options:   train 500 batch=64",
      "  keep a result      let r = evaluate",
      "  use it             assert $r.tv < 0.05        print \"TV {$r.tv:.3f}\"",
      "  compute with it    train (2 * $n)             '$it' is the last shown value",
      "",
      "'help WORD' or '?WORD' explains a command, an option or a value; Tab completes.",
      "'help language' is the grammar in short, 'help errors' the codes of the errors.",
      "Ctrl-C stops a command and keeps what it has done; 'exit' ends the session.",
    ]
    return lines.map { $0[...] }.flatMap(folded).joined(separator: "\n")
  }

  /// Words behind a label, in lines of bounded width.
  private func wrapped(_ words: [String], label: String) -> [String] {
    let indent = 10
    var lines: [String] = []
    var line = ""
    for word in words {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? word : " \(word)"
    }
    if !line.isEmpty { lines.append(line) }
    return lines.enumerated().map { index, line in
      (index == 0 ? label : "").padded(to: indent) + line
    }
  }

  // MARK: - Topics

  /// Every word that has help.
  var topics: [String] {
    let parameters = declared.flatMap { [$0.parameter.name] + $0.parameter.kind.words }
    var words = Set(commands.names + definitions.keys + parameters + Functions.names)
    words.formUnion(StatementWord.allCases.map(\.rawValue))
    words.formUnion(commands.specs.flatMap { $0.variants.map(\.word) })
    words.formUnion(commands.fields.map(\.name))
    words.formUnion(HelpTexts.codes.map(\.code))
    words.formUnion(LessonWord.allCases.map(\.rawValue))
    words.formUnion(["language", "errors", "programs"])
    return words.sorted()
  }

  /// Everything there is to say on a word, or nil.
  func text(on word: String) -> String? {
    let name = word.lowercased()
    if name == "language" { return HelpTexts.language }
    if name == "errors" { return HelpTexts.errors }
    if name == "programs" { return page(of: [HelpTexts.programs]) }
    var sections: [String] = []
    if let spec = commands[word] ?? commands[name] {
      sections.append(text(on: spec))
    } else if let definition = definitions[word] {
      sections.append(text(on: definition))
    } else if let statement = StatementWord(rawValue: name) {
      sections.append(
        "\(statement.synopsis)\n  \(statement.summary)"
          + (statement == .environment ? "\n\n\(HelpTexts.environment)" : ""))
    }
    // 'log' is a command and a function.
    if definitions[word] == nil, let function = HelpTexts.functions[name] {
      sections.append(function)
    }
    if let word = LessonWord(rawValue: name) {
      sections.append("\(name), in a lesson\n  \(word.summary)")
    }
    sections += variants(named: name) + options(named: name) + choices(named: name)
    if let field = FieldText.text(on: name, in: commands.fields) {
      sections.append("\(name), a result\n  \(field)")
    }
    if let error = HelpTexts.codes.first(where: { $0.code == name }) {
      sections.append("\(name), an error's code\n  \(error.meaning)")
    }
    return page(of: sections)
  }

  /// What a command says on one of its parameters, or nil.
  func text(on parameter: String, of command: String) -> String? {
    let sections = options(named: parameter.lowercased())
    return page(of: sections.filter { $0.hasPrefix("\(command) ") })
  }

  private func page(of sections: [String]) -> String? {
    guard !sections.isEmpty else { return nil }
    return sections.joined(separator: "\n\n").split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .flatMap(folded).joined(separator: "\n")
  }

  /// A line cut at blanks to the width; what follows stands below the explanation of a label, which two
  /// blanks part from it.
  private func folded(_ line: Substring) -> [String] {
    guard line.count > width else { return [String(line)] }
    let text = line.drop { $0 == " " }
    var indent = line.count - text.count
    if let gap = text.firstRange(of: "  ") {
      let explanation = text[gap.lowerBound...].drop { $0 == " " }
      let column = line.count - explanation.count
      if column < width * 2 / 3 { indent = column }
    }
    var lines = [String(line.prefix(indent))]
    for word in line.dropFirst(indent).split(separator: " ") {
      let isFresh = lines[lines.count - 1].count == indent
      if !isFresh, lines[lines.count - 1].count + 1 + word.count > width {
        lines.append(String(repeating: " ", count: indent) + word)
      } else {
        lines[lines.count - 1] += isFresh ? String(word) : " \(word)"
      }
    }
    return lines
  }

  private func variants(named name: String) -> [String] {
    commands.specs.flatMap { spec in
      spec.variants.filter { $0.word.lowercased() == name }.map { text(on: $0, of: spec) }
    }
  }

  private func options(named name: String) -> [String] {
    declared.filter { $0.parameter.name.lowercased() == name }.map { place in
      let label = place.isOption ? "\(place.parameter.name)=" : place.parameter.name.uppercased()
      let lines = lines(on: place.parameter, indent: "  ")
      return (["\(place.owner) \(label)"] + lines).joined(separator: "\n")
    }
  }

  private func choices(named name: String) -> [String] {
    declared.compactMap { place in
      place.parameter.kind.choice(named: name).map { choice in
        let option = place.isOption ? "\(place.parameter.name)=" : ""
        return "\(place.owner) \(option)\(choice.word)\n  \(choice.help)"
      }
    }
  }

  /// A parameter with the command, or the command and its variant, that takes it.
  private struct Declared {
    var owner: String
    var parameter: Parameter
    var isOption: Bool
  }

  private var declared: [Declared] {
    commands.specs.flatMap { spec in
      // The words of a first positional that chooses a variant have their own help.
      declared(spec.variants.isEmpty ? spec.positionals : [], spec.options, by: spec.name)
        + spec.variants.flatMap { variant in
          declared(variant.positionals, variant.options, by: "\(spec.name) \(variant.word)")
        }
    }
  }

  private func declared(
    _ positionals: [Parameter], _ options: [Parameter], by owner: String
  ) -> [Declared] {
    positionals.map { Declared(owner: owner, parameter: $0, isOption: false) }
      + options.map { Declared(owner: owner, parameter: $0, isOption: true) }
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
