/// The distinct states of a batch with their encodings and masks, a row each.
final class BatchStates {
  let environment: any Environment
  private(set) var table: StateTable
  /// The encodings that the estimators of this batch read.
  private let encodings: [FeatureRows]
  /// `[rows, forward actions]` and `[rows, backward actions]`.
  let forwardMask = Buffer<Bool>()
  let backwardMask = Buffer<Bool>()

  var count: Int { table.count }

  init(_ environment: any Environment, _ encodings: Set<InputEncoding>) {
    self.environment = environment
    table = StateTable(width: environment.stateWidth)
    self.encodings = [.kHot, .stateIndex].filter(encodings.contains).map {
      FeatureRows($0, environment)
    }
  }

  func features(_ encoding: InputEncoding) -> FeatureRows {
    guard let rows = encodings.first(where: { $0.encoding == encoding }) else {
      preconditionFailure("no estimator of this batch reads \(encoding)")
    }
    return rows
  }

  func removeAll() { table.removeAll() }

  /// The row of a state; a new one is encoded and masked.
  func insert(_ state: StatePointer) -> Int {
    let (row, isNew) = table.insert(state)
    guard isNew else { return row }
    for features in encodings {
      features.reserve(row + 1, keeping: row)
      features.encode(row, state, environment)
    }
    let forward = environment.forwardActionCount
    let backward = environment.backwardActionCount
    forwardMask.reserve((row + 1) * forward, keeping: row * forward)
    backwardMask.reserve((row + 1) * backward, keeping: row * backward)
    environment.forwardMask(state, into: forwardMask.base + row * forward)
    environment.backwardMask(state, into: backwardMask.base + row * backward)
    return row
  }
}
