public import GFNCore

/// What may stand at a place.
public struct CompletionList: Sendable {
  /// The UTF-8 offset at which the text starts that a candidate replaces.
  public var replaceFrom: Int
  /// In the order in which they are shown; all start with what is typed.
  public var candidates: [Candidate]
  /// The names of files may stand there too.
  public var paths: PathUse?

  public init(replaceFrom: Int, candidates: [Candidate] = [], paths: PathUse? = nil) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
    self.paths = paths
  }
}

public struct Candidate: Sendable {
  public var text: String
  /// One line; may be empty.
  public var description: String
  /// A blank may follow: not after `batch=`, which a value follows.
  public var isFinal: Bool

  public init(_ text: String, _ description: String, isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}
