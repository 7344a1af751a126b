/// The variables of a session, with what the running statement found in those that it has set: an
/// abort and `record` ask only for these, so that a statement costs the same however many there are.
struct Variables {
  private(set) var values: [String: Value] = [:]
  /// By name; nil where there was no variable of the name.
  private(set) var earlier: [String: Value?] = [:]
  /// The statements that are running: a command may run a cell of its own.
  private var depth = 0

  subscript(name: String) -> Value? { values[name] }

  mutating func set(_ name: String, to value: Value) {
    let old = values.updateValue(value, forKey: name)
    if earlier.index(forKey: name) == nil { earlier.updateValue(old, forKey: name) }
  }

  /// Changes a value where it lies, so that a table grows without being copied.
  mutating func change(_ name: String, _ body: (inout Value?) throws -> Void) rethrows {
    if earlier.index(forKey: name) == nil { earlier.updateValue(values[name], forKey: name) }
    try body(&values[name])
  }

  /// Starts a statement.
  /// - Returns: what `endStatement` takes to go on with the statement around this one.
  mutating func startStatement() -> [String: Value?] {
    defer {
      earlier = [:]
      depth += 1
    }
    return earlier
  }

  mutating func endStatement(resuming outer: [String: Value?]) {
    depth -= 1
    // What both have set, the outer statement found first.
    earlier = depth == 0 ? [:] : outer.merging(earlier) { outer, _ in outer }
  }

  /// Gives every variable the value that it had before the statement.
  mutating func restore() {
    for (name, value) in earlier { values[name] = value }
    earlier = [:]
  }
}
