import COneDNN
import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// A small pool that runs numbered blocks of work, the calling thread among the workers.
///
/// How work is cut into blocks never depends on the number of threads, so neither do the results.
/// Idle workers spin for a moment (a rollout has little serial work between its products) and then
/// sleep; nothing ever waits for a worker that has not taken a block, so a busy machine slows a run
/// down but does not stall it.
package final class ThreadPool: Sendable {
  package let threads: Int
  private let shared: Shared

  /// - Parameter threads: the calling thread included; at least 1.
  package init(threads: Int) {
    self.threads = max(1, threads)
    shared = Shared(workers: self.threads - 1)
    for worker in 0..<(self.threads - 1) {
      Shared.start(worker, shared)
    }
  }

  deinit { shared.stop() }

  /// The processors this process may run on.
  package static var availableProcessors: Int {
    let allowed = Int(gfn_available_processors())
    return allowed > 0 ? allowed : max(1, ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Runs `body(context, 0)` to `body(context, blocks − 1)`, each once, and returns when all have ended.
  /// One thread at a time calls it, `body` does not, and blocks do not write to the same place.
  ///
  /// A `body` that captures nothing costs no allocation, so what the blocks need goes into `context`.
  package func run<Context>(
    blocks: Int, with context: Context, _ body: @escaping (Context, Int) -> Void
  ) {
    // Whatever thread this is: OpenMP keeps its team size thread by thread.
    gfn_single_threaded()
    guard threads > 1, blocks > 1 else {
      for block in 0..<max(0, blocks) { body(context, block) }
      return
    }
    // The workers reach the job through its address: it outlives them because `publish` returns only
    // when every block has ended.
    var job = Job(context: context, body: body)
    withUnsafeMutablePointer(to: &job) { pointer in
      shared.publish(Call(job: pointer, run: Job<Context>.run), blocks: blocks)
    }
  }
}

/// How many blocks of `size` make up a range.
func blockCount(_ range: Range<Int>, _ size: Int) -> Int { (range.count + size - 1) / size }

/// The part of a range that is block `number` of `size`.
func block(_ number: Int, of range: Range<Int>, _ size: Int) -> Range<Int> {
  let start = range.lowerBound + number * size
  return start..<min(start + size, range.upperBound)
}

extension ThreadPool {
  /// The calling thread alone, whichever it is.
  package static let single = ThreadPool(threads: 1)

  /// The same for a body that captures what it needs, which costs an allocation.
  package func run(blocks: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      run(blocks: blocks, with: body) { body, block in body(block) }
    }
  }

  /// Adds up `body(context, part)` over the parts of a range, in their order: the sum does not depend on
  /// the number of threads.
  func sum<Context>(
    over range: Range<Int>, _ size: Int, with context: Context,
    _ body: @escaping (Context, Range<Int>) -> Double
  ) -> Double {
    let blocks = blockCount(range, size)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { partial in
      let sum = Sum(range: range, size: size, context: context, body: body, partial: partial)
      run(blocks: blocks, with: sum) { $0.add($1) }
      return partial.reduce(0, +)
    }
  }
}

/// What the blocks of one `sum` need. A tuple would wrap `body` anew, on the heap, for each block.
private struct Sum<Context> {
  let range: Range<Int>
  let size: Int
  let context: Context
  let body: (Context, Range<Int>) -> Double
  let partial: UnsafeMutableBufferPointer<Double>

  func add(_ number: Int) {
    partial[number] = body(context, block(number, of: range, size))
  }
}

/// What the blocks of one `run` need.
private struct Job<Context> {
  let context: Context
  let body: (Context, Int) -> Void

  static func run(_ pointer: UnsafeRawPointer, _ block: Int) {
    let job = pointer.assumingMemoryBound(to: Self.self)
    job.pointee.body(job.pointee.context, block)
  }
}

/// A job of any type.
private struct Call {
  let job: UnsafeRawPointer
  let run: (UnsafeRawPointer, Int) -> Void
}

/// What the pool's threads share. `ticket` holds the job's number in its upper half and how many of
/// its blocks are left in its lower half, so that taking a block also proves that the job, and with
/// it `call`, is still the same: a job is published only when no block of the one before is left.
private final class Shared: Sendable {
  private let ticket = Atomic<UInt64>(0)
  private let call = Atomic<UInt>(0)
  private let completed = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let sleepers: [Sleeper]

  /// About 50 µs on a 3 GHz processor: longer than the serial part between two products of a
  /// rollout.
  private static let spins = 2000

  init(workers: Int) {
    sleepers = (0..<workers).map { _ in Sleeper() }
  }

  func publish(_ call: Call, blocks count: Int) {
    var call = call
    withUnsafeMutablePointer(to: &call) { publish(UInt(bitPattern: $0), blocks: count) }
  }

  private func publish(_ address: UInt, blocks count: Int) {
    call.store(address, ordering: .relaxed)
    completed.store(0, ordering: .relaxed)
    let job = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(
      (job & 0xFFFF_FFFF) << 32 | UInt64(count), ordering: .sequentiallyConsistent)
    for sleeper in sleepers.prefix(count - 1) { sleeper.wake() }
    while takeBlock() {}
    while completed.load(ordering: .acquiring) < count { gfn_spin_pause() }
  }

  /// Runs one block of the current job; false when none is left.
  private func takeBlock() -> Bool {
    let seen = ticket.load(ordering: .acquiring)
    let left = Int(seen & 0xFFFF_FFFF)
    guard left > 0 else { return false }
    let address = call.load(ordering: .relaxed)
    let taken = ticket.weakCompareExchange(
      expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
    guard taken.exchanged else { return true }
    if let call = UnsafePointer<Call>(bitPattern: address) {
      call.pointee.run(call.pointee.job, left - 1)
    }
    completed.add(1, ordering: .releasing)
    return true
  }

  private func work(_ worker: Int) {
    gfn_single_threaded()
    let sleeper = sleepers[worker]
    var job: UInt64 = 0
    while !stopped.load(ordering: .relaxed) {
      var spins = 0
      while ticket.load(ordering: .acquiring) >> 32 == job, !stopped.load(ordering: .relaxed) {
        spins += 1
        if spins < Self.spins {
          gfn_spin_pause()
        } else {
          sleeper.sleep { ticket.load(ordering: .sequentiallyConsistent) >> 32 == job }
          spins = 0
        }
      }
      job = ticket.load(ordering: .acquiring) >> 32
      while takeBlock() {}
    }
  }

  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    ticket.wrappingAdd(1 << 32, ordering: .sequentiallyConsistent)
    for sleeper in sleepers { sleeper.wake() }
  }

  static func start(_ worker: Int, _ shared: Shared) {
    let start = Unmanaged.passRetained(Start(worker, shared)).toOpaque()
    var thread = pthread_t()
    // Workers take no signals: while a matrix kernel runs, its stack pointer may lie in a heap buffer,
    // where a signal's frame would overwrite what is next to it.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.shared.work(start.worker)
        return nil
      }, start)
    if status == 0 {
      pthread_detach(thread)
    } else {
      Unmanaged<Start>.fromOpaque(start).release()
    }
  }

  private final class Start: Sendable {
    let worker: Int
    let shared: Shared

    init(_ worker: Int, _ shared: Shared) {
      self.worker = worker
      self.shared = shared
    }
  }
}

/// One worker's bed. Whoever turns `asleep` from true to false owns the wake-up: either the waker,
/// who then signals, or the worker, who then does not wait.
private final class Sleeper: Sendable {
  private let asleep = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  func sleep(while isIdle: () -> Bool) {
    asleep.store(true, ordering: .sequentiallyConsistent)
    if !isIdle(), asleep.exchange(false, ordering: .sequentiallyConsistent) { return }
    semaphore.wait()
  }

  func wake() {
    if asleep.load(ordering: .sequentiallyConsistent),
      asleep.exchange(false, ordering: .sequentiallyConsistent)
    {
      semaphore.signal()
    }
  }
}
