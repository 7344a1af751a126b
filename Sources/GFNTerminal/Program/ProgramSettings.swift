package import GFNLanguage

/// What the command line says, whatever is to be run.
package struct ProgramSettings {
  package enum Format: String, Sendable, CaseIterable {
    case table
    case json
    case csv
  }

  package var sessionOptions: SessionOptions
  package var format: Format = .table
  package var display = DisplayOptions()
  package var colour: ColourChoice = .auto
  /// Read the rc file before the first prompt.
  package var readsStartUpFile = true
  /// Go on at the prompt when a script, if any, is over.
  package var staysAtPrompt = false

  /// Write results to standard output.
  package var showsResults = true
  /// Keeps what the session says, beside showing it.
  package var observer: (any SessionObserver)?

  package init(sessionOptions: SessionOptions) {
    self.sessionOptions = sessionOptions
  }
}
