/// A kind of file that a picture can be written as.
package enum FigureFormat: String, Sendable, CaseIterable {
  case svg
  case png
  case pdf
}

/// Makes files of pictures. The language knows none; the program brings one.
package protocol FigureWriter: Sendable {
  /// - Throws: `CommandError`, where the picture cannot be made: the message says what is missing.
  func bytes(of figure: Figure, as format: FigureFormat) throws -> [UInt8]

  /// The same, given up with the error `interrupted` where it is no longer wanted.
  func bytes(
    of figure: Figure, as format: FigureFormat, isCancelled: () -> Bool
  ) throws -> [UInt8]
}

extension FigureWriter {
  package func bytes(
    of figure: Figure, as format: FigureFormat, isCancelled: () -> Bool
  ) throws -> [UInt8] {
    try bytes(of: figure, as: format)
  }
}
