import GFNParameters

/// What the core refuses, with the data a message needs. The wording of all cases stands here.
package enum CoreError: Error, Sendable, Equatable {
  /// An option's value is impossible: `side` must be …
  case option(name: String, reason: String)
  /// A file is not what it should be; `line` from 1.
  case file(path: String, line: Int?, reason: String)
  /// A file to be read as text is not UTF-8.
  case notText(path: String, remedy: String)
  case state(text: String, reason: String)
  /// One of a batch of trajectories is not possible, at this state.
  case trajectory(number: Int, state: String, reason: String)
  /// Something cannot be enumerated: what, how many states or bytes, and what to do instead.
  case tooLarge(what: String, size: String, remedy: String)
  /// Two parts of a configuration do not go together.
  case conflict(reason: String, remedy: String)
  /// A number became infinite or undefined: at a step of training, or (nil) in looking.
  case nonFinite(step: Int?, quantity: String, value: Double)
  /// A tensor does not fit the configured network.
  case shape(tensor: String, expected: [Int], found: [Int])
  /// A file's training state belongs to another environment, configuration or seed.
  case mismatch(path: String, differences: [SettingDifference], statements: String)
  /// What a person declared is no environment: what is wrong where, and what to do.
  case declaration(name: String, reason: String, remedy: String)
  /// A program of the user's gives no scores.
  case program(reason: String, remedy: String)
  /// This processor computes matrix products wrongly.
  case machine(fault: String)
}

extension CoreError: CustomStringConvertible {
  /// A stable word for scripts, as `expect error WORD` takes it.
  package var code: String {
    switch self {
    case .option: "option"
    case .file, .notText: "file"
    case .state: "state"
    case .trajectory: "trajectory"
    case .tooLarge: "too-large"
    case .conflict: "conflict"
    case .nonFinite: "non-finite"
    case .shape: "shape"
    case .mismatch: "mismatch"
    case .machine: "machine"
    case .program: "program"
    case .declaration: "declaration"
    }
  }

  package var description: String {
    switch self {
    case .option(let name, let reason): "\(name): \(reason)"
    case .file(let path, let line, let reason):
      line.map { "\(path):\($0): \(reason)" } ?? "\(path): \(reason)"
    case .notText(let path, let remedy): "'\(path)' is not UTF-8 text; \(remedy)"
    case .state(let text, let reason): "'\(text)' is not a state here: \(reason)"
    case .trajectory(let number, let state, let reason):
      "trajectory \(number) at '\(state)': \(reason)"
    case .tooLarge(let what, let size, let remedy): "\(what) would take \(size); \(remedy)"
    case .conflict(let reason, let remedy): "\(reason); \(remedy)"
    case .nonFinite(nil, let quantity, let value):
      "\(quantity) is \(formatted(value)): these weights give no policy; go back with 'undo', or load others"
    case .nonFinite(let step?, let quantity, let value):
      "step \(step): \(quantity) is \(formatted(value)); the weights of step \(step - 1) are kept; "
        + (quantity == Self.behaviour
          ? "choose a milder temperature or exit_bias (explore)"
          : "lower the learning rate or set a clip (optimizer lr= clip=)")
    case .shape(let tensor, let expected, let found):
      "'\(tensor)' has the shape \(found), the configured network needs \(expected)"
    case .mismatch(let path, let differences, let statements):
      "'\(path)' does not continue this session: "
        + differences.prefix(Self.mostDifferences).map(\.text).joined(separator: ", ")
        + (differences.count > Self.mostDifferences
          ? ", and \(differences.count - Self.mostDifferences) more" : "")
        + "; set them alike (the file's are: \(statements)), name another file, or start anew with "
        + "'load \"\(path)\" resume=true' alone, which sets up all that the file needs"
    case .declaration(let name, let reason, let remedy): "'\(name)': \(reason); \(remedy)"
    case .program(let reason, let remedy): "\(reason); \(remedy)"
    case .machine(let fault):
      "matrix products are wrong on this processor: \(fault); try again with the environment variable "
        + "ONEDNN_MAX_CPU_ISA=AVX2, which keeps oneDNN from its newest kernels"
    }
  }

  /// So many differences are named.
  private static let mostDifferences = 5

  /// What is not finite where 'explore' asks for too much.
  static let behaviour = "a probability under 'explore'"
}
