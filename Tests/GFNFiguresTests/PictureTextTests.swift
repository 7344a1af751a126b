import GFNLanguage
import Testing

@testable import GFNFigures

@Suite struct PictureTextTests {
  private static let styles: [PictureStyle] = [
    PictureStyle(), PictureStyle(isASCII: true), PictureStyle(colours: .sixteen),
    PictureStyle(colours: .many), PictureStyle(colours: .true24),
    PictureStyle(colours: .true24, isASCII: true),
  ]

  @Test(arguments: [1, 5, 12, 25, 40, 57, 80, 160, 1000])
  func noLineIsWiderThanTheStyle(width: Int) {
    for figure in Gallery.ordinary + Gallery.degenerate {
      for var style in Self.styles {
        style.width = width
        let wrong = PictureText.lines(of: figure, style).filter { line in
          let shown = withoutColours(line)
          return displayWidth(shown) > width
            || style.isASCII && !shown.utf8.allSatisfy { (32..<127).contains($0) }
            || style.colours == .none && shown != line
        }
        #expect(wrong.isEmpty, "\(figure.title) \(style)")
      }
    }
  }

  private func withoutColours(_ line: String) -> String {
    var isSequence = false
    var scalars = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      if scalar == "\u{1B}" {
        isSequence = true
      } else if !isSequence {
        scalars.append(scalar)
      } else if scalar == "m" {
        isSequence = false
      }
    }
    return String(scalars)
  }

  @Test func threeGridsOfSixteenStandSideBySideInEightyColumns() {
    let figure = Figure(
      "", .heatMaps([Gallery.grid(16), Gallery.grid(16, "learned"), Gallery.difference(16)]))
    for style in Self.styles {
      let titles = PictureText.lines(of: figure, style)[0].split(separator: " ")
      #expect(titles.count == 5)
    }
    let narrow = PictureText.lines(of: figure, PictureStyle(width: 40))
    #expect(narrow.filter { $0.contains("learned ") && !$0.contains("target,") }.count >= 1)
  }

  @Test func largeGridsAreDrawnByTheirMeansAndSaySo() {
    let lines = PictureText.lines(
      of: Figure("", .heatMaps([Gallery.grid(200)])), PictureStyle(width: 80))
    #expect(lines.contains { $0.contains("the mean of") })
    let ones = HeatMap(
      "", rows: 300, columns: 300, [Double](repeating: 1, count: 90000),
      scale: .sequential(low: 0, high: 1), xLabel: "", yLabel: "")
    let cells = MergedCells(ones, 7)
    #expect(cells.rows == 43)
    #expect(cells[42, 42] == 1)
  }

  @Test func coloursAreWrittenAsTheTerminalTakesThem() {
    let colour = Colour(255, 0, 0, sixteen: 9)
    #expect(colour.parameters(.true24, isBackground: false) == "38;2;255;0;0")
    #expect(colour.parameters(.true24, isBackground: true) == "48;2;255;0;0")
    #expect(colour.parameters(.many, isBackground: false) == "38;5;196")
    #expect(Colour(128, 128, 128, sixteen: 8).parameters(.many, isBackground: true) == "48;5;244")
    #expect(colour.parameters(.sixteen, isBackground: false) == "91")
    #expect(colour.parameters(.sixteen, isBackground: true) == "101")
    #expect(Colour.black.parameters(.sixteen, isBackground: true) == "40")
  }

  @Test(arguments: [PictureStyle.Colours.sixteen, .many, .true24])
  func everyColouredLineEndsPlain(colours: PictureStyle.Colours) {
    for figure in Gallery.ordinary {
      for line in PictureText.lines(of: figure, PictureStyle(colours: colours))
      where line.contains("\u{1B}") {
        let last = line.matches(of: /\u{1B}\[[0-9;]*m/).last?.output
        #expect(last == "\u{1B}[0m")
      }
    }
  }

  @Test func lightnessFollowsTheNumbers() {
    let map = ColourMap(scale: .sequential(low: 2, high: 4), style: PictureStyle(colours: .true24))
    let luminances = stride(from: 2.0, through: 4, by: 0.05).compactMap {
      map.colour($0)?.luminance
    }
    #expect(luminances.count > 40)
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 < $1 })
    #expect(map.colour(.nan) == nil)
    #expect(map.colour(.infinity) == map.colour(4))
    let signed = ColourMap(scale: .diverging(limit: 1), style: PictureStyle(colours: .true24))
    #expect(signed.colour(-0.8).map { $0.blue > $0.red } == true)
    #expect(signed.colour(0.8).map { $0.blue < $0.red } == true)
  }

  @Test func controlCharactersOfATextDoNotReachTheTerminal() {
    for figure in Gallery.degenerate {
      for line in PictureText.lines(of: figure, PictureStyle()) {
        #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
      }
    }
  }

  @Test func asciiSpellsWhatItCan() {
    #expect(Lettering.shown("learned − target → π", isASCII: true) == "learned - target -> pi")
    #expect(Lettering.shown("語", isASCII: true) == "?")
    #expect(Lettering.fitted("abcdefgh", to: 5, isASCII: true) == "abc..")
  }
}

@Suite struct TicksTests {
  @Test(arguments: [(0.0, 1.0), (-3, 17), (0.12, 0.13), (1e6, 4e6), (-1e-7, 1e-7), (5, 5), (0, 0)])
  func ticksAreRoundEvenAndWithinTheAxis(low: Double, high: Double) {
    for count in 2...9 {
      let axis = Ticks.linear([low, high], count: count, ends: true)
      #expect(axis.low <= low && high <= axis.high)
      #expect((2...(2 * count)).contains(axis.ticks.count))
      let gaps = zip(axis.ticks, axis.ticks.dropFirst()).map { $1.position - $0.position }
      for gap in gaps {
        #expect(abs(gap - gaps[0]) < 1e-9 * gaps[0] + 1e-12 * abs(high))
        #expect(abs(Ticks.roundStep(gap * 0.999) - gap) < 1e-6 * gap)
      }
      #expect(Set(axis.ticks.map(\.label)).count == axis.ticks.count)
    }
  }

  @Test func labelsHaveTheDecimalsOfTheirStep() {
    #expect(
      Ticks.linear([0, 1], count: 5, ends: true).ticks.map(\.label)
        == ["0.0", "0.5", "1.0"])
    #expect(
      Ticks.linear([0, 100], count: 6, ends: true).ticks.map(\.label)
        == ["0", "20", "40", "60", "80", "100"])
    #expect(
      Ticks.linear([0, 4e6], count: 5, ends: true).ticks.map(\.label)
        == ["0", "1e6", "2e6", "3e6", "4e6"])
  }

  @Test func aLogarithmicAxisHasPowersOfTen() {
    let axis = Ticks.logarithmic([0.02, 30, -1, 0, .nan], count: 4)
    #expect((axis.low, axis.high) == (-2, 2))
    #expect(axis.ticks.map(\.label) == ["0.01", "1", "100"])
  }
}
