import Foundation

/// A front end of `gfn session`: writes requests and reads events through pipes.
final class FrontEnd {
  /// Only a failure takes so long, also on a busy machine.
  private static let patience: Int32 = 60_000

  private let process: pid_t
  private var input: Int32
  private var output: Int32
  private var buffer: [UInt8] = []
  private var hasEnded = false

  init(_ arguments: [String] = []) throws {
    let (childInput, requests) = try channel()
    let (events, childOutput) = try channel()
    defer {
      close(childInput)
      close(childOutput)
    }
    (input, output) = (requests, events)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, childInput, 0)
    posix_spawn_file_actions_adddup2(&actions, childOutput, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that run tests block signals, and children would inherit it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    let words = [try ProgramUnderTest.path, "session", "--output", "json"] + arguments
    let texts = words.map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    var identifier: pid_t = 0
    let failure = posix_spawn(&identifier, words[0], &actions, &attributes, texts, environ)
    guard failure == 0 else { throw TestProblem("cannot start \(words[0]): errno \(failure)") }
    process = identifier
  }

  deinit {
    if !hasEnded {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    closeInput()
    closeOutput()
  }

  func send(_ fields: [String: Any]) throws {
    let bytes = Array(try JSONSerialization.data(withJSONObject: fields)) + [0x0A]
    let count = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw TestProblem("the request was not taken") }
  }

  /// The next event.
  func next() throws -> [String: Any] {
    while true {
      if let end = buffer.firstIndex(of: 0x0A) {
        let line = Data(buffer[..<end])
        buffer.removeSubrange(...end)
        guard let event = try JSONSerialization.jsonObject(with: line) as? [String: Any] else {
          throw TestProblem("no object: \(String(decoding: line, as: UTF8.self))")
        }
        return event
      }
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      var piece = [UInt8](repeating: 0, count: 4096)
      guard poll(&ready, 1, Self.patience) > 0, case let count = read(output, &piece, 4096),
        count > 0
      else { throw TestProblem("no further event") }
      buffer += piece[..<count]
    }
  }

  /// The events up to one of this kind.
  func events(to kind: String) throws -> [[String: Any]] {
    var events: [[String: Any]] = []
    repeat { events.append(try next()) } while events.last?["event"] as? String != kind
    return events
  }

  func interrupt() {
    kill(process, SIGINT)
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  func closeOutput() {
    if output >= 0 { close(output) }
    output = -1
  }

  /// Waits for the end of the program; the result is its exit status, or 128 + the signal it died of.
  func end() throws -> Int32 {
    let deadline = ContinuousClock.now + .milliseconds(Int(Self.patience))
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard ContinuousClock.now < deadline else { throw TestProblem("the program does not end") }
      usleep(2_000)
    }
    hasEnded = true
    let signal = status & 0x7f
    return signal == 0 ? status >> 8 & 0xff : 128 + signal
  }
}

/// A pipe whose ends other programs that tests start do not hold.
private func channel() throws -> (reading: Int32, writing: Int32) {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw TestProblem("no pipe: errno \(errno)") }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}
