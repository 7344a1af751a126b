package import GFNParameters

/// Starts the programs that `program=` names.
package struct ScoringPrograms: ProgramStarter {
  package init() {}

  package func program(of command: String) throws -> String { try CommandWords(command).program }

  package func start(
    _ request: ScoringRequest, interruption: Interruption?,
    standardError: @escaping @Sendable (String) -> Void
  ) throws -> any ObjectScorer {
    try ProgramScorer(request, interruption: interruption, standardError: standardError)
  }
}
