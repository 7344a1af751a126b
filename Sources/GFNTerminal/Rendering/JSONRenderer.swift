public import GFNLanguage

/// Shows events as one JSON object a line: values on one stream, diagnostics on the other.
public final class JSONRenderer: Renderer {
  private let output: TextStream
  private let errors: TextStream
  private let options: DisplayOptions
  private var progress: ProgressDisplay

  public init(output: TextStream, errors: TextStream, options: DisplayOptions = DisplayOptions()) {
    self.output = output
    self.errors = errors
    self.options = options
    progress = ProgressDisplay(stream: errors)
  }
  public func begin(_ cell: Cell) {}
  public func end() {}
  public func show(_ event: Event) {}
}
