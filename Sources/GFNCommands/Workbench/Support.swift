import GFNCore
import GFNLanguage

extension Session {
  /// The environment and the training state, or an error that says how to get them.
  func experiment(_ arguments: Arguments) throws -> (any Environment, TrainingState) {
    guard let environment = workbench.environment, let training = workbench.training else {
      throw arguments.error(
        "no-environment", "there is no environment yet",
        fix: "make one first: env hypergrid dim=2 side=16")
    }
    return (environment, training)
  }

  /// Runs something of the core, whose errors become the command's: they point at the option that they
  /// name.
  func core<Result>(_ arguments: Arguments, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as CoreError {
      let span =
        switch error {
        case .option(let name, _): arguments.span(of: name)
        case .file(let path, _, _), .notText(let path, _), .mismatch(let path, _, _):
          arguments.span(ofFile: path)
        default: arguments.span
        }
      throw CommandError(error.code, error.description, at: span)
    }
  }

  /// Changes the configuration and says what had to be created anew.
  func configure(
    _ arguments: Arguments, _ change: (inout Configuration) -> Void
  ) throws {
    let loss = try core(arguments) {
      try workbench.configure(restartsLogZ: arguments.has("log_z"), change)
    }
    switch loss {
    case .nothing: break
    case .critics(let critics):
      let names = critics.map(\.rawValue).joined(separator: ", ")
      note(
        "\(names) \(critics.count == 1 ? "starts" : "start") anew with another shape, all else goes on; "
          + "'undo' brings the old back")
    case .everything:
      note(
        "the networks have another shape: training starts anew at step 0; 'undo' brings the old back"
      )
    }
  }

  func note(_ message: String) {
    emit(.notice(Notice(.note, message, line: nil)))
  }

  func warn(_ message: String, _ arguments: Arguments) {
    emit(.notice(Notice(.warning, message, line: arguments.span.line)))
  }

  /// The cells of a state argument.
  func cells(
    _ name: String, _ arguments: Arguments, in environment: any Environment
  ) throws -> [Int32]? {
    guard let state = arguments.state(name) else { return nil }
    do {
      switch state.form {
      case .word(let word): return try environment.state(from: .word(word))
      case .list:
        guard let integers = state.integers else {
          throw CoreError.state(text: state.source, reason: "its coordinates are integers")
        }
        return try environment.state(from: .numbers(integers))
      }
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description, at: name)
    }
  }
}

extension Environment {
  /// What people see of R(x): R itself, or log R where R is an exponential.
  var rewardColumn: Column { Column(rewardIsExponential ? "log_reward" : "reward") }

  func rewardValue(_ cells: [Int32]) -> Value {
    .number(rewardIsExponential ? logReward(cells) : reward(cells))
  }
}
