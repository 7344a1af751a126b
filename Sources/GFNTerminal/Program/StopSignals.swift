import GFNLanguage
import Glibc
import Synchronization

/// SIGINT and SIGTERM, turned into requests to the running command.
///
/// A handler may do next to nothing: it counts in atomics, and everything else looks there.
enum StopSignals {
  /// The request that leaves a script no further time.
  private static let lastResort = 3

  private static let interruption = AtomicLazyReference<Interruption>()
  private static let last = Atomic<Int32>(0)
  private static let untakenInterrupts = Atomic<Int>(0)
  private static let isForceful = Atomic<Bool>(false)

  /// Ctrl-C stops a command and never the program.
  static func install(forPromptOf session: Session) {
    install(for: session, forceful: false)
    signal(SIGTERM, SIG_DFL)
  }

  /// SIGINT and SIGTERM stop the command; the program dies at once when it does not obey.
  static func install(forScriptOf session: Session) {
    install(for: session, forceful: true)
    handle(SIGTERM)
  }

  private static func install(for session: Session, forceful: Bool) {
    _ = interruption.storeIfNil(session.interruption)
    isForceful.store(forceful, ordering: .relaxed)
    handle(SIGINT)
  }

  private static func handle(_ signal: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { StopSignals.received($0) }
    action.sa_flags = SA_RESTART
    sigaction(signal, &action, nil)
  }

  private static func received(_ signal: Int32) {
    last.store(signal, ordering: .relaxed)
    untakenInterrupts.add(1, ordering: .relaxed)
    guard let interruption = interruption.load() else { return }
    interruption.request()
    if isForceful.load(ordering: .relaxed), interruption.count >= lastResort { die(by: signal) }
  }

  /// Whether Ctrl-C was pressed since this was last asked.
  static func takeInterrupt() -> Bool {
    untakenInterrupts.exchange(0, ordering: .relaxed) > 0
  }

  /// Ends the program as the last signal would have, so that a shell sees 130 or 143.
  static func dieByLastSignal() {
    let signal = last.load(ordering: .relaxed)
    die(by: signal == 0 ? SIGINT : signal)
  }

  private static func die(by signal: Int32) {
    Glibc.signal(signal, SIG_DFL)
    raise(signal)
  }
}
