import GFNParameters

extension Session {
  /// What may stand at a place of an unfinished text.
  /// - Parameter offset: of the cursor, in UTF-8 units; clamped to the text.
  package func completions(for text: String, at offset: Int) -> CompletionList {
    let bytes = Array(text.utf8)
    let place = CompletionPlace(bytes[..<min(max(0, offset), bytes.count)])
    switch place.kind {
    case .nothing: return CompletionList(replaceFrom: place.start)
    case .variable:
      let candidates = (variables.values.keys.sorted() + (lastShown == nil ? [] : ["it"]))
        .map { Candidate("$\($0)", describe(variables[$0] ?? lastShown)) }
      return list(candidates, at: place)
    case .statement:
      return list(commandCandidates + definitionCandidates + statementCandidates, at: place)
    case .valueOrCommand:
      return list(commandCandidates + definitionCandidates + functionCandidates, at: place)
    case .argument: return argumentCompletions(place)
    case .quoted(let option):
      return CompletionList(replaceFrom: place.start, paths: quotedPath(option, place))
    }
  }

  private func list(_ candidates: [Candidate], at place: CompletionPlace) -> CompletionList {
    let prefix = place.prefix.lowercased()
    return CompletionList(
      replaceFrom: place.start,
      candidates: candidates.filter { $0.text.lowercased().hasPrefix(prefix) })
  }

  // MARK: - Names

  private var commandCandidates: [Candidate] {
    CommandGroup.allCases.flatMap(commands.specs(in:)).map { Candidate($0.name, $0.summary) }
  }

  private var definitionCandidates: [Candidate] {
    definitions.sorted { $0.key < $1.key }.map { name, definition in
      Candidate(name, definition.summary.nonEmpty ?? "your command")
    }
  }

  private var statementCandidates: [Candidate] {
    StatementWord.allCases.filter { $0 != .else }.map { Candidate($0.rawValue, $0.summary) }
  }

  private var functionCandidates: [Candidate] {
    Functions.names.map { name in
      let lines = HelpTexts.functions[name]?.split(separator: "\n") ?? []
      return Candidate("\(name)(", lines.last.map { $0.trimmingBlanks } ?? "", isFinal: false)
    }
  }

  private func describe(_ value: Value?) -> String {
    guard let value else { return "" }
    let text = value.displayText
    return text.count <= 40 && value.literal != nil ? text : value.kindDescription
  }

  // MARK: - Arguments

  private func argumentCompletions(_ place: CompletionPlace) -> CompletionList {
    guard let name = place.words.first, let signature = signature(name, place.words) else {
      return CompletionList(replaceFrom: place.start)
    }
    if let option = place.listOption {
      let parameter =
        option.isEmpty
        ? signature.positional(after: place.wordsBeforeList.dropFirst())
        : signature.parameter(named: option)
      var list = values(of: parameter, signature.command, place)
      // A comma or the bracket follows, no blank.
      for index in list.candidates.indices { list.candidates[index].isFinal = false }
      return list
    }
    if let sign = place.prefix.firstIndex(of: "=") {
      var value = place
      value.start += place.prefix[...sign].utf8.count
      value.prefix = String(place.prefix[place.prefix.index(after: sign)...])
      let parameter = signature.parameter(named: String(place.prefix[..<sign]))
      return values(of: parameter, signature.command, value)
    }
    let given = place.words.dropFirst()
    let named = Set(
      given.compactMap { word in
        word.firstIndex(of: "=").map { String(word[..<$0]) }
      })
    let positional = signature.positional(after: given)
    var result = values(of: positional, signature.command, place)
    // What must be given comes before options, unless they are asked for.
    if positional?.isRequired == true, place.prefix.isEmpty, commands[name] != nil {
      return result
    }
    let options = signature.options.filter { !named.contains($0.name) }
      .map { Candidate("\($0.name)=", $0.help, isFinal: false) }
    result.candidates += list(options, at: place).candidates
    return result
  }

  /// Whether a file is meant by a string that is being typed.
  private func quotedPath(_ option: String?, _ place: CompletionPlace) -> PathUse? {
    guard let name = place.words.first else { return nil }
    if name == StatementWord.include.rawValue { return .read }
    guard let signature = signature(name, place.words) else { return nil }
    let parameter =
      option.map(signature.parameter(named:))
      ?? signature.positional(after: place.words.dropFirst())
    return parameter?.kind.pathUse
  }

  private func signature(_ name: String, _ words: [String]) -> Signature? {
    if let definition = definitions[name] {
      var signature = definition.signature
      signature.options = signature.positionals
      return signature
    }
    guard let spec = commands[name] else { return nil }
    return Signature(spec, variant: words.dropFirst().first.flatMap(spec.variant(named:)))
  }

  private func values(
    of parameter: Parameter?, _ command: String, _ place: CompletionPlace
  ) -> CompletionList {
    guard let parameter else { return CompletionList(replaceFrom: place.start) }
    var candidates = parameter.kind.choices.map { Candidate($0.word, $0.help) }
    if parameter.kind.takesBoolean {
      candidates += [Candidate("true", ""), Candidate("false", "")]
    }
    if parameter.kind.takesSnapshot {
      candidates += snapshotNames.map { Candidate($0, "a snapshot") }
    }
    if command == HelpCommand.help.name {
      let help = Help(commands: commands, definitions: definitions)
      candidates = help.topics.map { Candidate($0, commands[$0]?.summary ?? "") }
    }
    var result = list(candidates, at: place)
    result.paths = parameter.kind.pathUse
    return result
  }
}

extension Signature {
  /// The positional that follows these arguments.
  fileprivate func positional(after given: ArraySlice<String>) -> Parameter? {
    let position = given.count { !$0.contains("=") }
    return position < positionals.count
      ? positionals[position] : positionals.last { $0.isVariadic }
  }
}

extension ParameterKind {
  fileprivate var takesBoolean: Bool {
    switch self {
    case .boolean: true
    case .either(let kinds): kinds.contains(where: \.takesBoolean)
    default: false
    }
  }

  fileprivate var takesSnapshot: Bool {
    switch self {
    case .snapshot: true
    case .either(let kinds): kinds.contains(where: \.takesSnapshot)
    default: false
    }
  }

  fileprivate var pathUse: PathUse? {
    switch self {
    case .path(let use): use
    case .either(let kinds): kinds.lazy.compactMap(\.pathUse).first
    case .list(let element): element.pathUse
    default: nil
    }
  }
}
