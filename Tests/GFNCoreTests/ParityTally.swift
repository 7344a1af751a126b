import Foundation
import Synchronization

/// How many of the fixtures' quantities were compared, and how near they came: said when the tests end,
/// because they run in any order and a part of them may be chosen.
enum ParityTally {
  private struct State {
    var names: Set<String> = []
    var numbers = 0
    var greatest = (error: 0.0, name: "")
  }

  private static let state = Mutex(State())
  private static let report: Void = {
    _ = atexit {
      let state = ParityTally.state.withLock { $0 }
      print(
        "parity: \(state.names.count) quantities (\(state.numbers) numbers), largest relative error "
          + "\(String(format: "%.1e", state.greatest.error)) (\(state.greatest.name))")
    }
  }()

  /// Notes a quantity: `|a − b| / max|b|` is its relative error.
  static func note(_ name: String, _ values: [Double], _ expected: [Double]) {
    _ = report
    let scale = expected.reduce(0) { max($0, abs($1)) }
    let error = zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
    state.withLock { state in
      // One that is compared in two tests counts once.
      if state.names.insert(name).inserted { state.numbers += expected.count }
      if scale > 0, error / scale > state.greatest.error { state.greatest = (error / scale, name) }
    }
  }
}
