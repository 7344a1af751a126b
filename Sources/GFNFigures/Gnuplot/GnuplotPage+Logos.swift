import GFNLanguage

extension GnuplotPage {
  /// Logos one above the other: a box for each letter, as high as its share of the information.
  init(of figure: Figure, logos: [SequenceLogo]) {
    let places = Double(max(logos.map(\.places.count).max() ?? 1, 1))
    let cell = min(max(620 / places, 14), 52)
    let plotHeight = logos.count == 1 ? 220.0 : 150.0
    let left = 70.0
    let panel = plotHeight + 74
    self.init(
      of: figure, width: max(left + cell * places + 24, 320),
      contentHeight: panel * Double(max(logos.count, 1)))
    for (index, logo) in logos.enumerated() {
      let area = Area(
        left: left, bottom: content.top - panel * Double(index) - 26 - plotHeight,
        width: cell * Double(max(logo.places.count, 1)), height: plotHeight)
      draw(logo, in: area, cell: cell, limit: SequenceLogo.shownLimit(of: logos))
    }
  }

  private mutating func draw(
    _ logo: SequenceLogo, in area: Area, cell: Double, limit: Double
  ) {
    begin(area)
    axes("position", "bits")
    label(Self.cut(logo.title, to: 80), area.left, area.top + 13, "left")
    add("set xrange [0.5:\(Self.number(Double(max(logo.places.count, 1)) + 0.5))]")
    add("set yrange [0:\(Self.number(limit))]")
    let step = cell >= 20 ? 1 : 5
    let numbers = (0..<logo.places.count).filter { $0 % step == 0 }
    ticks("x", numbers.map { (String($0), Double($0 + 1)) })
    var boxes: [[Double]] = []
    for (index, letters) in logo.places.enumerated() {
      var bottom = 0.0
      for letter in letters where letter.height.isFinite && letter.height > 0 {
        let x = Double(index + 1)
        let colour = logo.alphabet.firstIndex(of: letter.letter).map(GnuplotColours.letter)
        let top = bottom + letter.height
        boxes.append([
          x, bottom, x - 0.47, x + 0.47, bottom, top,
          GnuplotColours.number(of: colour ?? GnuplotColours.axis),
        ])
        write(
          letter.letter, x, (bottom + top) / 2,
          size: min(cell * 0.8, letter.height / limit * area.height) * 0.8)
        bottom = top
      }
    }
    guard !boxes.isEmpty else { return finishBare() }
    add(
      "plot \(data(boxes)) using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid 1 noborder "
        + "linecolor rgb variable notitle")
  }

  /// Writes a letter into its box where it can be read.
  private mutating func write(_ letter: String, _ x: Double, _ y: Double, size: Double) {
    guard size >= 6 else { return }
    add(
      "set label \(Self.quoted(Self.cut(letter, to: 3))) at \(Self.number(x)), \(Self.number(y)) "
        + "center front \(Self.style(size, "#ffffff"))")
  }
}
