import Synchronization

/// Counts the interrupts (Ctrl-C) since the last reset.
///
/// One asks to stop after the step in progress and to keep what was trained; a second one asks to
/// abort the statement back to its start.
package final class Interruption: Sendable {
  private let counter = Atomic<Int>(0)

  package init() {}

  /// Safe in a signal handler: one atomic addition.
  package func request() { counter.wrappingAdd(1, ordering: .relaxed) }

  package var count: Int { counter.load(ordering: .relaxed) }

  package func reset() { counter.store(0, ordering: .relaxed) }

  /// Stop after the step in progress.
  package var isRequested: Bool { count > 0 }

  /// Give up the statement.
  package var isAbort: Bool { count > 1 }
}
