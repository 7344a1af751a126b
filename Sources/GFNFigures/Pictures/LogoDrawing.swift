import GFNLanguage

/// Sequence logos: at each place the letters, the more often the higher.
enum LogoDrawing {
  private static let height = 8

  static func drawing(of logos: [SequenceLogo], _ style: PictureStyle) -> Drawing {
    let valid = logos.filter { !$0.places.isEmpty }
    guard !valid.isEmpty else { return .empty() }
    let limit = SequenceLogo.shownLimit(of: valid)
    let left = max(Ticks.number(limit).count, 4) + 1
    let room = max(style.width - left, 1)
    let longest = valid.map(\.places.count).max() ?? 1
    let spacing = longest * 3 <= room ? 3 : longest * 2 <= room ? 2 : 1
    let perBand = max(room / spacing, 1)
    let bands = valid.flatMap { logo in
      stride(from: 0, to: logo.places.count, by: perBand).map { first in
        band(
          logo, first..<min(first + perBand, logo.places.count), limit, left, spacing, style,
          isFirst: first == 0)
      }
    }
    return Drawing(canvases: [Canvas.stack(bands, gap: 1, isASCII: style.isASCII)])
  }

  private static func band(
    _ logo: SequenceLogo, _ places: Range<Int>, _ limit: Double, _ left: Int, _ spacing: Int,
    _ style: PictureStyle, isFirst: Bool
  ) -> Canvas {
    var canvas = Canvas(rows: height + 3, columns: style.width, isASCII: style.isASCII)
    if isFirst {
      canvas.write(
        Lettering.fitted(logo.title, to: style.width, isASCII: style.isASCII), row: 0, column: 0)
    }
    for (row, label) in [(1, Ticks.number(limit)), (height, "0")] {
      canvas.write(label, row: row, before: left - 1, .dim)
    }
    canvas.write("bits", row: height / 2, before: left - 1, .dim)
    for row in 1...height {
      canvas.set(style.isASCII ? "|" : "│", row: row, column: left - 1, .dim)
    }
    canvas.set(style.isASCII ? "+" : "└", row: height + 1, column: left - 1, .dim)
    for column in 0..<(places.count * spacing) {
      canvas.set(style.isASCII ? "-" : "─", row: height + 1, column: left + column, .dim)
    }
    var free = 0
    for place in places {
      let column = left + (place - places.lowerBound) * spacing
      draw(logo.places[place], of: logo, limit, on: &canvas, column: column, max(spacing - 1, 1))
      let label = "\(place)"
      if column >= free, place % labelStep(spacing) == 0 {
        canvas.write(label, row: height + 2, column: column, .dim)
        free = column + label.count + 1
      }
    }
    return canvas
  }

  private static func labelStep(_ spacing: Int) -> Int { spacing == 1 ? 5 : spacing == 2 ? 2 : 1 }

  /// Letters on each other; every line shows the one that its middle belongs to.
  private static func draw(
    _ letters: [SequenceLogo.Letter], of logo: SequenceLogo, _ limit: Double,
    on canvas: inout Canvas, column: Int, _ width: Int
  ) {
    for line in 0..<height {
      let middle = (Double(line) + 0.5) / Double(height) * limit
      var top = 0.0
      for letter in letters where letter.height > 0 {
        top += letter.height
        guard middle < top else { continue }
        let number = logo.alphabet.firstIndex(of: letter.letter) ?? 0
        let ink = Ink(Palette.letter(number), isBold: true)
        for place in 0..<width where displayWidth(letter.letter) == 1 || place == 0 {
          canvas.write(letter.letter, row: height - line, column: column + place, ink)
        }
        break
      }
    }
  }
}
