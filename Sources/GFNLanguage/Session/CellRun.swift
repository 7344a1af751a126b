import GFNParameters

/// Runs the statements of a cell one by one, and keeps what `undo` and `record` need.
struct CellRun {
  let session: Session

  func run(_ cell: Cell) -> Outcome {
    let checked = session.parseAndCheck(cell)
    session.hasStarted = true
    guard checked.errors.isEmpty else {
      for error in checked.errors { session.emit(.failure(Diagnostic(error, phase: .check))) }
      return .failed
    }
    session.satisfiedExpectations = checked.satisfied
    session.setByDefinitions.formUnion(checked.setByDefinitions)
    session.hoist(checked.block)
    let outer = session.interpreter
    let interpreter = Interpreter(session)
    session.interpreter = interpreter
    let outerSource = session.typedSource
    session.typedSource = cell.isTyped ? checked.source : nil
    defer {
      session.interpreter = outer
      session.typedSource = outerSource
      session.syncRecord()
    }
    return run(checked.block, with: interpreter)
  }

  private func run(_ block: Block, with interpreter: Interpreter) -> Outcome {
    var outcome = Outcome.done
    for statement in block.statements {
      switch run(statement, with: interpreter) {
      case .done: continue
      case .failed:
        outcome = .failed
        guard session.options.keepGoing else { return outcome }
      case .exit(let status): return .exit(status)
      case .interrupted:
        if !session.interruption.isAbort, !interpreter.hasNoted {
          session.emit(.notice(Notice(.note, "interrupted")))
        }
        session.interruption.reset()
        return .interrupted
      }
    }
    return outcome
  }

  private func run(_ statement: Statement, with interpreter: Interpreter) -> Outcome {
    let start = session.bench
    let outer = session.variables.startStatement()
    defer { session.variables.endStatement(resuming: outer) }
    session.undoneStates = 0
    session.replacedBench = false
    interpreter.prepareForStatement()
    session.statementCount += 1
    session.emit(
      .statement(
        statement.span.text, line: statement.span.line, isRecorded: isRecorded(statement)))
    let (outcome, isUndone) = outcome(of: statement, with: interpreter)
    if outcome == .interrupted, session.interruption.isAbort {
      abort(statement, to: start)
      return outcome
    }
    if outcome == .failed { session.unsetNames.formUnion(session.namesSet(by: statement)) }
    note(statement, isUndone ? .failed : outcome, since: start, interpreter)
    return outcome
  }

  /// - Returns: beside the outcome, whether the statement's last command did nothing that it says.
  private func outcome(
    of statement: Statement, with interpreter: Interpreter
  ) -> (Outcome, isUndone: Bool) {
    do {
      let flow = try interpreter.run(statement)
      if case .exit(let status) = flow { return (.exit(status), false) }
      return (session.interruption.isRequested ? .interrupted : .done, false)
    } catch let request as ExitRequest {
      return (.exit(request.status), false)
    } catch {
      // What a command throws on its way out of an abort is no failure.
      if error is Interpreter.Interrupted || session.interruption.isAbort {
        return (.interrupted, false)
      }
      interpreter.prepareForFailure()
      let known = error as? CommandError ?? CommandError("failed", "\(error)", at: statement.span)
      // Nor is a measurement that Ctrl-C left without a result.
      if session.interruption.isRequested, known.code == CommandError.interruptedCode {
        interpreter.hasNoted = true
        let place = session.options.isInteractive ? nil : known.span?.line
        session.emit(.notice(Notice(.note, known.message, line: place)))
        return (.interrupted, true)
      }
      if case .unsetVariable = known.kind, session.options.keepGoing {
        // One mistake is one error, however much hangs on it.
        let line = known.span?.line
        session.emit(.notice(Notice(.note, "skipped: \(known.message)", line: line)))
      } else {
        session.emit(.failure(Diagnostic(known, phase: .run)))
      }
      return (.failed, true)
    }
  }

  private func abort(_ statement: Statement, to start: any Bench) {
    session.bench = start
    session.variables.restore()
    session.emit(
      .notice(
        Notice(
          .warning, "aborted; everything is as before '\(statement.firstLine)'",
          line: statement.span.line)))
  }

  private func isRecorded(_ statement: Statement) -> Bool {
    guard case .command(let call) = statement.kind else { return true }
    return session.commands[call.name.text]?.recording != .nothing
  }

  /// Keeps the earlier state for `undo`, and the statement for `record`.
  private func note(
    _ statement: Statement, _ outcome: Outcome, since start: any Bench, _ interpreter: Interpreter
  ) {
    if case .exit = outcome, statement.isExit { return }
    if !statement.isCompound, session.undoneStates > 0 {
      for _ in 0..<session.undoneStates {
        session.journal.undoLast(by: session.statementCount)
      }
      session.extendRecord()
      return
    }
    let changed =
      session.bench.revision != start.revision || session.replacedBench
    if changed { session.pushUndo(start) }
    guard isRecorded(statement) else { return }
    let effective = interpreter.effectiveCommands
    let isPlain = !statement.isCompound
    // A plain command that stopped early, as at a condition on time, is kept as what it did.
    let isWhole =
      outcome == .done && !(isPlain && interpreter.hasNoted)
      || (outcome == .interrupted && effective.isEmpty && isPlain)
    if isWhole {
      session.journal.append(
        .init(
          text: session.recorded(statement), changedState: changed,
          setsNames: statement.setsNames || !session.variables.earlier.isEmpty,
          number: session.statementCount))
    } else {
      noteParts(of: statement, changed, effective)
    }
    session.extendRecord()
  }

  /// The commands and the values of an unfinished statement. They make one entry, as one `undo`
  /// takes them back.
  private func noteParts(of statement: Statement, _ changed: Bool, _ effective: [String]) {
    var lines = effective
    var setsNames = false
    var known: Set<String> = []
    // `let t = train 1000` becomes `let t = train 437`.
    if case .setting(let name, _, .command) = statement.kind, let command = effective.first,
      effective.count == 1
    {
      lines = ["let \(name.text) = \(command)"]
      known.insert(name.text)
      setsNames = true
    }
    // No command can repeat it, but `undo` counts it.
    if changed, lines.isEmpty { lines.append("# failed: \(statement.firstLine)") }
    for (name, earlier) in session.variables.earlier.sorted(by: { $0.key < $1.key })
    where !known.contains(name) {
      guard let value = session.variables[name] else { continue }
      if let earlier, Arithmetic.equal(earlier, value) { continue }
      guard let literal = value.expressionLiteral else { continue }
      lines.append("let \(name) = \(literal)")
      setsNames = true
    }
    // One statement, as one `undo` takes it back.
    if lines.count > 1 { lines = ["if true {"] + lines.map { "  \($0)" } + ["}"] }
    guard !lines.isEmpty else { return }
    session.journal.append(
      .init(
        text: lines.joined(separator: "\n"), changedState: changed, setsNames: setsNames,
        number: session.statementCount))
  }
}

extension Statement {
  var firstLine: Substring { span.text.prefix { !$0.isNewline } }

  var isExit: Bool {
    if case .exiting = kind { true } else { false }
  }

  /// Holds other statements or sets something, so that its parts differ from it.
  var isCompound: Bool {
    if case .command = kind { false } else { true }
  }

  /// Sets a variable or defines a command.
  var setsNames: Bool {
    switch kind {
    case .setting, .definition, .environment, .forLoop, .inclusion: true
    case .conditional(let branches, let otherwise):
      branches.contains { $0.body.setsNames } || otherwise?.setsNames ?? false
    case .whileLoop(_, let body), .repetition(_, let body), .expectation(_, let body),
      .timed(let body), .quiet(let body):
      body.setsNames
    default: false
    }
  }
}

extension Block {
  var setsNames: Bool { statements.contains(where: \.setsNames) }
}

extension Session {
  /// The variables that a statement sets, wherever it does.
  func namesSet(by statement: Statement) -> Set<String> {
    func names(_ blocks: Block?...) -> Set<String> {
      blocks.compactMap(\.self).flatMap(\.statements).reduce(into: []) {
        $0.formUnion(namesSet(by: $1))
      }
    }
    switch statement.kind {
    case .setting(let name, _, _): return [name.text]
    case .invalid(_, let name): return name.map { [$0] } ?? []
    case .command(let call):
      return commands[call.name.text]?.variableSet(by: call).map { [$0] } ?? []
    case .conditional(let branches, let otherwise):
      return branches.reduce(names(otherwise)) { $0.union(names($1.body)) }
    case .forLoop(let name, _, let body): return names(body).union([name.text])
    case .whileLoop(_, let body), .repetition(_, let body), .expectation(_, let body),
      .timed(let body), .quiet(let body):
      return names(body)
    case .definition, .environment, .returning, .breaking, .continuing, .exiting, .assertion,
      .printing,
      .inclusion:
      return []
    }
  }
}
