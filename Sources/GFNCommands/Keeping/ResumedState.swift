import GFNCore
import GFNLanguage

extension Session {
  /// What a checkpoint may say of its own set-up.
  private static let settings: Set<String> = [
    "seed", "env", "policy", "critic", "method", "objective", "backward", "optimizer", "explore",
  ]

  /// The training state that a checkpoint keeps, in the session's environment and configuration; what
  /// of `optimizer` and `explore` is another here holds from here on, and is said.
  /// - Parameters:
  ///   - option: where the file is named, for errors.
  ///   - seed: has to be the checkpoint's, where it is given.
  /// - Throws: `CommandError`; `mismatch`, which names what differs.
  func resumed(
    _ path: String, _ bytes: [UInt8], _ arguments: Arguments, at option: String,
    seed: UInt64? = nil
  ) throws -> TrainingState {
    let (environment, state) = try experiment(arguments)
    do {
      return try TrainingState(
        resuming: try SafeTensors(bytes, path: path), path: path, state.configuration,
        in: environment, seed: seed
      ) { [self] changes in
        note(
          "goes on under other settings than '\(path)': "
            + changes.map(\.text).joined(separator: ", "))
      }
    } catch let error as CoreError {
      throw arguments.error(error.code, error.description, at: option)
    }
  }

  /// Sets everything up as a checkpoint says, in a session that has no environment yet, and takes its
  /// training state.
  /// - Throws: `CommandError`; the session is then as before.
  func setUp(
    from path: String, _ bytes: [UInt8], _ arguments: Arguments, at option: String
  ) throws -> TrainingState {
    let before = workbench
    do {
      let file = try core(arguments) { try SafeTensors(bytes, path: path) }
      guard let settings = file.metadata["configuration"] else {
        throw arguments.error(
          "file", "'\(path)' holds no training state", fix: "'load FILE' takes weights alone",
          at: option)
      }
      try perform(settings, of: Self.settings, from: path)
      return try resumed(path, bytes, arguments, at: option)
    } catch {
      workbench = before
      throw (error as? CommandError).map { CommandError($0.kind, at: arguments.span(of: option)) }
        ?? error
    }
  }
}
