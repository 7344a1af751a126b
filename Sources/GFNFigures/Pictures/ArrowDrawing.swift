import GFNLanguage

/// A policy on a grid: an arrow for where it goes from a cell, a dot for where it stops.
enum ArrowDrawing {
  /// Beyond this share of the two directions, one is the direction.
  private static let clear = 0.7

  private enum Kind: Int, CaseIterable {
    case right
    case up
    case both
    case stop

    var colour: Colour {
      switch self {
      case .right: Palette.sky
      case .up: Palette.green
      case .both: Palette.yellow
      case .stop: Palette.vermillion
      }
    }

    func character(_ style: PictureStyle) -> Character {
      switch self {
      case .right: style.isASCII ? ">" : "→"
      case .up: style.isASCII ? "^" : "↑"
      case .both: style.isASCII ? "/" : "↗"
      case .stop: style.isASCII ? "o" : "•"
      }
    }

    var meaning: String {
      switch self {
      case .right: "right"
      case .up: "up"
      case .both: "either"
      case .stop: "mostly stop"
      }
    }

    /// - Returns: nil where there are no probabilities.
    init?(_ cell: PolicyField.Cell) {
      let move = cell.right + cell.up
      guard move.isFinite, cell.stop.isFinite else { return nil }
      if cell.stop >= move {
        guard cell.stop > 0 else { return nil }
        self = .stop
      } else if cell.right > clear * move {
        self = .right
      } else {
        self = cell.up > clear * move ? .up : .both
      }
    }
  }

  static func drawing(of field: PolicyField, _ style: PictureStyle) -> Drawing {
    guard field.rows > 0, field.columns > 0, field.cells.count % field.columns == 0,
      field.cells.count / field.columns == field.rows
    else { return .empty() }
    let left = max(String(field.rows - 1).count, 1) + 1
    let room = max(style.width - left, 1)
    let spacing = field.columns <= room / 2 ? 2 : 1
    let columns = min(field.columns, room)
    let rows = min(field.rows, 60)
    let isLine = field.rows == 1
    let (right, up) = style.isASCII ? ("right", "up") : ("→", "↑")
    let axes = "\(field.xLabel) \(right)" + (isLine ? "" : ", \(field.yLabel) \(up)")
    var canvas = Canvas(
      rows: rows + 2, columns: left + min(max(columns * spacing, axes.count), room),
      isASCII: style.isASCII)
    for row in 0..<rows {
      let line = rows - 1 - row
      if row % (rows > 10 ? 5 : 2) == 0 {
        canvas.write("\(row)", row: line, before: left - 1, .dim)
      }
      for column in 0..<columns {
        guard let kind = Kind(field.cells[row * field.columns + column]) else { continue }
        canvas.set(
          kind.character(style), row: line, column: left + column * spacing, Ink(kind.colour))
      }
    }
    let step = Int(Ticks.roundStep(Double(String(columns - 1).count + 1) / Double(spacing)))
    for column in stride(from: 0, to: columns, by: max(step, 1)) {
      canvas.write("\(column)", row: rows, column: left + column * spacing, .dim)
    }
    canvas.write(
      Lettering.fitted(axes, to: canvas.columns - left, isASCII: style.isASCII), row: rows + 1,
      column: left, .dim)
    let isCut = columns < field.columns || rows < field.rows
    return Drawing(
      canvases: [canvas, legend(isLine ? [.right, .stop] : Kind.allCases, style)],
      notes: isCut ? ["of \(field.columns)×\(field.rows) cells \(columns)×\(rows) are drawn"] : [])
  }

  private static func legend(_ kinds: [Kind], _ style: PictureStyle) -> Canvas {
    var canvas = Canvas(rows: 1, columns: style.width, isASCII: style.isASCII)
    var column = 0
    for kind in kinds {
      canvas.set(kind.character(style), row: 0, column: column, Ink(kind.colour))
      canvas.write(kind.meaning, row: 0, column: column + 2)
      column += kind.meaning.count + 5
    }
    return canvas
  }
}
