/// Told of everything that a session executes and says, whoever shows it: what an export is made of.
///
/// Called on the session's thread, outermost cells alone.
public protocol SessionObserver: AnyObject {
  /// A cell is about to be checked and to run.
  func begin(_ cell: Cell)
  /// What the cell says, in order; a `statement` comes before all that it says.
  func note(_ event: Event)
  func end(_ outcome: Outcome)
}
