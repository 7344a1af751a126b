import GFNParameters

/// The distinct states of a batch with their encodings and masks, a row each.
final class BatchStates {
  let environment: any Environment
  private(set) var table: StateTable
  /// The encodings that the estimators of this batch read.
  private let kHot: FeatureRows?
  private let stateIndex: FeatureRows?
  /// What a row costs, all estimators included.
  private let bytesPerRow: Int
  /// `[rows, forward actions]` and `[rows, backward actions]`.
  let forwardMask = Buffer<Bool>()
  let backwardMask = Buffer<Bool>()

  var count: Int { table.count }

  /// - Parameter networks: the shapes that are evaluated on the rows.
  init(
    _ environment: any Environment, _ encodings: Set<InputEncoding>, networks: [NetworkShape] = []
  ) {
    self.environment = environment
    let floats = networks.reduce(0) { $0 + $1.layers * $1.hidden + 4 * $1.outputs }
    // Moves take two numbers an action, masks a quarter of one.
    let actions = 3 * max(environment.forwardActionCount, environment.backwardActionCount)
    bytesPerRow =
      4 * (floats + actions + environment.stateWidth + environment.activeFeatureCount + 4)
    table = StateTable(width: environment.stateWidth)
    kHot = encodings.contains(.kHot) ? FeatureRows(.kHot, environment) : nil
    stateIndex =
      encodings.contains(.stateIndex) ? FeatureRows(.stateIndex, environment) : nil
  }

  func features(_ encoding: InputEncoding) -> FeatureRows {
    guard let rows = encoding == .kHot ? kHot : stateIndex else {
      preconditionFailure("no estimator of this batch reads \(encoding)")
    }
    return rows
  }

  func removeAll() { table.removeAll() }

  /// The row of a state; a new one is encoded and masked.
  func insert(_ state: StatePointer) -> Int {
    let (row, isNew) = table.insert(state)
    guard isNew else { return row }
    kHot?.append(row, state, environment)
    stateIndex?.append(row, state, environment)
    let forward = environment.forwardActionCount
    let backward = environment.backwardActionCount
    forwardMask.reserve((row + 1) * forward, keeping: row * forward)
    backwardMask.reserve((row + 1) * backward, keeping: row * backward)
    environment.forwardMask(state, into: forwardMask.base + row * forward)
    environment.backwardMask(state, into: backwardMask.base + row * backward)
    return row
  }

  /// - Throws: `CoreError.tooLarge`, which names a batch that fits, before the memory is full.
  func checkMemory(trajectories: Int) throws {
    // Buffers grow by half and are copied then.
    let limit = Memory.batchShare * Double(Memory.bytes)
    guard Double(count) * Double(bytesPerRow) > limit else { return }
    let mostRows = Double(
      min(environment.maximumLength + 1, environment.enumeration?.states ?? .max))
    let fitting = max(1, Int(limit / Double(bytesPerRow) / mostRows))
    throw CoreError.tooLarge(
      what: "a batch of \(trajectories == 1 ? "1 trajectory" : "\(trajectories) trajectories")",
      size: "more than \(count) rows of \(bytesPerRow) bytes",
      remedy: "batch=\(min(fitting, max(1, trajectories / 2))) fits")
  }
}
