package import GFNFigures
package import GFNLanguage

/// Leads a person through something at the prompt, which stays an ordinary one in between.
@MainActor
package protocol PromptGuide: AnyObject {
  /// Where one is; stands in the prompt.
  var label: String { get }
  /// Words that mean something alone on a line, with what they do.
  var words: [(word: String, meaning: String)] { get }
  /// What has to be shown before the next prompt; each text once.
  func takeText(width: Int) -> [StyledLine]
  /// What is to be typed by itself at the next prompt; nil where the person types.
  var typing: GuidedTyping? { get }
  /// A key has stopped the typing.
  func pause()
  /// What an entry asks the guide for; nil where it is the session's.
  func action(for entry: String) -> GuideAction?
  /// The cell that the guide wants to run is about to.
  func begin()
  /// It has run.
  func finish(_ outcome: Outcome)
}

/// Something to be typed by itself.
package struct GuidedTyping {
  package var cell: Cell
  /// A key is waited for first.
  package var waits: Bool

  package init(_ cell: Cell, waits: Bool) {
    self.cell = cell
    self.waits = waits
  }
}

package enum GuideAction {
  case run(Cell)
  case nothing
  /// The guide has nothing more to say.
  case leave
}
