/// What the commands of a session work on, as one value: `undo`, `restore` and a command that is taken
/// back put an earlier one in place.
package protocol Bench: Sendable {
  /// Moves whenever it changes.
  var revision: UInt64 { get }
  /// What it takes of the memory where it shares nothing with another one.
  var byteCount: Int { get }
  /// The statements that rebuild what is set up in it, one a line.
  var script: String { get }
  /// Takes over what `undo` leaves as it is.
  /// - Parameter other: the one that this earlier one replaces.
  mutating func keep(of other: any Bench)
}

/// Of a session whose commands change nothing that could be undone.
package struct EmptyBench: Bench {
  package init() {}

  package var revision: UInt64 { 0 }
  package var byteCount: Int { 0 }
  package var script: String { "" }
  package mutating func keep(of other: any Bench) {}
}
