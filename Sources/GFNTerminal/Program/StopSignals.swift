import CReadline
package import GFNLanguage
import GFNParameters
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP, turned into requests to the running command.
///
/// A handler may do next to nothing: it counts in atomics of plain integers, and everything else
/// looks there. (Unspecialised generics such as `AtomicLazyReference` may allocate.)
package enum StopSignals {
  /// The request that leaves a script no further time.
  private static let lastResort = 3

  /// The address of the session's `Interruption`, kept alive as long as the process; 0 at first.
  private static let target = Atomic<UInt>(0)
  private static let last = Atomic<Int32>(0)
  private static let untakenInterrupts = Atomic<Int>(0)
  private static let isForceful = Atomic<Bool>(false)
  private static let hasToEnd = Atomic<Bool>(false)

  /// Ctrl-C stops a command and never the program.
  package static func install(forPromptOf session: Session) {
    install(for: session, forceful: false)
    signal(SIGTERM, SIG_DFL)
  }

  /// Ctrl-C stops a command; SIGTERM and SIGHUP, as of a terminal that is closed, stop it too, and then the
  /// prompt has to end.
  static func install(forTerminalOf session: Session) {
    install(for: session, forceful: false)
    handle(SIGTERM)
    handleHangUp()
  }

  /// The signals stop the command; the program dies at once when it does not obey.
  static func install(forScriptOf session: Session) {
    install(for: session, forceful: true)
    handle(SIGTERM)
    handleHangUp()
  }

  /// Whoever started the program with nohup wants it to go on.
  private static func handleHangUp() {
    var present = sigaction()
    sigaction(SIGHUP, nil, &present)
    guard unsafe(present) != unsafe(SIG_IGN) else { return }
    handle(SIGHUP)
  }

  private static func unsafe(_ action: sigaction) -> UInt {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: UInt.self)
  }

  private static func unsafe(_ handler: __sighandler_t?) -> UInt {
    unsafeBitCast(handler, to: UInt.self)
  }

  private static func install(for session: Session, forceful: Bool) {
    let kept = Unmanaged.passRetained(session.interruption).toOpaque()
    target.store(UInt(bitPattern: kept), ordering: .releasing)
    isForceful.store(forceful, ordering: .relaxed)
    handle(SIGINT)
  }

  private static func handle(_ signal: Int32) {
    useOwnStack()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { StopSignals.received($0) }
    action.sa_flags = SA_RESTART | SA_ONSTACK
    sigaction(signal, &action, nil)
  }

  /// Gives handlers on this thread a stack of their own, unless the Swift runtime has: oneDNN's
  /// generated matrix kernels keep the stack pointer in their heap buffers, and a signal frame
  /// written there destroys the heap.
  static func useOwnStack() {
    var present = stack_t()
    sigaltstack(nil, &present)
    guard present.ss_flags & Int32(SS_DISABLE) != 0 else { return }
    let size = 64 << 10
    var own = stack_t(ss_sp: malloc(size), ss_flags: 0, ss_size: size)
    sigaltstack(&own, nil)
  }

  private static func received(_ signal: Int32) {
    last.store(signal, ordering: .relaxed)
    untakenInterrupts.add(1, ordering: .relaxed)
    let address = UnsafeRawPointer(bitPattern: target.load(ordering: .acquiring))
    guard let address else { return }
    let interruption = Unmanaged<Interruption>.fromOpaque(address).takeUnretainedValue()
    if signal != SIGINT { hasToEnd.store(true, ordering: .relaxed) }
    // The terminal and the shell may both say that they are gone: that is no abort.
    guard signal != SIGHUP || !interruption.isRequested else { return }
    interruption.request()
    if isForceful.load(ordering: .relaxed), interruption.count >= lastResort { die(by: signal) }
  }

  /// SIGTERM or SIGHUP came: the program has to keep what there is and end.
  static var isEnding: Bool { hasToEnd.load(ordering: .relaxed) }

  /// Whether Ctrl-C was pressed since this was last asked.
  static func takeInterrupt() -> Bool {
    untakenInterrupts.exchange(0, ordering: .relaxed) > 0
  }

  /// Ends the program as the last signal would have, so that a shell sees 130 or 143.
  static func dieByLastSignal(or other: Int32 = SIGINT) {
    let signal = last.load(ordering: .relaxed)
    die(by: signal == 0 ? other : signal)
  }

  private static func die(by signal: Int32) {
    Glibc.signal(signal, SIG_DFL)
    raise(signal)
  }
}
