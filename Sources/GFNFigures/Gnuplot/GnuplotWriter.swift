package import GFNLanguage
import Glibc

/// Draws pictures as files with gnuplot 5.4 or later.
package struct GnuplotWriter: FigureWriter {
  private let process: GnuplotProcess

  /// - Parameters:
  ///   - program: its name, looked for in `PATH`, or its path.
  ///   - secondsLimit: how long a picture may take.
  package init(program: String = "gnuplot", secondsLimit: Int = 30) {
    process = GnuplotProcess(program: program, secondsLimit: secondsLimit)
  }

  package func bytes(of figure: Figure, as format: FigureFormat) throws -> [UInt8] {
    try bytes(of: figure, as: format, isCancelled: { false })
  }

  package func bytes(
    of figure: Figure, as format: FigureFormat, isCancelled: () -> Bool
  ) throws -> [UInt8] {
    let script = Self.script(of: figure, as: format)
    do {
      let bytes = try process.output(of: script, isCancelled: isCancelled)
      guard !bytes.isEmpty else { throw GnuplotProcess.Failure.failed("no picture came") }
      return switch format {
      case .svg: Self.polished(bytes, figure)
      case .png: bytes
      case .pdf: Self.undated(bytes)
      }
    } catch let failure as GnuplotProcess.Failure {
      throw Self.error(of: failure)
    }
  }

  /// What gnuplot is told.
  static func script(of figure: Figure, as format: FigureFormat) -> String {
    let page =
      switch figure.content {
      case .lines(let charts): GnuplotPage(of: figure, lines: charts)
      case .bars(let charts): GnuplotPage(of: figure, bars: charts)
      case .heatMaps(let maps): GnuplotPage(of: figure, heatMaps: maps)
      case .arrows(let field): GnuplotPage(of: figure, arrows: field)
      case .graph(let graph): GnuplotPage(of: figure, graph: graph)
      case .logos(let logos): GnuplotPage(of: figure, logos: logos)
      }
    return page.script(terminal: terminal(of: page, format))
  }

  /// The size of a page is in points of a 96th of an inch; a PNG has two pixels a point, for sharp
  /// screens.
  private static func terminal(of page: GnuplotPage, _ format: FigureFormat) -> String {
    let text = GnuplotPage.number(GnuplotPage.textSize)
    let (width, height) = (page.width.rounded(), page.height.rounded())
    func size(_ scale: Double, _ unit: String = "") -> String {
      "size \(GnuplotPage.number(width * scale))\(unit), \(GnuplotPage.number(height * scale))\(unit)"
    }
    return switch format {
    case .svg:
      "svg \(size(1)) noenhanced font 'sans-serif,\(text)' background rgb 'white'"
    case .png:
      "pngcairo \(size(2)) noenhanced font 'Sans,\(text)' fontscale 1.55 linewidth 2 pointscale 2 "
        + "background rgb 'white'"
    case .pdf:
      "pdfcairo \(size(1.0 / 96, "in")) noenhanced font 'Sans,\(text)' fontscale 0.56 linewidth 1.4 "
        + "background rgb 'white'"
    }
  }

  /// An SVG whose name, which browsers and screen readers tell, is the picture's, and whose discs and
  /// bands have smooth edges; squares keep the sharp ones, between which no seam shows.
  private static func polished(_ bytes: [UInt8], _ figure: Figure) -> [UInt8] {
    let name = figure.title.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case _ where scalar.value < 0x20: " "
      default: String(scalar)
      }
    }.joined()
    let result = bytes.replacing(
      "<title>Gnuplot</title>".utf8, with: "<title>\(name)</title>".utf8, maxReplacements: 1)
    switch figure.content {
    case .lines, .arrows, .graph:
      return result.replacing(" shape-rendering='crispEdges'".utf8, with: "".utf8)
    case .bars, .heatMaps, .logos:
      return result
    }
  }

  /// A PDF without the time at which it was made: equal pictures are equal files.
  private static func undated(_ bytes: [UInt8]) -> [UInt8] {
    let key = Array("/CreationDate (D:".utf8)
    guard let range = bytes.firstRange(of: key) else { return bytes }
    let digits = bytes[range.upperBound...].prefix { $0 != UInt8(ascii: ")") }.prefix(14)
    var result = bytes
    // As many digits, so that the file's table of places stays true.
    result.replaceSubrange(digits.indices, with: "19700101000000".utf8.prefix(digits.count))
    return result
  }

  private static func error(of failure: GnuplotProcess.Failure) -> CommandError {
    switch failure {
    case .missing:
      CommandError(
        "no-gnuplot", "pictures as files are drawn by gnuplot, which is not installed",
        fix:
          "install it (Debian: apt-get install gnuplot-nox); without to= a picture is shown as text"
      )
    case .notStarted(let code):
      CommandError(
        "no-gnuplot", "gnuplot cannot be started: \(String(cString: strerror(code)).lowercased())",
        fix: "without to= a picture is shown as text")
    case .failed(let text):
      CommandError(
        "no-gnuplot", "gnuplot could not draw the picture: \(reason(in: text))",
        fix: "gnuplot 5.4 or later is needed, with the terminals svg, pngcairo and pdfcairo")
    case .timedOut(let seconds):
      CommandError("no-gnuplot", "gnuplot has drawn for \(seconds) s and was stopped")
    case .cancelled:
      CommandError("interrupted", "interrupted before the picture was drawn")
    }
  }

  /// The last thing that gnuplot said, without where in the script it was.
  private static func reason(in text: String) -> String {
    let lines = text.split(separator: "\n").map(String.init)
    guard let last = lines.last(where: { $0.contains { $0.isLetter } }) else {
      return "it does not say why"
    }
    let parts = last.split(separator: ": ", maxSplits: 1)
    let message = parts.count == 2 && parts[0].contains("line") ? String(parts[1]) : last
    return visible(String(message.prefix(200)))
  }
}
