package import GFNLanguage

/// Pictures as lines of text.
package enum PictureText {
  /// Wider than this no picture is drawn, however wide the window.
  static let greatestWidth = 200

  /// The lines of a picture, coloured by the terminal's own sequences where the style has colours. None
  /// is wider than the style's width.
  package static func lines(of figure: Figure, _ style: PictureStyle) -> [String] {
    var style = style
    style.width = min(max(style.width, 1), greatestWidth)
    var drawing = drawing(of: figure.content, style)
    let title = Lettering.fitted(figure.title, to: style.width, isASCII: style.isASCII)
    if !title.isEmpty {
      var heading = Canvas(rows: 1, columns: style.width, isASCII: style.isASCII)
      heading.write(title, row: 0, column: 0, .bold)
      drawing.canvases.insert(heading, at: 0)
    }
    return drawing.canvases.flatMap { $0.lines(style.colours, width: style.width) }
      + (drawing.notes + figure.notes).flatMap {
        Lettering.wrapped($0, to: style.width, isASCII: style.isASCII)
      }
  }

  private static func drawing(of content: Figure.Content, _ style: PictureStyle) -> Drawing {
    switch content {
    case .lines(let charts): LineDrawing.drawing(of: charts, style)
    case .bars(let charts): BarDrawing.drawing(of: charts, style)
    case .heatMaps(let maps): HeatMapDrawing.drawing(of: maps, style)
    case .arrows(let field): ArrowDrawing.drawing(of: field, style)
    case .graph(let graph): GraphDrawing.drawing(of: graph, style)
    case .logos(let logos): LogoDrawing.drawing(of: logos, style)
    }
  }
}

/// A picture drawn, with what a reader has to know of it.
struct Drawing {
  var canvases: [Canvas]
  var notes: [String] = []

  /// For a picture of nothing.
  static func empty(_ reason: String = "nothing to draw") -> Drawing {
    Drawing(canvases: [], notes: [reason])
  }
}
