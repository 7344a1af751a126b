public import GFNLanguage

/// Pictures as lines of text.
public enum PictureText {
  /// The lines of a picture, coloured by the terminal's own sequences where the style has colours.
  public static func lines(of figure: Figure, _ style: PictureStyle) -> [String] {
    [figure.title] + figure.notes
  }
}
