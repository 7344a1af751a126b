/// The state that commands train.
public struct Workbench: Sendable {
  /// Moves whenever the state changes.
  public private(set) var revision: UInt64 = 0

  public init(seed: UInt64) {}

  /// Notes a change.
  public mutating func touch() { revision += 1 }
}
