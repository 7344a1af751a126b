public struct SessionOptions: Sendable {
  /// Replaces the default seed.
  public var seed: UInt64?
  /// Threads that compute; nil for the processors that the process may use.
  public var threads: Int?
  /// A person types at a terminal.
  public var isInteractive: Bool
  /// What relative file names refer to.
  public var workingDirectory: String
  /// Go on with the next statement after one has failed.
  public var keepGoing: Bool
  /// Values that `let NAME ?= default` keeps, as typed: `NAME=VALUE` on the command line.
  public var prebound: [String: String]
  /// Directories that may be written to beside the working and the temporary directory.
  public var writableDirectories: [String]
  /// The stack of the thread on which the session runs, in bytes: a `def` may call itself only as
  /// deeply as it has room.
  public var stackSize = 8 << 20
  /// Someone watches who sees one picture replace another: `Event.live` is worth its computing.
  public var showsLive = false
  /// Makes files of pictures.
  public var figureWriter: (any FigureWriter)?

  public init(
    seed: UInt64? = nil, threads: Int? = nil, isInteractive: Bool = false,
    workingDirectory: String = ".",
    keepGoing: Bool = false, prebound: [String: String] = [:], writableDirectories: [String] = []
  ) {
    self.seed = seed
    self.isInteractive = isInteractive
    self.workingDirectory = workingDirectory
    self.keepGoing = keepGoing
    self.prebound = prebound
    self.writableDirectories = writableDirectories
    self.threads = threads
  }
}

/// A piece of source that runs as one: a line of the prompt, a cell of a notebook, a script.
public struct Cell: Sendable {
  public var source: String
  /// The file, or "input".
  public var name: String
  /// The line of the file at which the source starts, from 1.
  public var firstLine: Int

  public init(source: String, name: String = "input", firstLine: Int = 1) {
    self.source = source
    self.name = name
    self.firstLine = firstLine
  }
}

/// How a cell ended.
public enum Outcome: Sendable, Equatable {
  case done
  /// A statement failed, or the check found an error: see `Diagnostic.phase`.
  case failed
  /// `exit N`.
  case exit(Int32)
  case interrupted
}
