import GFNLanguage

/// Small matrices with named rows and columns: their numbers, on colours where there are any.
struct MatrixDrawing {
  private static let gap = 2
  private static let mostRows = 40
  private static let cellWidths = (6...9).reversed()
  private static let widestLabel = 14

  /// - Returns: nil where the maps have no names, or the numbers no room.
  static func drawing(of maps: [HeatMap], _ style: PictureStyle) -> Drawing? {
    guard maps.allSatisfy({ !$0.rowLabels.isEmpty || !$0.columnLabels.isEmpty }),
      maps.allSatisfy({ $0.rows <= mostRows })
    else { return nil }
    // A blank keeps the names off the colours.
    let rowWidth = 1 + min(maps.flatMap(\.rowLabels).map(displayWidth).max() ?? 2, widestLabel)
    let columns = maps.map(\.columns).max() ?? 1
    // Many columns may be beyond what can be multiplied.
    guard columns < style.width else { return nil }
    let longest = maps.flatMap(\.columnLabels).map(displayWidth).max() ?? 2
    let cell = cellWidths.first { width in
      rowWidth + columns * width <= style.width
        && (width <= longest + 1 || width == cellWidths.last)
    }
    guard let cell else { return nil }
    let width = rowWidth + columns * cell
    let perRow = min(maps.count, (style.width + gap) / (width + gap))
    let panels = maps.map { panel($0, style, rowWidth, cell) }
    return Drawing(
      canvases: [
        Canvas.panels(panels, perRow: perRow, gap: gap, isASCII: style.isASCII),
        ColourBars.canvas(of: maps, style),
      ])
  }

  private static func panel(
    _ map: HeatMap, _ style: PictureStyle, _ rowWidth: Int, _ cell: Int
  ) -> Canvas {
    let colours = ColourMap(scale: map.scale, style: style)
    let marks = Set(map.marks)
    let width = rowWidth + map.columns * cell
    func name(_ index: Int, _ labels: [String], to width: Int) -> String {
      let label = labels.isEmpty ? "\(index)" : index < labels.count ? labels[index] : ""
      return Lettering.fitted(label, to: width, isASCII: style.isASCII)
    }
    var canvas = Canvas(rows: map.rows + 3, columns: width, isASCII: style.isASCII)
    canvas.write(
      Lettering.fitted(map.title, to: width, isASCII: style.isASCII), row: 0, column: 0)
    for column in 0..<map.columns {
      canvas.write(
        name(column, map.columnLabels, to: cell - 1), row: 1,
        before: rowWidth + (column + 1) * cell)
    }
    for row in 0..<map.rows {
      let line = 2 + (map.startsOnTop ? row : map.rows - 1 - row)
      canvas.write(name(row, map.rowLabels, to: rowWidth - 1), row: line, column: 0)
      for column in 0..<map.columns {
        let index = row * map.columns + column
        let value = map.values[index]
        guard !value.isNaN else { continue }
        let colour = style.colours == .none ? nil : colours.colour(value)
        let ink = Ink(colour?.contrast, background: colour, isBold: marks.contains(index))
        let end = rowWidth + (column + 1) * cell
        if colour != nil {
          for place in (end - cell)..<end { canvas.set(" ", row: line, column: place, ink) }
        }
        canvas.write(text(value), row: line, before: end - 1, ink)
        if marks.contains(index) { canvas.set("*", row: line, column: end - 1, ink) }
      }
    }
    let axes = HeatMapDrawing.axes(of: map, isASCII: style.isASCII)
    canvas.write(
      Lettering.fitted(axes, to: width - rowWidth, isASCII: style.isASCII), row: map.rows + 2,
      column: rowWidth, .dim)
    return canvas
  }

  /// At most five columns.
  private static func text(_ value: Double) -> String {
    if abs(value) < 99.95 {
      return NumberFormat.fixed(abs(value) < 9.995 ? 2 : 1).string(value)
    }
    return value.isFinite
      ? (abs(value) < 9999.5
        ? NumberFormat.fixed(0).string(value) : Ticks.number(value).prefix(5) + "")
      : Ticks.number(value)
  }
}
