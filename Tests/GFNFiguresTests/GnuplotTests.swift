import Foundation
import GFNLanguage
import GFNParameters
import Testing

@testable import GFNFigures

/// Pictures as files. They need gnuplot, as the program's own `to=` does.
@Suite struct GnuplotTests {
  private let writer = GnuplotWriter()

  @Test(arguments: SampleFigures.usual.map(\.name), FigureFormat.allCases)
  func everyKindBecomesAFileThatIsTheSameTwice(name: String, format: FigureFormat) throws {
    let figure = try #require(SampleFigures.usual.first { $0.name == name }).figure
    let bytes = try writer.bytes(of: figure, as: format)
    let start: [UInt8] =
      switch format {
      case .svg: Array("<?xml".utf8)
      case .png: [0x89, 0x50, 0x4E, 0x47]
      case .pdf: Array("%PDF".utf8)
      }
    #expect(bytes.starts(with: start))
    #expect(try writer.bytes(of: figure, as: format) == bytes)
    if let folder = ProcessInfo.processInfo.environment["GFN_PICTURES"] {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name).\(format.rawValue)"))
    }
  }

  @Test func anSVGStandsAloneAndScalesUnderItsTitle() throws {
    let svg = try text(of: SampleFigures.heatMaps())
    #expect(svg.contains("viewBox=\"0 0 "))
    #expect(svg.contains("<title>Target, learned and error</title>"))
    for reference in ["href=\"http", "url(http", "<script", "<image"] {
      #expect(!svg.contains(reference))
    }
    #expect(try isXML(svg))
  }

  @Test func textsAreNothingButTexts() throws {
    for figure in SampleFigures.adverse {
      let svg = try text(of: figure)
      #expect(try isXML(svg))
      #expect(!svg.contains("<script"))
      for format in [FigureFormat.png, .pdf] { _ = try writer.bytes(of: figure, as: format) }
    }
    let here = FileManager.default.currentDirectoryPath
    #expect(!FileManager.default.fileExists(atPath: here + "/gfn-was-here"))
    let shown = try text(of: SampleFigures.lines(SampleFigures.hostile))
    #expect(shown.contains("’touch gfn-was-here’"))
    #expect(shown.contains("’a’.system("))
    #expect(shown.contains("a_1^2"))
    #expect(shown.contains("back\\slash"))
  }

  @Test func tickNamesKeepTheirPercentSigns() throws {
    #expect(try text(of: SampleFigures.bars(["50%d", "%s"])).contains("<text>50%d</text>"))
  }

  @Test func whatCannotBeShownIsLeftOut() throws {
    for figure in SampleFigures.empty {
      #expect(try isXML(text(of: figure)), "\(figure.content)")
    }
  }

  @Test func aQuotationCannotBeLeft() {
    #expect(GnuplotPage.quoted("it's `x`\n\u{1B}") == "'it’s ’x’ '")
  }

  @Test func withoutGnuplotTheErrorNamesThePackage() {
    let writer = GnuplotWriter(program: "gnuplot-that-is-not-there")
    let error = #expect(throws: CommandError.self) {
      try writer.bytes(of: SampleFigures.arrows(), as: .svg)
    }
    #expect(error?.code == "no-gnuplot")
    #expect(error?.fix?.contains("apt-get install gnuplot-nox") == true)
  }

  @Test func whatGnuplotSaysIsTheReason() throws {
    let process = GnuplotProcess()
    let failure = #expect(throws: GnuplotProcess.Failure.self) {
      try process.output(of: "plot nothing_of_this_name\n", isCancelled: { false })
    }
    guard case .failed(let text)? = failure else { throw CancellationError() }
    #expect(text.contains("nothing_of_this_name"))
  }

  @Test func itIsStoppedByTimeAndByWill() {
    let clock = ContinuousClock()
    var process = GnuplotProcess()
    let start = clock.now
    #expect(throws: GnuplotProcess.Failure.self) {
      try process.output(of: "pause 20\n", isCancelled: { clock.now - start > .milliseconds(50) })
    }
    process.secondsLimit = 1
    #expect(throws: GnuplotProcess.Failure.self) {
      try process.output(of: "pause 20\n", isCancelled: { false })
    }
    #expect(clock.now - start < .seconds(10))
    let error = #expect(throws: CommandError.self) {
      try writer.bytes(of: SampleFigures.arrows(), as: .svg, isCancelled: { true })
    }
    #expect(error?.code == "interrupted")
  }

  private func text(of figure: Figure) throws -> String {
    String(decoding: try writer.bytes(of: figure, as: .svg), as: UTF8.self)
  }

  /// Whether every tag is closed and every entity known, which is what hostile texts could break.
  private func isXML(_ text: String) throws -> Bool {
    var open: [Substring] = []
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "<") {
      let content = rest[rest.startIndex..<start]
      if content.contains("&") {
        let entities = content.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#"]
        if !entities.allSatisfy({ entity in known.contains { entity.hasPrefix($0) } }) {
          return false
        }
      }
      guard let end = rest[start...].firstIndex(of: ">") else { return false }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("?") || tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else {
        open.append(tag.prefix { !$0.isWhitespace })
      }
    }
    return open.isEmpty
  }
}
