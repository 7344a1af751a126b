import GFNParameters
import OrderedCollections

extension Interpreter {
  func run(_ block: Block) throws -> Flow {
    for statement in block.statements {
      let flow = try run(statement)
      guard case .next = flow else { return flow }
      try checkInterruption()
    }
    return .next
  }

  /// Runs one statement. Each kind has its own method, which is not inlined: that keeps the stack
  /// frames of deep recursions small.
  func run(_ statement: Statement) throws -> Flow {
    switch statement.kind {
    case .setting(let name, let keepsGiven, let value): try set(name, keepsGiven, value)
    case .conditional(let branches, let otherwise): return try run(branches, otherwise)
    case .forLoop(let name, let sequence, let body): return try runFor(name, sequence, body)
    case .whileLoop(let condition, let body): return try runWhile(condition, body)
    case .repetition(let count, let body): return try runRepeat(count, body)
    case .definition(let definition): define(definition)
    case .environment(let syntax): try session.declare(syntax)
    case .returning(let value): return try leave(with: value)
    case .breaking: return .breakLoop
    case .continuing: return .continueLoop
    case .exiting(let status): return .exit(try exitStatus(status))
    case .assertion(let condition, let message): try assert(condition, message)
    case .printing(let expressions): try print(expressions, statement.span)
    case .inclusion(let path, let span): return try include(path, span)
    case .expectation(let code, let body): return try expect(code, body, statement.span)
    case .timed(let block): return try time(block, statement.span)
    case .quiet(let block): return try quietly(block)
    case .command(let call): try show(call)
    case .invalid(let error, _): throw error
    }
    return .next
  }

  @inline(never)
  private func leave(with value: RightHandSide?) throws -> Flow {
    .leave(try value.map(self.value(of:)) ?? .none)
  }

  @inline(never)
  private func quietly(_ block: Block) throws -> Flow {
    try silently(.quiet) { try run(block) }
  }

  @inline(never)
  private func define(_ definition: Definition) {
    session.definitions[definition.name.text] = definition
  }

  // MARK: - Values

  @inline(never)
  private func set(_ name: Name, _ keepsGiven: Bool, _ right: RightHandSide) throws {
    if keepsGiven {
      guard variable(name.text) == nil else { return }
      if let given = session.prebound[name.text] {
        set(name.text, to: given)
        return
      }
    }
    set(name.text, to: try value(of: right))
  }

  @inline(never)
  private func value(of right: RightHandSide) throws -> Value {
    switch right {
    case .expression(let expression): return try evaluator.evaluate(expression)
    case .command(let call): return try runForValue(call)
    case .timed(let call):
      let duration = try ContinuousClock().measure { _ = try silently(.value) { try run(call) } }
      return .number(duration.inSeconds)
    }
  }

  @inline(never)
  private func show(_ call: CommandCall) throws {
    let value = try run(call)
    if case .none = value { return }
    var showing = Showing.whole
    if case .table = value, loopDepth > 0 { showing = .compact }
    if session.commands[call.name.text]?.isProse == true { showing = .prose }
    session.emit(
      .value(value, command: call.name.text, line: call.span.line, showing: showing))
  }

  @inline(never)
  private func print(_ expressions: [Expression], _ span: Span) throws {
    let values = try expressions.map(evaluator.evaluate)
    if values.count == 1, case .table = values[0] {
      // As if a command had returned it, whatever is kept back.
      let saved = silence
      silence = .none
      defer { silence = saved }
      session.emit(.value(values[0], command: "print", line: span.line, showing: .printed))
    } else {
      let text = values.map(\.displayText).joined(separator: " ")
      session.emit(.printed(text, line: span.line))
    }
  }

  @inline(never)
  private func exitStatus(_ expression: Expression?) throws -> Int32 {
    guard let expression else { return 0 }
    let value = try evaluator.evaluate(expression)
    guard case .number(let number, _) = value, let status = UInt8(exactly: number) else {
      throw CommandError(
        .outOfRange(
          parameter: "exit status", value: value.displayText, range: "an integer from 0 to 255"),
        at: expression.span)
    }
    return Int32(status)
  }

  // MARK: - Branches and loops

  @inline(never)
  private func run(_ branches: [Branch], _ otherwise: Block?) throws -> Flow {
    for branch in branches where try evaluator.isTrue(branch.condition) {
      return try run(branch.body)
    }
    return try otherwise.map(run) ?? .next
  }

  /// One turn of a loop.
  /// - Returns: how the loop ends, or nil if it goes on.
  private func turn(_ body: Block) throws -> Flow? {
    try checkInterruption()
    loopDepth += 1
    defer { loopDepth -= 1 }
    switch try run(body) {
    case .next, .continueLoop: return nil
    case .breakLoop: return .next
    case .leave(let value): return .leave(value)
    case .exit(let status): return .exit(status)
    }
  }

  @inline(never)
  private func runFor(_ name: Name, _ sequence: Expression, _ body: Block) throws -> Flow {
    let value = try evaluator.evaluate(sequence)
    guard let count = value.elementCount else {
      throw CommandError(
        .typeMismatch("'for' needs a list, a range or a table, not \(value.shownInErrors)"),
        at: sequence.span)
    }
    var index = 0
    while index < count {
      set(name.text, to: value.element(index))
      if let end = try turn(body) { return end }
      index += 1
    }
    return .next
  }

  @inline(never)
  private func runWhile(_ condition: Expression, _ body: Block) throws -> Flow {
    while try evaluator.isTrue(condition) {
      if let end = try turn(body) { return end }
    }
    return .next
  }

  @inline(never)
  private func runRepeat(_ count: Expression, _ body: Block) throws -> Flow {
    let value = try evaluator.evaluate(count)
    guard case .number(let number, _) = value, number >= 0, let turns = Int(exactly: number) else {
      throw CommandError(
        .typeMismatch("'repeat' needs a whole number, not \(value.shownInErrors)"), at: count.span)
    }
    var done = 0
    while done < turns {
      if let end = try turn(body) { return end }
      done += 1
    }
    return .next
  }

  // MARK: - Other statements

  @inline(never)
  private func include(_ path: String, _ span: Span) throws -> Flow {
    let file = try session.includedFile(path, from: span)
    guard !includes.contains(file.name), includes.count < Parser.nestingLimit else {
      throw CommandError(.includeCycle(path), at: span)
    }
    includes.append(file.name)
    defer { includes.removeLast() }
    var parser = Parser(file)
    let block = parser.parseScript()
    try refuse(parser.errors, in: block)
    session.hoist(block)
    return try run(block)
  }

  /// Throws the first error of the parser that no `expect error` asks for.
  @inline(never)
  private func refuse(_ errors: [CommandError], in block: Block) throws {
    guard !errors.isEmpty else { return }
    var checker = Checker(session)
    checker.check(block)
    if let error = errors.first(where: { !checker.isExcused($0) }) { throw error }
  }

  /// A block that must fail with an error of this code.
  @inline(never)
  private func expect(_ code: String, _ body: Block, _ span: Span) throws -> Flow {
    guard !session.satisfiedExpectations.contains(span) else { return .next }
    let saved = (silence, loopDepth, frames.count)
    let flow: Flow
    do {
      flow = try run(body)
    } catch let error as CommandError {
      (silence, loopDepth) = (saved.0, saved.1)
      frames.removeLast(frames.count - saved.2)
      guard error.code == code else {
        // What went wrong is the error that was not expected, where it arose.
        throw CommandError(.errorExpected(code: code, found: error.code), at: error.span ?? span)
      }
      return .next
    }
    guard case .next = flow else { return flow }
    throw CommandError(.errorExpected(code: code, found: nil), at: span)
  }

  @inline(never)
  private func time(_ block: Block, _ span: Span) throws -> Flow {
    let clock = ContinuousClock()
    let start = clock.now
    let flow = try run(block)
    let seconds = start.duration(to: clock.now).inSeconds
    session.emit(
      .value(
        .record(Record(["seconds": .number(seconds)])), command: "time", line: span.line,
        showing: .whole))
    return flow
  }

  // MARK: - Assertions

  @inline(never)
  private func assert(_ condition: Expression, _ message: Expression?) throws {
    guard let failure = try failure(of: condition) else { return }
    let text = try message.map { try evaluator.evaluate($0).displayText }
    throw CommandError(.assertionFailed(failure, message: text), at: condition.span)
  }

  /// What does not hold, with the values of both sides; nil where the condition holds.
  private func failure(of condition: Expression) throws -> String? {
    switch condition.kind {
    case .binary(.and, let left, let right):
      return try failure(of: left) ?? failure(of: right)
    case .binary(let operation, let left, let right) where operation.isComparison:
      let (first, second) = (try evaluator.evaluate(left), try evaluator.evaluate(right))
      let result = try Arithmetic.apply(operation, first, second, at: condition.span)
      if try Arithmetic.truth(result, at: condition.span) { return nil }
      return "\(first.shownInAssertion) \(operation.rawValue) \(second.shownInAssertion)"
    case .call(let call) where call.name.text == "near":
      let values = try call.arguments.map { try evaluator.evaluate($0.value) }
      let result = try Functions.apply(call.name.text, values, at: condition.span)
      if try Arithmetic.truth(result, at: condition.span) { return nil }
      return "near(" + values.map(\.displayText).joined(separator: ", ") + ")"
    default:
      return try evaluator.isTrue(condition) ? nil : condition.span.text
    }
  }
}

extension Value {
  /// Texts in quotes, so that `""` can be seen.
  fileprivate var shownInAssertion: String {
    if case .text(let text) = self { "\"\(text)\"" } else { displayText }
  }
}

extension Duration {
  package var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
