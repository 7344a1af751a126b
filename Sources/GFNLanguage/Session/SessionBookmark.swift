/// Everything that statements change in a session, as one value: a lesson goes back to it.
public struct SessionBookmark {
  fileprivate var workbench: Workbench
  fileprivate var variables: Variables
  fileprivate var definitions: [String: Definition]
  fileprivate var setByDefinitions: Set<String>
  fileprivate var snapshots: [String: Workbench]
  fileprivate var lastShown: Value?
  fileprivate var journal: Journal
  fileprivate var undoStack: [Workbench]
  fileprivate var observed: Int?
}

extension Session {
  /// The session as it is between two cells.
  public var bookmark: SessionBookmark {
    SessionBookmark(
      workbench: workbench, variables: variables, definitions: definitions,
      setByDefinitions: setByDefinitions, snapshots: snapshots, lastShown: lastShown,
      journal: journal, undoStack: undoStack, observed: observer?.place)
  }

  /// Makes the session what it was, between two cells: files stay, and so does what is recorded beyond
  /// the journal.
  public func goBack(to bookmark: SessionBookmark) {
    workbench = bookmark.workbench
    variables = bookmark.variables
    definitions = bookmark.definitions
    setByDefinitions = bookmark.setByDefinitions
    snapshots = bookmark.snapshots
    lastShown = bookmark.lastShown
    journal.goBack(to: bookmark.journal)
    undoStack = bookmark.undoStack
    if let place = bookmark.observed { observer?.forget(after: place) }
    extendRecord()
    syncRecord()
  }
}
