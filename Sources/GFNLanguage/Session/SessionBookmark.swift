/// Everything that statements change in a session, as one value: a lesson goes back to it.
package struct SessionBookmark {
  fileprivate var bench: any Bench
  fileprivate var variables: Variables
  fileprivate var definitions: [String: Definition]
  fileprivate var declarations: Declarations
  fileprivate var setByDefinitions: Set<String>
  fileprivate var snapshots: [String: any Bench]
  fileprivate var lastShown: Value?
  fileprivate var journal: Journal
  fileprivate var undoStack: [any Bench]
  fileprivate var observed: Int?
}

extension Session {
  /// The session as it is between two cells.
  package var bookmark: SessionBookmark {
    SessionBookmark(
      bench: bench, variables: variables, definitions: definitions, declarations: declarations,
      setByDefinitions: setByDefinitions, snapshots: snapshots, lastShown: lastShown,
      journal: journal, undoStack: undoStack, observed: observer?.place)
  }

  /// Makes the session what it was, between two cells: files stay, and so does what is recorded beyond
  /// the journal.
  package func goBack(to bookmark: SessionBookmark) {
    bench = bookmark.bench
    variables = bookmark.variables
    definitions = bookmark.definitions
    declarations = bookmark.declarations
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
