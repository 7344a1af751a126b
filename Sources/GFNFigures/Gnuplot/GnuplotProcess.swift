import Glibc

/// gnuplot as a process: a script in, a picture out.
///
/// It is started without a shell and without its user's settings. Script, picture and complaints go
/// through files without names, which only the two processes know: neither has to wait for the other,
/// and none can end this program with a signal, as with pipes.
struct GnuplotProcess {
  enum Failure: Error {
    /// There is no such program.
    case missing
    case notStarted(Int32)
    /// It ended otherwise than well; what it said.
    case failed(String)
    case timedOut(seconds: Int)
    case cancelled
  }

  var program = "gnuplot"
  var secondsLimit = 30

  /// The bytes that a script draws.
  /// - Throws: `Failure`.
  func output(of script: String, isCancelled: () -> Bool) throws -> [UInt8] {
    let input = try NamelessFile()
    let output = try NamelessFile()
    let errors = try NamelessFile()
    try input.fill(Array(script.utf8))
    let process = try start(input, output, errors)
    let status = try wait(for: process, isCancelled)
    guard status == 0 else {
      throw Failure.failed(String(decoding: errors.contents(), as: UTF8.self))
    }
    return output.contents()
  }

  private func start(
    _ input: NamelessFile, _ output: NamelessFile, _ errors: NamelessFile
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (file, descriptor) in [
      (input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO),
    ] {
      posix_spawn_file_actions_adddup2(&actions, file.descriptor, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Ctrl-C is for this program, which ends gnuplot itself.
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    var arguments = Self.texts([program, "--default-settings"])
    var environment = Self.texts(Self.environment)
    defer { for text in arguments + environment { free(text) } }
    arguments.append(nil)
    environment.append(nil)
    var process: pid_t = 0
    let code = posix_spawnp(&process, program, &actions, &attributes, arguments, environment)
    guard code == 0 else {
      throw code == ENOENT || code == EACCES || code == ENOTDIR
        ? Failure.missing : Failure.notStarted(code)
    }
    return process
  }

  /// What it needs to find itself and its fonts, and nothing that changes a picture.
  private static var environment: [String] {
    let kept = ["PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE"]
    return kept.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
      + ["LC_ALL=C.UTF-8", "TZ=UTC"]
  }

  private static func texts(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    texts.map { strdup($0) }
  }

  private func wait(for process: pid_t, _ isCancelled: () -> Bool) throws -> Int32 {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(secondsLimit)
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status }
      if ended < 0, errno != EINTR { throw Failure.notStarted(errno) }
      let failure: Failure? =
        isCancelled() ? .cancelled : clock.now > end ? .timedOut(seconds: secondsLimit) : nil
      if let failure {
        kill(process, SIGKILL)
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        throw failure
      }
      usleep(2_000)
    }
  }
}

/// A file that is gone when it is closed.
private final class NamelessFile {
  private let file: UnsafeMutablePointer<FILE>
  let descriptor: Int32

  init() throws {
    guard let file = tmpfile() else { throw GnuplotProcess.Failure.notStarted(errno) }
    self.file = file
    descriptor = fileno(file)
    // gnuplot has it under another number.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit { fclose(file) }

  /// Writes all of it and goes back to the start.
  func fill(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw GnuplotProcess.Failure.notStarted(errno) }
      rest = rest.dropFirst(count)
    }
    lseek(descriptor, 0, SEEK_SET)
  }

  func contents() -> [UInt8] {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    var read = 0
    while read < bytes.count {
      let count = bytes[read...].withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(read))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      read += count
    }
    return Array(bytes[..<read])
  }
}
