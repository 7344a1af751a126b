package import GFNParameters

/// What may stand at a place.
package struct CompletionList: Sendable {
  /// The UTF-8 offset at which the text starts that a candidate replaces.
  package var replaceFrom: Int
  /// In the order in which they are shown; all start with what is typed.
  package var candidates: [Candidate]
  /// The names of files may stand there too.
  package var paths: PathUse?

  package init(replaceFrom: Int, candidates: [Candidate] = [], paths: PathUse? = nil) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
    self.paths = paths
  }
}

package struct Candidate: Sendable {
  package var text: String
  /// One line; may be empty.
  package var description: String
  /// A blank may follow: not after `batch=`, which a value follows, nor in a list.
  package var isFinal: Bool

  package init(_ text: String, _ description: String, isFinal: Bool = true) {
    self.text = text
    self.description = description
    self.isFinal = isFinal
  }
}
