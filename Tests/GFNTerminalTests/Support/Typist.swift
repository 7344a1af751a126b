import Foundation
import GFNTestSupport

/// A person at a pseudo-terminal: types into the program and reads what appears.
final class Typist {
  /// Only a failure takes so long, also on a busy machine.
  private static let patience = Duration.seconds(60)

  let home: TemporaryFolder
  private let terminal: Int32
  private let process: pid_t
  private var hasEnded = false
  private var bytes: [UInt8] = []
  /// What has appeared, without colours and cursor movements.
  private(set) var text = ""
  /// Where the next expectation starts to look, in UTF-8 code units.
  private var position = 0

  /// What has appeared, with the terminal's control sequences.
  var raw: String { String(decoding: bytes, as: UTF8.self) }

  init(
    _ arguments: [String] = [], home: TemporaryFolder? = nil, environment: [String: String] = [:],
    columns: UInt16 = 80
  ) throws {
    let home = try home ?? TemporaryFolder()
    var window = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var (near, far): (Int32, Int32) = (-1, -1)
    var nameBuffer = [CChar](repeating: 0, count: 256)
    guard openpty(&near, &far, nil, nil, &window) == 0,
      ttyname_r(far, &nameBuffer, nameBuffer.count) == 0
    else { throw TestProblem("no pseudo-terminal: errno \(errno)") }
    let name = nameBuffer.withUnsafeBufferPointer {
      $0.baseAddress.map { String(cString: $0) } ?? ""
    }
    // Other programs that tests start must hold neither end.
    _ = fcntl(near, F_SETFD, FD_CLOEXEC)
    _ = fcntl(far, F_SETFD, FD_CLOEXEC)
    // Until the program has opened its side, someone must hold it: reading would say "ended".
    defer { close(far) }
    terminal = near
    let variables = home.environment.merging(["TERM": "xterm"]) { $1 }
      .merging(environment) { $1 }
    process = try spawn(
      [try ProgramUnderTest.path] + arguments, variables: variables, terminal: name,
      folder: home.url.path)
    self.home = home
  }

  deinit {
    if !hasEnded {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(terminal)
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      written += count
    }
  }

  /// Types a line and reads until `wanted` appears; the result is what came before it.
  @discardableResult
  func enter(_ line: String = "", expecting wanted: String) throws -> String {
    type(line + "\r")
    return try expect(wanted)
  }

  func send(_ signal: Int32) {
    kill(process, signal)
  }

  /// The terminal echoes keys and gathers them into lines, as a shell finds it.
  var isCooked: Bool {
    var settings = termios()
    let wanted = tcflag_t(ECHO | ICANON)
    return tcgetattr(terminal, &settings) == 0 && settings.c_lflag & wanted == wanted
  }

  func resize(columns: UInt16) {
    var window = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &window)
  }

  /// Reads until `wanted` appears after the last one expected; the result is what came before it.
  @discardableResult
  func expect(_ wanted: String) throws -> String {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let rest = text.utf8.dropFirst(position)
      if let found = rest.firstRange(of: wanted.utf8) {
        position = text.utf8.distance(from: text.startIndex, to: found.upperBound)
        return String(text[rest.startIndex..<found.lowerBound])
      }
      guard try readMore(until: deadline) else {
        throw TestProblem(
          "'\(wanted)' did not appear at the end of:\n"
            + String(Substring(rest)).suffix(2000).debugDescription)
      }
    }
  }

  /// Reads until the program ends; the result is its exit status, or 128 + the signal it died of.
  func end() throws -> Int32 {
    let deadline = ContinuousClock.now + Self.patience
    while try readMore(until: deadline) {}
    guard ContinuousClock.now < deadline else { throw TestProblem("the program does not end") }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    hasEnded = true
    let signal = status & 0x7f
    return signal == 0 ? status >> 8 & 0xff : 128 + signal
  }

  /// False at the end of what the program writes, or when the time is up.
  private func readMore(until deadline: ContinuousClock.Instant) throws -> Bool {
    var ready = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    let left = max(.zero, deadline - .now)
    guard poll(&ready, 1, Int32(left.components.seconds * 1000)) > 0 else { return false }
    var piece = [UInt8](repeating: 0, count: 4096)
    let count = read(terminal, &piece, piece.count)
    guard count > 0 else { return false }
    bytes += piece[..<count]
    text = raw.replacing(/\u{1B}\[\?2004l\r|\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
    return true
  }
}

/// POSIX_SPAWN_SETSID, which the system's headers hide from a plain import.
private let startsSession: Int16 = 0x80
/// POSIX_SPAWN_SETSIGMASK: the threads that run tests block signals, and children would inherit it.
private let setsSignalMask: Int16 = 0x08

/// Starts a program as the leader of a session of its own, whose terminal is the one named.
private func spawn(
  _ words: [String], variables: [String: String], terminal: String, folder: String
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
  posix_spawn_file_actions_adddup2(&actions, 0, 1)
  posix_spawn_file_actions_adddup2(&actions, 0, 2)
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  posix_spawnattr_setflags(&attributes, startsSession | setsSignalMask)
  var noSignals = sigset_t()
  sigemptyset(&noSignals)
  posix_spawnattr_setsigmask(&attributes, &noSignals)
  let words = ["/usr/bin/env", "-C", folder] + words
  let arguments = words.map { strdup($0) } + [nil]
  let environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for pointer in arguments + environment { free(pointer) } }
  var process: pid_t = 0
  let failure = posix_spawn(&process, words[0], &actions, &attributes, arguments, environment)
  guard failure == 0 else { throw TestProblem("cannot start \(words[0]): errno \(failure)") }
  return process
}
