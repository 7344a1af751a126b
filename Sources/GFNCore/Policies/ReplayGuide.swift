import Glibc

/// The guide from replay (Shen et al. 2023, arXiv:2305.07170): conditional on the x of the trajectory,
/// `π_G(s → s'|x)` is proportional to the mean reward of the replayed x' that go with s'.
///
/// - Fill: those that agree with s' on its letters.
/// - Append-prepend: s lies in x at the offset o that the trajectory gives it, and the children are the
///   blocks of x one letter longer to the left and to the right; those that have the same letters
///   at the same offset. Of the initial state o is given too: the guide is conditional on where the
///   word begins, and a constant, log (L + 1), less than a distribution over all beginnings.
/// - Any other enumerable environment: those that s' can still reach.
package struct ReplayGuide: Sendable {
  private var ring: ReplayRing
  private var slots: SlotMemory?
  private var reachability: ReachabilityIndex?
  private let width: Int

  init(
    _ growth: SlotPath.Growth, length: Int, letters: Int,
    capacity: Int = ReplayRing.usualCapacity
  ) {
    let memory = SlotMemory(growth, SlotCode(length: length, letters: letters))
    ring = ReplayRing(width: memory.code.width, capacity: capacity)
    slots = memory
    width = length
  }

  /// Nil where the environment has no guide from replay.
  init?(_ environment: any Environment, capacity: Int = ReplayRing.usualCapacity) {
    switch environment.guide {
    case .replay(let length, let letters)?:
      self.init(.fill, length: length, letters: letters, capacity: capacity)
    case .blocks(let length, let letters)?:
      self.init(.blocks, length: length, letters: letters, capacity: capacity)
    case .reachability?: self.init(reachabilityIn: environment, capacity: capacity)
    case .heldBack?, nil: return nil
    }
  }

  /// Nil where the states are too many to have a tally each.
  init?(reachabilityIn environment: any Environment, capacity: Int = ReplayRing.usualCapacity) {
    guard let index = ReachabilityIndex(environment) else { return nil }
    ring = ReplayRing(width: 1, capacity: capacity)
    reachability = index
    width = environment.stateWidth
  }

  var count: Int { ring.count }
  /// Of the objects; what is indexed of them is a few times as much at most.
  var byteCount: Int { ring.byteCount }

  /// Adds terminating states, one after the other, with their rewards.
  mutating func insert(_ cells: [Int32], rewards: [Double]) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ring.width) { object in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { evicted in
        cells.withUnsafeBufferPointer { cells in
          guard let base = cells.baseAddress, let words = object.baseAddress,
            let old = evicted.baseAddress
          else { return }
          for (number, reward) in rewards.enumerated() {
            let x = base + number * width
            if ring.isFull { forgetOldest(old) }
            slots?.code.write(x, into: words)
            if let number = reachability?.number(of: x) { words[0] = UInt64(number) }
            slots?.add(x, reward, removing: false)
            reachability?.add(x, reward, removing: false)
            ring.insert(UnsafeBufferPointer(object), reward)
          }
        }
      }
    }
  }

  private mutating func forgetOldest(_ x: MutableStatePointer) {
    let reward = ring.rewards[ring.oldest]
    if let code = slots?.code {
      ring.words.withUnsafeBufferPointer { words in
        guard let base = words.baseAddress else { return }
        code.read(base + ring.oldest * ring.width, into: x)
      }
    }
    reachability?.object(Int(ring.words[ring.oldest]), into: x)
    slots?.add(x, reward, removing: true)
    reachability?.add(x, reward, removing: true)
  }

  /// `log π_G(a_t|s_t)`; π_B's own log-probability where nothing matches, so that r_t = 0.
  /// - Parameter result: for every entry of `paths` but the last of each, 0 there.
  func logProbabilities(
    _ paths: Paths, _ states: BatchStates, logPB: [Double], _ work: ReplayWork = ReplayWork(),
    _ pool: ThreadPool = .single, into result: inout [Double]
  ) {
    result.resize(paths.entryCount, filling: 0)
    result.withUnsafeMutableBufferPointer { result in
      states.table.withCells { cells in
        guard let result = result.baseAddress else { return }
        if let slots {
          slots.logProbabilities(paths, cells, logPB: logPB, ring, work, pool, into: result)
        } else if let reachability {
          work.cells.reserve(width)
          for path in 0..<paths.count {
            reachability.logProbabilities(
              paths.entries(path), paths, states, cells, logPB: logPB, child: work.cells.base,
              into: result)
          }
        }
      }
    }
  }
}

extension ReplayGuide: Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws {
    // What it was made with is the environment's.
    coder.visit("width")
    try coder.code("ring", &ring)
    if coder.isReading, !rebuild() {
      throw coder.broken("replay", "holds what is no object of this environment")
    }
    coder.visit("slots")
    coder.visit("reachability")
    guard ring.isFull else { return }
    // Sums that were also subtracted from have a rounding of their own.
    var sums = slots?.sums ?? reachability?.sums ?? []
    try coder.code("sums", &sums, count: sums.count)
    slots?.sums = sums
    reachability?.sums = sums
  }

  /// Enters the ring's objects into indices that are empty.
  /// - Returns: whether all of them are objects.
  private mutating func rebuild() -> Bool {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: width) { x in
      guard let x = x.baseAddress else { return false }
      for object in 0..<ring.count {
        if let code = slots?.code {
          ring.words.withUnsafeBufferPointer { words in
            if let base = words.baseAddress { code.read(base + object * ring.width, into: x) }
          }
          guard (0..<width).allSatisfy({ x[$0] >= 0 && x[$0] < Int32(code.letters) }) else {
            return false
          }
        } else if let reachability {
          guard ring.words[object] < UInt64(reachability.objects) else { return false }
          reachability.object(Int(ring.words[object]), into: x)
        }
        slots?.add(x, ring.rewards[object], removing: false)
        reachability?.add(x, ring.rewards[object], removing: false)
      }
      return true
    }
  }
}

/// Room that the guide from replay works in, to be used again.
final class ReplayWork {
  fileprivate let words = Buffer<UInt64>()
  fileprivate let sums = Buffer<SIMD8<Double>>()
  fileprivate let spread = Buffer<SIMD8<Double>>()
  fileprivate let means = Buffer<Double>()
  fileprivate let cells = Buffer<Int32>()

  init() { PatternScan.spread(into: spread) }
}

/// What a guide knows of replayed sequences beside the ring: an index by partial sequences, or where
/// they are too many the tallies of single letters.
private struct SlotMemory: Sendable {
  let growth: SlotPath.Growth
  let code: SlotCode
  private var index: PatternIndex?
  /// `[slots, letters]`
  private var singles: [ReplayTally]

  /// Trajectories go to this many workspaces, whatever the number of threads.
  private static let workspaces = 16

  init(_ growth: SlotPath.Growth, _ code: SlotCode) {
    self.growth = growth
    self.code = code
    index = PatternIndex(growth, length: code.length, letters: code.letters)
    singles = [ReplayTally](repeating: ReplayTally(), count: code.length * code.letters)
  }

  mutating func add(_ x: StatePointer, _ reward: Double, removing: Bool) {
    index?.add(x, reward, removing: removing)
    guard index == nil else { return }
    for slot in 0..<code.length {
      singles[slot * code.letters + Int(x[slot])].add(reward, removing: removing)
    }
  }

  /// The reward sums of the index, or of the single letters.
  var sums: [Double] {
    get { index?.sums ?? singles.map(\.sum) }
    set {
      index?.sums = newValue
      guard index == nil else { return }
      for (place, sum) in newValue.enumerated() { singles[place].sum = sum }
    }
  }

  func logProbabilities(
    _ paths: Paths, _ cells: StatePointer, logPB: [Double], _ ring: ReplayRing,
    _ work: ReplayWork, _ pool: ThreadPool, into result: UnsafeMutablePointer<Double>
  ) {
    let length = code.length
    let words = SlotPath.words(length: length) + code.width
    work.words.reserve(Self.workspaces * words)
    work.means.reserve(Self.workspaces * length)
    if let index {
      lookUp(index, paths, cells, logPB: logPB, work, into: result)
    } else {
      scan(ring, paths, cells, logPB: logPB, work, pool, into: result)
    }
  }

  /// The means of an index by partial sequences.
  private func lookUp(
    _ index: PatternIndex, _ paths: Paths, _ cells: StatePointer, logPB: [Double],
    _ work: ReplayWork, into result: UnsafeMutablePointer<Double>
  ) {
    let length = code.length
    let path = SlotPath(work.words.base, length: length)
    let means = work.means.base
    for number in 0..<paths.count {
      let entries = paths.entries(number)
      read(paths, entries, cells, path)
      let x = cells + Int(paths.rows[entries.upperBound - 1]) * length
      for entry in 0..<length {
        path.candidates[entry].forEachBit {
          means[$0] = index.mean(x, on: path.filled[entry] | 1 << UInt64($0))
        }
        Self.choose(path, entry, means, logPB, entries.lowerBound, result)
      }
      result[entries.upperBound - 1] = 0
    }
  }

  /// The means over all objects of the ring that agree.
  private func scan(
    _ ring: ReplayRing, _ paths: Paths, _ cells: StatePointer, logPB: [Double],
    _ work: ReplayWork, _ pool: ThreadPool, into result: UnsafeMutablePointer<Double>
  ) {
    work.sums.reserve(Self.workspaces * PatternScan.sums(length: code.length))
    ring.words.withUnsafeBufferPointer { ringWords in
      ring.rewards.withUnsafeBufferPointer { rewards in
        singles.withUnsafeBufferPointer { singles in
          paths.rows.withUnsafeBufferPointer { rows in
            guard let singles = singles.baseAddress else { return }
            let scan = PatternScan(
              words: ringWords.baseAddress ?? UnsafePointer(work.words.base),
              rewards: rewards.baseAddress ?? UnsafePointer(work.means.base), count: ring.count,
              width: code.width, singles: singles, letters: code.letters,
              spread: UnsafePointer(work.spread.base))
            let context = (self, scan, paths, cells, logPB, work, result)
            pool.run(blocks: min(Self.workspaces, paths.count), with: context) { context, block in
              let (memory, scan, paths, cells, logPB, work, result) = context
              let length = memory.code.length
              let room = work.words.base + block * (SlotPath.words(length: length) + scan.width)
              let code = room + SlotPath.words(length: length)
              let path = SlotPath(room, length: length)
              let means = work.means.base + block * length
              for number in stride(from: block, to: paths.count, by: Self.workspaces) {
                let entries = paths.entries(number)
                memory.read(paths, entries, cells, path)
                let x = cells + Int(paths.rows[entries.upperBound - 1]) * length
                memory.code.write(x, into: code)
                scan.run(
                  path, x: x, code: code,
                  work.sums.base + block * PatternScan.sums(length: length), means: means
                ) { Self.choose(path, $0, means, logPB, entries.lowerBound, result) }
                result[entries.upperBound - 1] = 0
              }
            }
          }
        }
      }
    }
  }

  private func read(
    _ paths: Paths, _ entries: Range<Int>, _ cells: StatePointer, _ path: SlotPath
  ) {
    switch growth {
    case .fill:
      paths.rows.withUnsafeBufferPointer { rows in
        guard let rows = rows.baseAddress else { return }
        path.readFill(entries, rows: rows, cells: cells)
      }
    case .blocks:
      paths.backward.withUnsafeBufferPointer { backward in
        guard let backward = backward.baseAddress else { return }
        path.readBlocks(entries, backward: backward)
      }
    }
  }

  /// Turns the means of a state's candidates into the log-probability of its step.
  private static func choose(
    _ path: SlotPath, _ entry: Int, _ means: UnsafeMutablePointer<Double>, _ logPB: [Double],
    _ first: Int, _ result: UnsafeMutablePointer<Double>
  ) {
    var total = 0.0
    path.candidates[entry].forEachBit { total += means[$0] }
    let chosen = means[Int(path.chosen[entry])]
    result[first + entry] = chosen > 0 ? log(chosen / total) : logPB[first + entry]
  }
}
