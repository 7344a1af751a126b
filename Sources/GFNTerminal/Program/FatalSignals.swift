import CReadline
import Glibc
import Synchronization

/// The signals of a crash, and Ctrl-\: the program gives the terminal back as it got it, says in a line
/// what happened and dies of the signal. The Swift runtime would open a dialogue at the terminal.
///
/// A handler may do next to nothing: see `StopSignals`.
enum FatalSignals {
  private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT]

  /// The address of the terminal's settings at the start; 0 where standard input is none.
  private static let settings = Atomic<UInt>(0)

  /// Who asks for the runtime's backtraces by `SWIFT_BACKTRACE` gets them.
  static func install() {
    guard environmentVariable("SWIFT_BACKTRACE") == nil else { return }
    let before = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    before.initialize(to: termios())
    if tcgetattr(STDIN_FILENO, before) == 0 {
      settings.store(UInt(bitPattern: before), ordering: .releasing)
    } else {
      before.deallocate()
    }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { FatalSignals.received($0) }
    action.sa_flags = SA_ONSTACK | CInt(bitPattern: UInt32(SA_RESETHAND))
    // Nothing comes between, and setting up a terminal stops nobody.
    sigfillset(&action.sa_mask)
    for signal in crashes { sigaction(signal, &action, nil) }
    // A job that a script has put into the background is not meant.
    var quit = sigaction()
    sigaction(SIGQUIT, nil, &quit)
    let isIgnored =
      unsafeBitCast(quit.__sigaction_handler.sa_handler, to: UInt.self)
      == unsafeBitCast(SIG_IGN, to: UInt.self)
    if !isIgnored { sigaction(SIGQUIT, &action, nil) }
  }

  private static func received(_ signal: Int32) {
    let address = settings.load(ordering: .acquiring)
    // Another program may have the terminal now.
    if let before = UnsafePointer<termios>(bitPattern: address),
      tcgetpgrp(STDIN_FILENO) == getpgrp()
    {
      tcsetattr(STDIN_FILENO, TCSANOW, before)
      if gfn_has_marked_pastes() != 0 { say("\u{1B}[?2004l\r\n") }
    }
    switch signal {
    case SIGQUIT: break
    case SIGSEGV: say("gfn: crashed (SIGSEGV)\n")
    case SIGBUS: say("gfn: crashed (SIGBUS)\n")
    case SIGILL: say("gfn: crashed (SIGILL)\n")
    case SIGTRAP: say("gfn: crashed (SIGTRAP)\n")
    case SIGFPE: say("gfn: crashed (SIGFPE)\n")
    default: say("gfn: crashed (SIGABRT)\n")
    }
    // Its default again, once this has returned.
    raise(signal)
  }

  private static func say(_ text: StaticString) {
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
