package import GFNParameters

/// What a session says while it executes a cell, in order. Renderers turn events into coloured
/// text, plain text, JSON lines or cell outputs.
package enum Event: Sendable {
  /// A command's value, to be shown. `line` is absolute in its source (from 1).
  case value(Value, command: String, line: Int, showing: Showing)
  /// The text of a `print`, without its newline.
  case printed(String, line: Int)
  /// A statement of the cell itself is about to run; its text as written, and whether a record keeps it.
  case statement(String, line: Int, isRecorded: Bool)
  /// Something a reader should know and a script may ignore: a warning or a notice.
  case notice(Notice)
  /// How far a long operation has come; at most ten a second.
  case progress(Progress)
  /// A row of the table that a long operation will return, as soon as it is known.
  case row(columns: [Column], values: [Value], command: String, line: Int)
  /// What a long operation has come to, as a picture that the next one replaces; at most ten a second.
  case live(Figure)
  case failure(Diagnostic)
}

package struct Notice: Sendable {
  package enum Level: Sendable {
    case note
    case warning
  }
  package var level: Level
  package var message: String
  package var line: Int?

  package init(_ level: Level, _ message: String, line: Int? = nil) {
    self.level = level
    self.message = message
    self.line = line
  }
}

/// Named readings beside how much is done: `train` gives step, loss, log_z, tv, states_per_second.
package struct Progress: Sendable {
  package var command: String
  package var done: Double
  package var total: Double
  package var readings: [(name: String, value: Double, style: NumberStyle)]
  package var secondsLeft: Double?
  /// The operation is over; the live line may be cleared.
  package var isLast: Bool

  package init(
    command: String, done: Double, total: Double,
    readings: [(name: String, value: Double, style: NumberStyle)], secondsLeft: Double?,
    isLast: Bool = false
  ) {
    self.command = command
    self.done = done
    self.total = total
    self.readings = readings
    self.secondsLeft = secondsLeft
    self.isLast = isLast
  }
}

/// How a value is meant to be shown.
package enum Showing: Sendable {
  case whole
  /// A table in a loop: one line.
  case compact
  /// By `print`: also where results are kept back.
  case printed
  /// A text for a reader, in a notebook Markdown.
  case prose
}
