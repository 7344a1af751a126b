/// How a picture may look where it is shown as text.
public struct PictureStyle: Sendable, Equatable {
  public enum Colours: Sendable, Comparable {
    case none
    /// The eight colours and their bright forms.
    case sixteen
    case many
    case true24
  }

  public var colours: Colours
  /// Letters, digits and punctuation alone; else braille and block characters too.
  public var isASCII: Bool
  /// Columns to draw into.
  public var width: Int
  /// Lines in which curves and heat maps find their place where they can; nil where any number is right.
  public var height: Int?

  public init(
    colours: Colours = .none, isASCII: Bool = false, width: Int = 80, height: Int? = nil
  ) {
    self.colours = colours
    self.isASCII = isASCII
    self.width = width
    self.height = height
  }
}
