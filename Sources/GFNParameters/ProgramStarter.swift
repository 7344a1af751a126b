/// Starts programs that score objects.
package protocol ProgramStarter: Sendable {
  /// The program that a command line names, by which it may be permitted.
  /// - Throws: `ProgramFault` where it names none.
  func program(of command: String) throws -> String
  /// - Parameters:
  ///   - interruption: ends a wait for the program.
  ///   - standardError: is told each line that the program writes there.
  /// - Throws: `ProgramFault` where there is no such program.
  func start(
    _ request: ScoringRequest, interruption: Interruption?,
    standardError: @escaping @Sendable (String) -> Void
  ) throws -> any ObjectScorer
}

/// Which programs may be started by what nobody types at the prompt.
package enum ProgramPermission: Sendable, Equatable {
  case named(Set<String>)
  case all

  package static let none = ProgramPermission.named([])

  package func permits(_ program: String) -> Bool {
    switch self {
    case .named(let names): names.contains(program)
    case .all: true
    }
  }
}
