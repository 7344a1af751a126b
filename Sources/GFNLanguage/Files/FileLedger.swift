import Synchronization

/// What a session remembers of files.
final class FileLedger: Sendable {
  private struct State {
    var inputs: [FileIdentity.Number: FileUse] = [:]
    var written: [FileIdentity.Number: FileIdentity] = [:]
    var tidied: Set<String> = []
  }

  private let state = Mutex(State())

  func note(input: FileIdentity, as use: FileUse) {
    state.withLock { $0.inputs[input.number] = use }
  }

  func note(written file: FileIdentity) {
    state.withLock { $0.written[file.number] = file }
  }

  /// What a file is used for that must not be written to.
  func use(of file: FileIdentity) -> FileUse? { state.withLock { $0.inputs[file.number] } }

  /// The session wrote it, and it is as it was then.
  func hasWritten(_ file: FileIdentity) -> Bool {
    state.withLock { $0.written[file.number] } == file
  }

  /// Whether this is the first time that the session writes into a folder.
  func isFirstWriting(into folder: String) -> Bool {
    state.withLock { $0.tidied.insert(folder).inserted }
  }
}

/// What a file serves as long as the session lasts.
package enum FileUse: String, Sendable {
  case script = "a script of this session"
  case data = "data of this session's environment"
}
