public import GFNLanguage

/// A cell of a script with what came of it.
public struct NotebookCell: Sendable {
  public var source: ScriptCell
  public var outputs: [CellOutput]
  /// From 1 among the code cells that ran; nil where it did not run.
  public var number: Int?

  public init(_ source: ScriptCell, outputs: [CellOutput] = [], number: Int? = nil) {
    self.source = source
    self.outputs = outputs
    self.number = number
  }
}

/// One thing that a cell said, in order.
public enum CellOutput: Sendable {
  /// Lines of `print`, and notices and warnings, as a program's standard streams.
  case lines(String, isError: Bool)
  /// The value of a command: a table, a record, a picture, the text of a `note`.
  case value(Value, command: String, isCompact: Bool)
  case failure(Diagnostic)
}
