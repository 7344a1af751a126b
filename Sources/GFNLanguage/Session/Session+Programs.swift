package import GFNParameters

extension Session {
  /// Starts a program that scores objects, where that is permitted: by the command line, or to a person who
  /// types the statement at the prompt.
  /// - Parameter span: where the program is named.
  /// - Throws: `CommandError` where it is not permitted; `ProgramFault` where there is none.
  package func startProgram(
    _ request: ScoringRequest, at span: Span
  ) throws -> any ObjectScorer {
    guard let starter = options.programs else {
      throw ProgramFault(
        reason: "no program can be started here", remedy: "use a table or a formula")
    }
    let program = try starter.program(of: request.command)
    guard options.permission.permits(program) || isTyped(span) else {
      throw CommandError(.runRefused(program), at: span)
    }
    var request = request
    if let cache = request.cache {
      request.cache = try files.placeToExtend(cache, at: span)
    }
    let sink = ProgramLines(self)
    return try starter.start(request, interruption: interruption) { line in
      sink.pass("\(program): \(line)")
    }
  }

  /// A person typed what stands here, and did not only name the file that it stands in.
  private func isTyped(_ span: Span) -> Bool { typedSource.map { $0 === span.source } ?? false }
}

/// Passes on what programs say on standard error. Unchecked because a scorer, which may be asked from any thread,
/// is asked by the statement that runs: training and looking ask beforehand, on the session's thread.
private final class ProgramLines: @unchecked Sendable {
  private weak var session: Session?

  init(_ session: Session) { self.session = session }

  func pass(_ line: String) {
    session?.emit(.notice(Notice(.note, line, line: nil)))
  }
}
