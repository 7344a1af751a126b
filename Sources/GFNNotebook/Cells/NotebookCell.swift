package import GFNLanguage

/// A cell of a script with what came of it.
package struct NotebookCell: Sendable {
  package var source: ScriptCell
  package var outputs: [CellOutput]
  /// From 1 among the code cells that ran; nil where it did not run.
  package var number: Int?

  package init(_ source: ScriptCell, outputs: [CellOutput] = [], number: Int? = nil) {
    self.source = source
    self.outputs = outputs
    self.number = number
  }
}

/// One thing that a cell said, in order.
package enum CellOutput: Sendable {
  /// Lines of `print`, and notices and warnings, as a program's standard streams.
  case lines(String, isError: Bool)
  /// The value of a command: a table, a record, a picture, the text of a `note`.
  case value(Value, command: String, showing: Showing)
  case failure(Diagnostic)
}
