package import GFNLanguage

/// What shows the events of a session to someone.
package protocol Renderer: AnyObject {
  /// A cell starts to execute; the lines of its events count in this source.
  func begin(_ cell: Cell)
  func show(_ event: Event)
  /// The cell is over: nothing of it is left waiting.
  func end()
  /// The terminal has written "^C" where the cursor is: what follows starts on a line of its own.
  func startLine(on stream: TextStream)
}

extension Renderer {
  package func startLine(on stream: TextStream) {
    stream.writeLine("")
  }
}

/// What the command line says about output.
package struct DisplayOptions: Sendable {
  /// Show what `print` prints, warnings and errors, and nothing else.
  package var isQuiet: Bool
  /// Show every statement before its results.
  package var echoes: Bool

  package init(isQuiet: Bool = false, echoes: Bool = false) {
    self.isQuiet = isQuiet
    self.echoes = echoes
  }
}
