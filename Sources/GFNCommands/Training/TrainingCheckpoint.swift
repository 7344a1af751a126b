import GFNCore
import GFNLanguage

/// The file of `train … checkpoint=FILE`.
struct TrainingCheckpoint {
  private let session: Session
  private let arguments: Arguments
  private let path: String
  /// The file was there.
  let isContinued: Bool

  /// - Returns: nil where the option is not given.
  /// - Throws: `CommandError` where the file may not be written.
  init?(_ session: Session, _ arguments: Arguments) throws {
    guard let path = arguments.path("checkpoint") else { return nil }
    try session.files.checkWritable(path, at: arguments.span(of: "checkpoint"))
    self.session = session
    self.arguments = arguments
    self.path = path
    isContinued = session.files.exists(path)
  }

  /// The state that the file keeps; nil where there is no file yet.
  /// - Throws: `CommandError` `mismatch`, which names what differs from the session.
  func state(for present: TrainingState, in environment: any Environment) throws -> TrainingState? {
    guard isContinued else { return nil }
    let bytes = try session.files.read(path, at: arguments.span(of: "checkpoint"))
    let state: TrainingState
    do {
      state = try TrainingState(
        resuming: try SafeTensors(bytes, path: path), path: path, present.configuration,
        in: environment, seed: session.workbench.seed)
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description, at: "checkpoint")
    }
    if state.step != present.step { session.note("goes on from '\(path)' at step \(state.step)") }
    return state
  }

  func write(_ state: TrainingState) throws {
    guard let environment = session.workbench.environment else { return }
    let bytes = try state.checkpoint(
      environment: environment, configuration: session.workbench.script
    ).encoded()
    try session.files.write(path, bytes, at: arguments.span(of: "checkpoint"))
  }
}
