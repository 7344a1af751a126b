public import GFNLanguage

/// What the command line says, whatever is to be run.
public struct ProgramSettings {
  public enum Format: String, Sendable, CaseIterable {
    case table
    case json
    case csv
  }

  public var sessionOptions: SessionOptions
  public var format: Format = .table
  public var display = DisplayOptions()
  public var colour: ColourChoice = .auto
  /// Read the rc file before the first prompt.
  public var readsStartUpFile = true
  /// Go on at the prompt when a script, if any, is over.
  public var staysAtPrompt = false

  /// Write results to standard output.
  public var showsResults = true
  /// Keeps what the session says, beside showing it.
  public var observer: (any SessionObserver)?

  public init(sessionOptions: SessionOptions) {
    self.sessionOptions = sessionOptions
  }
}
