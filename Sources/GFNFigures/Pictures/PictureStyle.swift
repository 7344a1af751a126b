/// How a picture may look where it is shown as text.
package struct PictureStyle: Sendable, Equatable {
  package enum Colours: Sendable, Comparable {
    case none
    /// The eight colours and their bright forms.
    case sixteen
    case many
    case true24
  }

  package var colours: Colours
  /// Letters, digits and punctuation alone; else braille and block characters too.
  package var isASCII: Bool
  /// Columns to draw into.
  package var width: Int
  /// Lines in which curves and heat maps find their place where they can; nil where any number is right.
  package var height: Int?

  package init(
    colours: Colours = .none, isASCII: Bool = false, width: Int = 80, height: Int? = nil
  ) {
    self.colours = colours
    self.isASCII = isASCII
    self.width = width
    self.height = height
  }
}
