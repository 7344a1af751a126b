import ArgumentParser
import GFNLanguage
import GFNNotebook
import GFNTerminal
import Glibc

/// `gfn session --output json`
struct SessionCommand: ParsableCommand, Launch {
  static let configuration = CommandConfiguration(
    commandName: "session",
    abstract: "Serve a front end, as a notebook: requests come in and events go out as JSON lines.",
    usage: "gfn session --output json [OPTIONS] [NAME=VALUE …]",
    discussion: """
      SIGINT is Ctrl-C: it stops the running command after its step, a second one aborts it. The end \
      of standard input ends the session.
      """)

  @Argument(
    help: ArgumentHelp(
      "Gives $NAME another value than the default of a 'let NAME ?= default'.",
      valueName: "NAME=VALUE"))
  var bindings: [Binding] = []

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard shared.output == .json else {
      throw ValidationError("a session speaks JSON alone: add '--output json'")
    }
    if shared.quiet || shared.echo {
      throw ValidationError("'--quiet' and '--echo' are for text; a front end shows what it wants")
    }
    try Binding.requireDistinct(bindings)
  }

  func launch() -> Int32 {
    var options = makeSessionOptions(shared, bindings: bindings, isInteractive: true)
    options.stackSize = ProcessSetUp.prepare()
    let output = TextStream(descriptor: STDOUT_FILENO, colour: .never)
    var lines = RequestLines(descriptor: STDIN_FILENO)
    let server = SessionServer(
      version: GFN.version,
      makeSession: {
        let session = makeSession(shared, options)
        StopSignals.install(forPromptOf: session)
        return session
      },
      nextLine: { lines.next() },
      sendLine: { line in
        output.writeLine(line)
        output.flush()
        return output.failure == nil
      })
    ReaderWatch.start(on: STDOUT_FILENO)
    return server.run()
  }
}

/// Ends the program when nobody reads what it writes any more, also in the midst of a long command
/// that has nothing to say: a front end that was killed leaves no computing behind.
private enum ReaderWatch {
  static func start(on descriptor: Int32) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // The thread inherits what is blocked: signals are for the others.
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let argument = UnsafeMutableRawPointer(bitPattern: Int(descriptor))
    pthread_create(
      &thread, nil,
      { argument in
        let descriptor = Int32(truncatingIfNeeded: Int(bitPattern: argument))
        var watched = pollfd(fd: descriptor, events: 0, revents: 0)
        while poll(&watched, 1, -1) <= 0 {}
        if watched.revents & Int16(POLLERR | POLLHUP) != 0 { _exit(128 + SIGPIPE) }
        return nil
      }, argument)
  }
}
