/// Told of everything that a session executes and says, whoever shows it: what an export is made of.
///
/// Called on the session's thread, outermost cells alone.
package protocol SessionObserver: AnyObject {
  /// A cell is about to be checked and to run.
  func begin(_ cell: Cell)
  /// What the cell says, in order; a `statement` comes before all that it says.
  func note(_ event: Event)
  func end(_ outcome: Outcome)
  /// How much it has been told of, for `forget`; asked between two cells.
  var place: Int { get }
  /// A lesson has gone back to where the session was: what came after the place has not happened.
  func forget(after place: Int)
}
