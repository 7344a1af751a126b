import GFNCore
import GFNLanguage

/// The file of `train … checkpoint=FILE`, which no other process trains into meanwhile.
struct TrainingCheckpoint {
  private let session: Session
  private let arguments: Arguments
  private let path: String
  /// The file as it is, locked; empty where it has not been written yet.
  private var file: Descriptor
  /// The file was there.
  let isContinued: Bool

  /// - Returns: nil where the option is not given.
  /// - Throws: `CommandError` where the file may not be written.
  init?(_ session: Session, _ arguments: Arguments) throws {
    guard let path = arguments.path("checkpoint") else { return nil }
    let span = arguments.span(of: "checkpoint")
    // What is there shows, when it is read, whether it is a checkpoint.
    try session.files.checkWritable(path, overwriting: true, at: span)
    file = try session.files.keep(path, at: span)
    isContinued = !file.isEmpty
    self.session = session
    self.arguments = arguments
    self.path = path
  }

  /// The state that the file keeps; nil where there is no file yet.
  /// - Throws: `CommandError` `mismatch`, which names what differs from the session.
  func state(for present: TrainingState) throws -> TrainingState? {
    guard isContinued else { return nil }
    let bytes = try session.files.read(path, at: arguments.span(of: "checkpoint"))
    let state = try session.resumed(
      path, bytes, arguments, at: "checkpoint", seed: session.workbench.seed)
    if state.step != present.step { session.note("goes on from '\(path)' at step \(state.step)") }
    return state
  }

  mutating func write(_ state: TrainingState) throws {
    guard let environment = session.workbench.environment else { return }
    let bytes = try state.checkpoint(
      environment: environment, configuration: session.workbench.compactScript
    ).encoded()
    file = try session.files.replace(
      path, bytes, overwriting: isContinued, holding: file, at: arguments.span(of: "checkpoint"))
  }

  /// Removes a file that was made to be locked and never written.
  func discardIfEmpty() {
    session.files.discardEmpty(path, file)
  }

  /// Says that nothing is left to do.
  func noteDone(at step: Int) {
    session.note("already done: '\(path)' is at step \(step)")
  }
}
