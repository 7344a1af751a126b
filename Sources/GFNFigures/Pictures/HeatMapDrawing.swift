import GFNLanguage

/// Heat maps side by side where they fit, else one below the other, and what their colours mean.
///
/// With colours a cell of the map is a square of half blocks; without, one or more characters from light
/// to dark. Maps too large for the width are drawn by the means of blocks of cells.
struct HeatMapDrawing {
  private static let gap = 2
  /// A map is not enlarged beyond so many lines, and not drawn in more of them.
  private static let comfortable = 20
  private static let tallest = 60

  private let maps: [HeatMap]
  private let style: PictureStyle
  private let layout: Layout

  /// How large a cell is drawn, and which cells are drawn as one.
  private struct Layout {
    /// Columns and half lines of a cell.
    var across = 1
    var halves = 2
    /// So many cells in each direction are drawn as their mean.
    var merged = 1
    var perRow = 1
  }

  static func drawing(of maps: [HeatMap], _ style: PictureStyle) -> Drawing {
    let valid = maps.filter { map in
      map.rows > 0 && map.columns > 0 && map.values.count % map.columns == 0
        && map.values.count / map.columns == map.rows
    }
    guard !valid.isEmpty else { return .empty() }
    if let matrices = MatrixDrawing.drawing(of: valid, style) { return matrices }
    return HeatMapDrawing(valid, style).drawing
  }

  private init(_ maps: [HeatMap], _ style: PictureStyle) {
    self.maps = maps
    self.style = style
    layout = Self.layout(maps, style)
  }

  private static func usesHalfBlocks(_ maps: [HeatMap], _ style: PictureStyle) -> Bool {
    style.colours != .none && !style.isASCII && maps.allSatisfy(\.marks.isEmpty)
  }

  /// The largest cells with which all maps stand side by side, or the largest maps that fit at all.
  private static func layout(_ maps: [HeatMap], _ style: PictureStyle) -> Layout {
    let rows = maps.map(\.rows).max() ?? 1
    let columns = maps.map(\.columns).max() ?? 1
    let sizes: [(across: Int, halves: Int)] =
      usesHalfBlocks(maps, style)
      ? (1...8).reversed().map { ($0, $0) }
      : (1...4).reversed().map { (2 * $0, 2 * $0) } + [(1, 2)]
    let labels = maps.map(labelWidth).max() ?? 0
    // The title, those of the maps, two lines of names and the colour bar come to them.
    let room = (style.height ?? .max) - 5
    let (comfortable, tallest) = (min(comfortable, room), min(tallest, room))
    var merged = max(1, columns / (8 * style.width), rows / (8 * Self.tallest))
    while true {
      let (mergedRows, mergedColumns) = ((rows - 1) / merged + 1, (columns - 1) / merged + 1)
      for (index, size) in sizes.enumerated() {
        let width = labels + 1 + mergedColumns * size.across
        let perRow = min(maps.count, (style.width + gap) / (width + gap))
        guard perRow > 0 else { continue }
        let lines = (mergedRows * size.halves + 1) / 2
        let bands = (maps.count - 1) / perRow + 1
        let isLeast = index == sizes.count - 1
        if bands == 1 && lines <= comfortable || isLeast && bands * (lines + 4) <= tallest {
          return Layout(
            across: size.across, halves: size.halves, merged: merged, perRow: perRow)
        }
      }
      if mergedRows == 1, mergedColumns == 1 { break }
      merged += 1
    }
    return Layout(across: 1, halves: 2, merged: max(rows, columns), perRow: 1)
  }

  fileprivate static func labelWidth(_ map: HeatMap) -> Int {
    let names = map.rowLabels.map(displayWidth)
    return min(max(names.max() ?? 0, String(map.rows - 1).count), 12)
  }

  private var drawing: Drawing {
    let width = (maps.map { panelWidth($0) }.max() ?? 1)
    let panels = Canvas.panels(
      maps.map { panel($0, width: width) }, perRow: layout.perRow, gap: Self.gap,
      isASCII: style.isASCII)
    var notes: [String] = []
    if layout.merged > 1 {
      let name = "\(layout.merged)×\(layout.merged)"
      notes.append("each cell drawn is the mean of \(name) cells")
    }
    if maps.contains(where: { !$0.marks.isEmpty }), layout.across < 2 || layout.merged > 1 {
      notes.append("there is no room for the marks")
    }
    return Drawing(
      canvases: [panels, ColourBars.canvas(of: maps, style)], notes: notes)
  }

  /// Which way the coordinates go.
  static func axes(of map: HeatMap, isASCII: Bool) -> String {
    let up = map.startsOnTop ? (isASCII ? "down" : "↓") : (isASCII ? "up" : "↑")
    let right = isASCII ? "right" : "→"
    return [(map.xLabel, right), (map.yLabel, up)].filter { !$0.0.isEmpty }
      .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }

  private func panelWidth(_ map: HeatMap) -> Int {
    let columns = (map.columns - 1) / layout.merged + 1
    let title = displayWidth(Lettering.shown(map.title, isASCII: style.isASCII))
    let left = Self.labelWidth(map) + 1
    let body = left + columns * layout.across
    let axes = Self.axes(of: map, isASCII: style.isASCII)
    let names = left + displayWidth(Lettering.shown(axes, isASCII: style.isASCII))
    // Longer names may use what the others leave.
    let room = (style.width - Self.gap * (layout.perRow - 1)) / layout.perRow
    return max(body, min(max(title, names), room))
  }

  /// A map with its title and axes.
  private func panel(_ map: HeatMap, width: Int) -> Canvas {
    let cells = MergedCells(map, layout.merged)
    let left = Self.labelWidth(map) + 1
    let lines = (cells.rows * layout.halves + 1) / 2
    var canvas = Canvas(rows: lines + 3, columns: width, isASCII: style.isASCII)
    canvas.write(
      Lettering.fitted(map.title, to: width, isASCII: style.isASCII), row: 0, column: 0)
    drawCells(cells, of: map, on: &canvas, left: left, lines: lines)
    drawLabels(cells, of: map, on: &canvas, left: left, lines: lines)
    let axes = Self.axes(of: map, isASCII: style.isASCII)
    canvas.write(
      Lettering.fitted(axes, to: width - left, isASCII: style.isASCII), row: lines + 2,
      column: left, .dim)
    return canvas
  }

  private func drawCells(
    _ cells: MergedCells, of map: HeatMap, on canvas: inout Canvas, left: Int, lines: Int
  ) {
    let colours = ColourMap(scale: map.scale, style: style)
    let marks = layout.across >= 2 && layout.merged == 1 ? Set(map.marks) : []
    for line in 0..<lines {
      for column in 0..<cells.columns {
        guard let upper = cells.row(atHalf: 2 * line, layout.halves) else { continue }
        let lower = cells.row(atHalf: 2 * line + 1, layout.halves)
        let value = cells[upper, column]
        let isMarked = marks.contains(upper * map.columns + column)
        for place in 0..<layout.across {
          let x = left + column * layout.across + place
          if style.colours == .none {
            canvas.set(colours.character(value), row: 1 + line, column: x)
          } else {
            let below = lower.flatMap { colours.colour(cells[$0, column]) }
            let (character, ink) = block(
              upper: colours.colour(value), lower: upper == lower ? colours.colour(value) : below)
            canvas.set(character, row: 1 + line, column: x, ink)
          }
        }
        if isMarked {
          mark(value, colours, row: 1 + line, column: left + column * layout.across, on: &canvas)
        }
      }
    }
  }

  private func mark(
    _ value: Double, _ colours: ColourMap, row: Int, column: Int, on canvas: inout Canvas
  ) {
    let colour = style.colours == .none ? nil : colours.colour(value)
    canvas.set(
      "x", row: row, column: column + layout.across / 2,
      Ink(colour?.contrast, background: colour, isBold: true))
  }

  /// Two cells in one character.
  private func block(upper: Colour?, lower: Colour?) -> (Character, Ink) {
    switch (upper, lower) {
    case (nil, nil): (" ", Ink())
    case (let upper?, let lower?) where upper == lower: (" ", Ink(background: upper))
    case (let upper?, let lower?): ("▀", Ink(upper, background: lower))
    case (let upper?, nil): ("▀", Ink(upper))
    case (nil, let lower?): ("▄", Ink(lower))
    }
  }

  private func drawLabels(
    _ cells: MergedCells, of map: HeatMap, on canvas: inout Canvas, left: Int, lines: Int
  ) {
    let rowLabel = { (row: Int) in
      map.rowLabels.isEmpty ? "\(row)" : row < map.rowLabels.count ? map.rowLabels[row] : ""
    }
    let rowStep = step(
      for: cells.rows, spacing: 4, size: layout.halves, isNamed: !map.rowLabels.isEmpty)
    for row in stride(from: 0, to: cells.rows, by: rowStep) {
      let position = map.startsOnTop ? row : cells.rows - 1 - row
      let line = 1 + (position * layout.halves + (layout.halves - 1) / 2) / 2
      let text = Lettering.fitted(
        rowLabel(row * layout.merged), to: left - 1, isASCII: style.isASCII)
      canvas.write(text, row: line, before: left - 1)
    }
    let columnLabel = { (column: Int) in
      map.columnLabels.isEmpty
        ? "\(column)" : column < map.columnLabels.count ? map.columnLabels[column] : ""
    }
    let longest = min(
      map.columnLabels.isEmpty
        ? String(map.columns - 1).count : map.columnLabels.map(displayWidth).max() ?? 1, 8)
    let columnStep = step(
      for: cells.columns, spacing: longest + 1, size: layout.across,
      isNamed: !map.columnLabels.isEmpty)
    var free = 0
    for column in stride(from: 0, to: cells.columns, by: columnStep) {
      let text = Lettering.fitted(
        columnLabel(column * layout.merged), to: longest, isASCII: style.isASCII)
      let width = displayWidth(text)
      let place = left + column * layout.across + (layout.across - 1) / 2
      let start = max(min(place, canvas.columns - width), 0)
      guard start >= free else { continue }
      canvas.write(text, row: lines + 1, column: start)
      free = start + width + 1
    }
  }

  /// Every how many cells a label has room; round numbers of them.
  private func step(for count: Int, spacing: Int, size: Int, isNamed: Bool) -> Int {
    let least = (spacing + size - 1) / size
    if isNamed { return max(least, 1) }
    return Int(Ticks.roundStep(Double(max(least, 1))))
  }
}

/// The cells of a map, blocks of them as their means.
struct MergedCells {
  let rows: Int
  let columns: Int
  private let startsOnTop: Bool
  private let values: [Double]

  init(_ map: HeatMap, _ merged: Int) {
    rows = (map.rows - 1) / merged + 1
    columns = (map.columns - 1) / merged + 1
    startsOnTop = map.startsOnTop
    guard merged > 1 else {
      values = map.values
      return
    }
    var sums = [Double](repeating: 0, count: rows * columns)
    var counts = [Double](repeating: 0, count: rows * columns)
    for row in 0..<map.rows {
      for column in 0..<map.columns {
        let value = map.values[row * map.columns + column]
        guard !value.isNaN else { continue }
        sums[row / merged * columns + column / merged] += value
        counts[row / merged * columns + column / merged] += 1
      }
    }
    // Without any there is no number: 0/0.
    values = zip(sums, counts).map { $0 / $1 }
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The row that is drawn so many half lines from the top, where one is.
  func row(atHalf half: Int, _ halves: Int) -> Int? {
    let position = half / halves
    guard position < rows else { return nil }
    return startsOnTop ? position : rows - 1 - position
  }
}

/// What colours mean: a bar for each scale, with the names of its maps where there are several.
enum ColourBars {
  static func canvas(of maps: [HeatMap], _ style: PictureStyle) -> Canvas {
    var scales: [(scale: HeatMap.Scale, names: [String])] = []
    for map in maps {
      if let index = scales.firstIndex(where: { $0.scale == map.scale }) {
        scales[index].names.append(map.title)
      } else {
        scales.append((map.scale, [map.title]))
      }
    }
    let isSeveral = scales.count > 1
    let names = scales.map { $0.names.filter { !$0.isEmpty }.joined(separator: ", ") }
    let nameWidth = isSeveral ? min(names.map(displayWidth).max() ?? 0, style.width / 2) + 2 : 0
    var canvas = Canvas(rows: scales.count, columns: style.width, isASCII: style.isASCII)
    for (row, scale) in scales.enumerated() {
      if isSeveral {
        canvas.write(
          Lettering.fitted(names[row], to: nameWidth - 2, isASCII: style.isASCII), row: row,
          column: 0)
      }
      let length = min(max(style.width - nameWidth - 20, 5), 24)
      let bar = ColourMap(scale: scale.scale, style: style).bar(width: length)
      canvas.draw(bar, row: row, column: nameWidth)
    }
    return canvas
  }
}
