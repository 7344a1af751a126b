import CPrograms
import GFNParameters
import Glibc

/// One copy of the program: a process, the question that it works on, and what it said.
final class ProgramWorker {
  private var program = gfn_program()
  /// What it has not read yet of what is written to it.
  private var outgoing: [UInt8] = []
  private var written = 0
  private var incoming: [UInt8] = []
  /// Bytes of `incoming` that hold no end of a line.
  private var searched = 0
  private var complaint: [UInt8] = []
  /// The last lines of its standard error.
  private(set) var lastWords: [String] = []
  private let say: (String) -> Void
  private var hasEndedOutput = false
  /// Room for what is read at once.
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 1)

  private static let shownWords = 3
  private static let longestComplaint = 4096
  private static let chunk = 1 << 16

  /// - Throws: `ProgramFault` where it cannot be started.
  init(_ words: CommandWords, greeting: String, say: @escaping (String) -> Void) throws {
    self.say = say
    var arguments = words.words.map { strdup($0) }
    defer { for text in arguments { free(text) } }
    arguments.append(nil)
    let code = gfn_program_start(arguments, &program)
    guard code == 0 else {
      throw ProgramFault(
        reason: "'\(words.program)' could not be started: \(String(cString: strerror(code)))",
        remedy: "try it in a shell")
    }
    outgoing = Array(greeting.utf8)
  }

  deinit {
    gfn_program_kill(&program)
    room.deallocate()
  }

  // MARK: - Talking

  /// What poll waits for.
  func descriptors() -> [pollfd] {
    var all = [
      pollfd(fd: program.errors, events: Int16(POLLIN), revents: 0),
      pollfd(fd: hasEndedOutput ? -1 : program.output, events: Int16(POLLIN), revents: 0),
    ]
    if written < outgoing.count {
      all.append(pollfd(fd: program.input, events: Int16(POLLOUT), revents: 0))
    }
    return all
  }

  func ask(_ line: String) {
    outgoing.removeFirst(written)
    written = 0
    outgoing += Array(line.utf8)
    flush()
  }

  /// Writes what the pipe takes.
  func flush() {
    while written < outgoing.count {
      let count = outgoing.withUnsafeBytes { bytes in
        bytes.baseAddress.map {
          gfn_program_write(program.input, $0 + written, bytes.count - written)
        } ?? 0
      }
      if count < 0, errno == EINTR { continue }
      // Where nobody reads any more, the end of its output tells.
      guard count > 0 else { return }
      written += count
    }
  }

  /// Reads what there is.
  /// - Returns: whether something came.
  func read() -> Bool {
    var came = false
    readComplaints()
    while !hasEndedOutput {
      let count = Glibc.read(program.output, room.baseAddress, room.count)
      if count < 0, errno == EINTR { continue }
      if count == 0 { hasEndedOutput = true }
      guard count > 0 else { return came }
      incoming.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<count]))
      came = true
      guard count == room.count else { return true }
      // More than an answer's worth is looked at first.
      return true
    }
    return came
  }

  /// The next whole line of its output.
  func line() -> [UInt8]? {
    guard let end = incoming[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = incoming.count
      return nil
    }
    let line = Array(incoming[..<end])
    incoming.removeFirst(end + 1)
    searched = 0
    return line
  }

  /// Bytes of a line that has no end yet.
  var pendingBytes: Int { incoming.count }

  /// How it ended, where it has and everything that it said was read.
  var ending: String? {
    guard hasEndedOutput else { return nil }
    var status: Int32 = 0
    // It may close its output a moment before it is gone.
    for _ in 0..<100 {
      if gfn_program_has_ended(&program, &status) != 0 {
        readComplaints()
        return status < 128
          ? "ended with status \(status)" : "was ended by signal \(status - 128)"
      }
      usleep(1_000)
    }
    return "closed its standard output"
  }

  // MARK: - Standard error

  private func readComplaints() {
    // A flood is read piece by piece, between answers.
    for _ in 0..<16 {
      let count = Glibc.read(program.errors, room.baseAddress, room.count)
      guard count > 0 else { return }
      for byte in room[..<count] {
        if byte == UInt8(ascii: "\n") {
          tell()
        } else if complaint.count < Self.longestComplaint {
          complaint.append(byte)
        }
      }
      guard count == room.count else { return }
    }
  }

  private func tell() {
    let line = String(decoding: complaint, as: UTF8.self)
    complaint.removeAll(keepingCapacity: true)
    if lastWords.count == Self.shownWords { lastWords.removeFirst() }
    lastWords.append(line)
    say(line)
  }

  // MARK: - The end

  /// Closes its input, which asks it to end; what has not ended after the time is ended.
  func close(within patience: Duration = .seconds(1)) {
    gfn_program_close(&program.input)
    var status: Int32 = 0
    let end = ContinuousClock.now + patience
    while gfn_program_has_ended(&program, &status) == 0, ContinuousClock.now < end {
      // What it still has to say must not keep it.
      _ = read()
      incoming.removeAll(keepingCapacity: true)
      searched = 0
      usleep(2_000)
    }
    gfn_program_kill(&program)
  }

  func kill() { gfn_program_kill(&program) }

  /// What the end of this process does; for tests.
  func breakLifeline() { gfn_program_close(&program.lifeline) }

  /// The number of its process group.
  var group: pid_t { program.watchdog }
}
