/// What is asked of a program of the user's: how it is started, and what its answers are.
package struct ScoringRequest: Sendable, Equatable {
  /// As typed after `program=`: words, quotes respected, no shell.
  package var command: String
  /// Copies that are asked at the same time.
  package var workers: Int
  /// A file that keeps the answers from run to run.
  package var cache: String?
  /// Seconds of silence after which a worker counts as hanging.
  package var timeout: Double
  /// `reward`, `log_reward` or `score`.
  package var returns: String
  /// The specification of the environment, without its reward: objects mean something in it alone.
  package var environment: String

  package init(
    command: String, workers: Int = 1, cache: String? = nil, timeout: Double = 60,
    returns: String = "reward", environment: String
  ) {
    self.command = command
    self.workers = workers
    self.cache = cache
    self.timeout = timeout
    self.returns = returns
    self.environment = environment
  }
}

/// Who scores objects that are given as texts: a program of the user's, and what remembers its answers.
package protocol ObjectScorer: AnyObject, Sendable {
  /// The scores of distinct objects, in their order, as the program gave them; it waits for them. Which
  /// worker scored what makes no difference.
  /// - Throws: `ProgramFault`; `Interruption.GivenUp` once the wait is interrupted.
  func scores(of objects: [String]) throws -> [Double]
  /// Ends the program; it is started again when it is asked again.
  func close()
  /// Objects that the program itself has scored for this scorer, without those remembered.
  var evaluations: Int { get }
}

/// Why a program gives no scores.
package struct ProgramFault: Error, Sendable, Equatable, CustomStringConvertible {
  package var reason: String
  package var remedy: String

  package init(reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  package var description: String { "\(reason); \(remedy)" }
}
