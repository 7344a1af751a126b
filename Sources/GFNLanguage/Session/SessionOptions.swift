package import GFNParameters

package struct SessionOptions: Sendable {
  /// Statements that say how the session was started, which a record begins with: `seed 7`.
  package var opening: [String]
  /// A person types at a terminal.
  package var isInteractive: Bool
  /// What relative file names refer to.
  package var workingDirectory: String
  /// Go on with the next statement after one has failed.
  package var keepGoing: Bool
  /// Values that `let NAME ?= default` keeps, as typed: `NAME=VALUE` on the command line.
  package var prebound: [String: String]
  /// Directories that may be written to beside the working and the temporary directory.
  package var writableDirectories: [String]
  /// The stack of the thread on which the session runs, in bytes: a `def` may call itself only as
  /// deeply as it has room.
  package var stackSize = 8 << 20
  /// Bytes of memory of which snapshots and what 'undo' keeps may take their shares.
  package var memory = Memory.bytes
  /// Someone watches who sees one picture replace another: `Event.live` is worth its computing.
  package var showsLive = false
  /// Where the program's own `docs/` lies, beside whose files lessons and examples find their tables.
  package var programFolder: String?
  /// Starts programs that score objects.
  package var programs: (any ProgramStarter)?
  /// Which of them what nobody types at the prompt may start.
  package var permission = ProgramPermission.none
  /// Makes files of pictures.
  package var figureWriter: (any FigureWriter)?

  package init(
    opening: [String] = [], isInteractive: Bool = false,
    workingDirectory: String = ".",
    keepGoing: Bool = false, prebound: [String: String] = [:], writableDirectories: [String] = []
  ) {
    self.opening = opening
    self.isInteractive = isInteractive
    self.workingDirectory = workingDirectory
    self.keepGoing = keepGoing
    self.prebound = prebound
    self.writableDirectories = writableDirectories
  }
}

/// A piece of source that runs as one: a line of the prompt, a cell of a notebook, a script.
package struct Cell: Sendable {
  package var source: String
  /// The file, or "input".
  package var name: String
  /// The line of the file at which the source starts, from 1.
  package var firstLine: Int
  /// A person has typed it at the prompt.
  package var isTyped: Bool

  package init(
    source: String, name: String = "input", firstLine: Int = 1, isTyped: Bool = false
  ) {
    self.source = source
    self.name = name
    self.firstLine = firstLine
    self.isTyped = isTyped
  }
}

/// How a cell ended.
package enum Outcome: Sendable, Equatable {
  case done
  /// A statement failed, or the check found an error: see `Diagnostic.phase`.
  case failed
  /// `exit N`.
  case exit(Int32)
  case interrupted
}
