/// The session's effective statements: what `record` writes and `history` shows.
struct Journal {
  struct Entry {
    var text: String
    /// The statement changed the training state.
    var changedState: Bool
    /// The statement set a variable or defined a command, on which later statements may rest.
    var setsNames: Bool
    /// Which statement of the session it is, from 1.
    var number: Int
  }

  private(set) var entries: [Entry] = []
  /// How often an entry was taken out; all else only appends.
  private(set) var removals = 0

  mutating func append(_ entry: Entry) { entries.append(entry) }

  /// Forgets what came after an earlier state of the journal.
  mutating func goBack(to earlier: Journal) {
    entries = earlier.entries
    // A record may have gone further.
    removals += 1
  }

  /// The first lines of the last statements that changed the state, the latest first.
  func stateChanges(last count: Int) -> [String] {
    var lines: [String] = []
    for entry in entries.reversed() where entry.changedState {
      lines.append(entry.text.split(separator: "\n").first.map(String.init) ?? "")
      if lines.count == count { break }
    }
    return lines
  }

  /// Takes note that the last statement that changed the state was undone. It is left out, unless
  /// something kept may rest on what it computed: then an `undo` follows.
  /// - Parameter number: that of the statement that undoes it.
  mutating func undoLast(by number: Int) {
    guard let index = entries.lastIndex(where: \.changedState) else { return }
    if entries[index...].contains(where: \.setsNames) {
      entries[index].changedState = false
      entries.append(
        Entry(text: "undo", changedState: false, setsNames: false, number: number))
    } else {
      entries.remove(at: index)
      removals += 1
    }
  }

  /// The lines of a script that repeats the entries from one on.
  func script(from first: Int = 0) -> String {
    entries[first...].map { $0.text + "\n" }.joined()
  }
}
