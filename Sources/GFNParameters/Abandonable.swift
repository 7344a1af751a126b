import Dispatch
import Synchronization

extension Interruption {
  /// The result of work that cannot look for interrupts itself, as of a library: it goes on by itself
  /// once it is given up, and nobody waits for it.
  /// - Throws: `GivenUp`; what the work throws.
  package static func abandonable<Success: Sendable>(
    _ body: @escaping @Sendable () throws -> Success
  ) throws -> Success {
    guard current != nil else { return try body() }
    let outcome = Outcome<Success>()
    let isOver = DispatchSemaphore(value: 0)
    DispatchQueue.global(qos: .userInitiated).async {
      let result = Result { try body() }
      outcome.result.withLock { $0 = result }
      isOver.signal()
    }
    while isOver.wait(timeout: .now() + .milliseconds(50)) == .timedOut { try check() }
    guard let result = outcome.result.withLock({ $0 }) else { throw GivenUp() }
    return try result.get()
  }

  private final class Outcome<Success: Sendable>: Sendable {
    let result = Mutex<Result<Success, any Error>?>(nil)
  }
}
