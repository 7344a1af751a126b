package import GFNParameters

extension Session {
  /// Puts another state in place of the present one, as `restore` does.
  package func replaceBench(_ other: any Bench) {
    bench = other
    replacedBench = true
  }

  /// Puts the present state under a name.
  /// - Returns: its bytes.
  /// - Throws: `CommandError` where the snapshots would take too much of the memory.
  func keepSnapshot(_ name: String, at span: Span) throws -> Int {
    let others = snapshots.reduce(0) { $1.key == name ? $0 : $0 + $1.value.byteCount }
    let own = bench.byteCount
    let most = Memory.snapshotShare * Double(options.memory)
    guard Double(others) + Double(own) <= most else {
      throw CommandError(
        "too-large",
        "a snapshot of \(Memory.text(own)) beside the others of \(Memory.text(others)) would take more than "
          + "the \(Memory.text(most)) of the memory that are for snapshots",
        fix: "use a name again, or keep the state in a file: save FILE", at: span)
    }
    snapshots[name] = bench
    return own
  }

  /// The snapshots with their bytes, by name.
  package var snapshotSizes: [(name: String, bytes: Int)] {
    snapshots.map { ($0.key, $0.value.byteCount) }.sorted { $0.name < $1.name }
  }

  func pushUndo(_ state: any Bench) {
    undoStack.append(state)
    if undoStack.count > Self.undoLimit { undoStack.removeFirst() }
    // The last one is what the running command has changed: it is there in any case.
    let most = Int(Memory.undoShare * Double(options.memory))
    var bytes = undoStack.dropLast().reduce(0) { $0 + $1.byteCount }
    while bytes > most, undoStack.count > 1 { bytes -= undoStack.removeFirst().byteCount }
  }

  /// Brings back the state before the last `count` statements that changed it.
  func undo(_ count: Int, at span: Span) throws {
    guard count > 0, count <= undoStack.count else {
      throw CommandError(.nothingToUndo, at: span)
    }
    let index = undoStack.count - count
    var earlier = undoStack[index]
    earlier.keep(of: bench)
    replaceBench(earlier)
    // What was shown may rest on what is gone.
    lastShown = nil
    undoStack.removeLast(count)
    undoneStates += count
  }

  // MARK: - Definitions and files

  /// Makes the definitions of a script known before it runs.
  func hoist(_ block: Block) {
    for statement in block.statements {
      if case .definition(let definition) = statement.kind {
        definitions[definition.name.text] = definition
      }
    }
    for case .environment(let syntax) in block.statements.map(\.kind) {
      // What is wrong with one is told where it stands.
      try? declare(syntax)
    }
  }

  /// Makes 'env' know an environment.
  /// - Throws: `CommandError` that points at what is wrong.
  func declare(_ syntax: EnvironmentSyntax) throws {
    let declaration = try syntax.declaration(
      formulaFunctions, environments: givenCommands.environments,
      options: givenCommands.environmentOptions)
    if declarations[declaration.name] != declaration {
      declarations[declaration.name] = declaration
    }
  }

  /// The same for what was read from a file.
  package func declare(_ declaration: EnvironmentDeclaration) {
    if declarations[declaration.name] != declaration {
      declarations[declaration.name] = declaration
    }
  }

  /// The script that an `include` names, relative to the file that includes it.
  func includedFile(_ path: String, from span: Span) throws -> SourceFile {
    let folder = Files.parent(of: span.source.name)
    let place = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    let text = try files.readText(place, at: span)
    files.note(input: place, as: .script)
    return SourceFile(name: place, text: text)
  }

  // MARK: - The record

  /// What the session was started with, as statements.
  package var preamble: String {
    let given = prebound.sorted { $0.key < $1.key }.compactMap { name, value in
      value.expressionLiteral.map { "let \(name) = \($0)" }
    }
    return (options.opening + given).map { $0 + "\n" }.joined()
  }

  /// A statement as the record keeps it: a file that it includes is named wherever the record lies.
  func recorded(_ statement: Statement) -> String {
    if let answer = answer(of: statement) { return answer }
    guard case .inclusion(let path, let span) = statement.kind,
      let file = try? includedFile(path, from: span)
    else { return statement.span.text }
    return "include \(quoted(files.resolve(file.name)))"
  }

  /// `let x = ask …` with the answer that somebody gave in place of the question, which a script could
  /// not put to them again.
  private func answer(of statement: Statement) -> String? {
    guard asker != nil, case .setting(let name, _, .command(let call)) = statement.kind,
      commands[call.name.text]?.recording == .answer,
      let value = variables[name.text]?.expressionLiteral
    else { return nil }
    let question = call.span.text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "let \(name.text) = \(value)  # \(question)"
  }

  /// Starts to keep the journal in a file.
  func startRecord(_ path: String, overwriting: Bool, at span: Span) throws {
    if let recordFile, recordFile.isWritten(at: path) { return try recordFile.update(journal) }
    recordFile = try RecordFile(
      path, journal, preamble: preamble, files: files, overwriting: overwriting, at: span)
  }

  /// Brings the record up to the journal.
  func extendRecord() {
    do {
      try Interruption.$current.withValue(nil) { try recordFile?.update(journal) }
    } catch {
      recordFile = nil
      let reason = (error as? CommandError)?.message ?? "\(error)"
      lose("recording stopped: \(reason)")
    }
  }

  /// Says that something is not kept which was to be: a script then fails at its end.
  package func lose(_ what: String) {
    hasLost = true
    emit(.notice(Notice(.warning, what)))
  }

  /// Syncs the record at the end of a cell.
  func syncRecord() { recordFile?.sync() }

  // MARK: - Unknown names

  func unknownCommand(_ name: Name, inValue: Bool) -> CommandError {
    if Functions.names.contains(name.text) {
      return CommandError(.functionWithoutParentheses(name.text), at: name.span)
    }
    if let word = LessonWord(rawValue: name.text) { return word.misplaced(at: name.span) }
    let known = commands.names + definitions.keys + StatementWord.allCases.map(\.rawValue)
    let suggestion = Suggestion.nearest(
      to: name.text, in: Suggestion.candidates(among: known))
    return CommandError(
      .unknownCommand(name.text, suggestion: suggestion, inValue: inValue), at: name.span)
  }

  func unknownFunction<Names: Collection<String>>(
    _ call: FunctionCall, known: Names
  ) -> CommandError {
    if commands[call.name.text] != nil {
      return .argumentsInParentheses(call.name, call.arguments)
    }
    let suggestion = Suggestion.nearest(
      to: call.name.text, in: Functions.names + Suggestion.candidates(among: known))
    return CommandError(
      .unknownFunction(call.name.text, suggestion: suggestion), at: call.name.span)
  }
}
