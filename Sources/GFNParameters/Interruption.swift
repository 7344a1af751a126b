import Glibc
import Synchronization

/// Counts the interrupts (Ctrl-C) since the last reset.
///
/// One asks to stop after the step in progress and to keep what was trained; a second one asks to
/// abort the statement back to its start. What still goes on some time after the first one is given up,
/// so that no work, however large its pieces, lets anybody wait.
package final class Interruption: Sendable {
  /// What throws on its way out of work that is given up.
  package struct GivenUp: Error {
    package init() {}
  }

  /// That of the session whose statement runs here.
  @TaskLocal package static var current: Interruption?
  /// See `finishing`.
  @TaskLocal private static var isFinishing = false

  private let counter = Atomic<Int>(0)
  /// When the first one came, in nanoseconds of the monotonic clock.
  private let first = Atomic<Int>(0)
  private let cut = Atomic<Bool>(false)
  /// How long a piece of work may take to notice the first one, in nanoseconds.
  private static let patience = 500_000_000

  package init() {}

  /// Safe in a signal handler: atomics of plain integers, and the clock.
  package func request() {
    if count == 0 { first.store(Self.now, ordering: .relaxed) }
    counter.wrappingAdd(1, ordering: .releasing)
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  }

  package var count: Int { counter.load(ordering: .acquiring) }

  package func reset() {
    counter.store(0, ordering: .relaxed)
    cut.store(false, ordering: .relaxed)
  }

  /// Stop after the step in progress.
  package var isRequested: Bool { count > 0 }

  /// Give up the statement.
  package var isAbort: Bool { count > 1 }

  /// Work is given up now: whoever finds it so leaves its piece undone, and its result means nothing.
  package var givesUp: Bool {
    let count = count
    guard count > 0 else { return false }
    guard
      count > 1 || !Self.isFinishing && Self.now - first.load(ordering: .relaxed) > Self.patience
    else {
      return false
    }
    cut.store(true, ordering: .relaxed)
    return true
  }

  /// Work that is waited for is given up, without patience.
  package func giveUp() { cut.store(true, ordering: .relaxed) }

  /// Some work was given up.
  package var hasGivenUp: Bool { cut.load(ordering: .relaxed) }

  /// The same, once: what was given up is put right.
  package func takeGivenUp() -> Bool { cut.exchange(false, ordering: .relaxed) }

  /// Does what a result depends on that is there already, as writing it: only a second request ends that.
  package static func finishing<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isFinishing.withValue(true, operation: body)
  }

  /// The work that goes on here is given up.
  package static var givesUp: Bool { current?.givesUp ?? false }

  /// Leaves work that is given up.
  /// - Throws: `GivenUp`.
  package static func check() throws {
    if givesUp { throw GivenUp() }
  }
}

extension Sequence {
  /// The elements one by one; no more of them come once work is given up, as then nobody looks at what is
  /// made of them.
  package var untilGivenUp: UntilGivenUp<Self> { UntilGivenUp(base: self) }
}

/// See `Sequence.untilGivenUp`.
package struct UntilGivenUp<Base: Sequence>: Sequence, IteratorProtocol {
  /// Elements from one look to the next.
  private static var interval: Int { 256 }

  private var base: Base.Iterator
  private var count = 0

  fileprivate init(base: Base) { self.base = base.makeIterator() }

  package mutating func next() -> Base.Element? {
    count &+= 1
    if count % Self.interval == 0, Interruption.givesUp { return nil }
    return base.next()
  }
}
