import Foundation
import GFNCore
import GFNParameters
import GFNTestSupport
import OrderedCollections
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// The data of pictures; how they look is tested where they are drawn.
@Suite struct PlotTests {
  static let small = "policy layers=1 hidden=8; critic layers=1 hidden=8; env hypergrid side=6"

  private func figure(_ lab: Lab, _ source: String) throws -> Figure {
    #expect(lab.run(source) == .done, "\(lab.failures.map { $0.rendered() })")
    guard case .figure(let figure)? = lab.values.last?.value else {
      throw CommandError("test", "'\(source)' shows no picture")
    }
    return figure
  }

  private func maps(_ lab: Lab, _ source: String) throws -> [HeatMap] {
    let content = try figure(lab, source).content
    guard case .heatMaps(let maps) = content else { throw Unexpected(content) }
    return maps
  }

  private func charts(_ lab: Lab, _ source: String) throws -> [LineChart] {
    let content = try figure(lab, source).content
    guard case .lines(let charts) = content else { throw Unexpected(content) }
    return charts
  }

  private func bars(_ lab: Lab, _ source: String) throws -> BarChart {
    let content = try figure(lab, source).content
    guard case .bars(let charts) = content else { throw Unexpected(content) }
    return try #require(charts.first)
  }

  private func arrows(_ lab: Lab, _ source: String) throws -> PolicyField {
    let content = try figure(lab, source).content
    guard case .arrows(let field) = content else { throw Unexpected(content) }
    return field
  }

  private struct Unexpected: Error {
    var content: Figure.Content

    init(_ content: Figure.Content) { self.content = content }
  }

  // MARK: - Grids

  @Test func binsOfCountsHoldWholeOnes() {
    let values = (0...21).map(Double.init)
    let bins = HistogramBins([.init("n", values, values.map { _ in 1 })], most: 20)
    #expect(bins.labels.first == "0–1" && bins.labels.last == "20–21")
    #expect(bins.series.first?.values == [Double](repeating: 2, count: 11))
    #expect(bins.notes.isEmpty)
  }

  @Test func theTargetOfAGridSumsToOneAndLiesAsTheGridDoes() throws {
    let lab = try Lab()
    let map = try #require(
      try maps(lab, "env hypergrid side=4 reward=\"1 + x[0] + 10*x[1]\"; plot target").first)
    #expect(abs(map.values.reduce(0, +) - 1) < 1e-12)
    var total = 0.0
    for y in 0..<4 { for x in 0..<4 { total += Double(1 + x + 10 * y) } }
    // x0 goes across, x1 up.
    #expect(abs(map.values[3 * 4 + 1] - 32 / total) < 1e-12)
    #expect(map.xLabel == "x0" && map.yLabel == "x1" && !map.startsOnTop)
    let turned = try #require(try maps(lab, "plot target axes=(1, 0)").first)
    #expect(abs(turned.values[1 * 4 + 3] - 32 / total) < 1e-12)
  }

  @Test func errorIsLearnedLessTargetOnOneScale() throws {
    let lab = try Lab()
    let panels = try maps(lab, "\(Self.small); train 3; plot error")
    #expect(panels.count == 3)
    let (target, learned, difference) = (panels[0], panels[1], panels[2])
    for cell in target.values.indices {
      #expect(difference.values[cell] == learned.values[cell] - target.values[cell])
    }
    #expect(target.scale == learned.scale)
    let limit = difference.values.map(abs).max() ?? 0
    #expect(difference.scale == .diverging(limit: limit))
    let tv = difference.values.map(abs).reduce(0, +) / 2
    lab.run("evaluate")
    #expect(abs(lab.number("tv") - tv) < 1e-9)
  }

  @Test func otherCoordinatesAreSummedOrFixed() throws {
    let lab = try Lab()
    lab.run("\(Self.small) dim=3")
    let sum = try #require(try maps(lab, "plot learned axes=(0, 2)").first)
    #expect(abs(sum.values.reduce(0, +) - 1) < 1e-9)
    var slices = [Double](repeating: 0, count: 36)
    for value in 0..<6 {
      let slice = try #require(
        try maps(lab, "plot learned axes=(0, 2) fixed=[\(value)]").first)
      for cell in slices.indices { slices[cell] += slice.values[cell] }
    }
    #expect(zip(slices, sum.values).allSatisfy { abs($0 - $1) < 1e-12 })
    let line = try #require(try charts(lab, "plot target axes=(1)").first)
    #expect(abs((line.series.first?.points.map(\.y).reduce(0, +) ?? 0) - 1) < 1e-9)
  }

  @Test func aSampledMapCountsSamplesAndSaysSo() throws {
    let lab = try Lab()
    let picture = try figure(lab, "env hypergrid dim=12 side=16; plot learned samples=50")
    #expect(picture.notes.contains { $0.contains("50 samples") })
    guard case .heatMaps(let maps) = picture.content else { throw Unexpected(picture.content) }
    #expect(abs((maps.first?.values.reduce(0, +) ?? 0) - 1) < 1e-9)
    #expect(lab.code("plot target") == "too-large")
    #expect(lab.code("plot error") == "too-large")
    #expect(lab.code("plot flow") == "too-large")
    let held = "fixed=[\([String](repeating: "0", count: 10).joined(separator: ", "))]"
    _ = try figure(lab, "plot target \(held)")
    _ = try figure(lab, "plot policy \(held)")
  }

  @Test func theFlowIsWhatInspectShows() throws {
    for objective in ["tb log_z=2", "db", "subtb"] {
      let lab = try Lab()
      let map = try #require(
        try maps(lab, "\(Self.small); objective \(objective); train 2; plot flow").first)
      lab.run("let s = inspect (2, 3); print $s.log_flow")
      guard
        case .number(let logFlow, _)? = lab.session.variables["s"].flatMap({ value -> Value? in
          if case .table(let table) = value { table.fields["log_flow"] } else { nil }
        })
      else {
        Issue.record("no flow")
        continue
      }
      #expect(abs(map.values[3 * 6 + 2] - logFlow / 2.302585092994046) < 1e-5, "\(objective)")
    }
  }

  @Test func thePolicyOfACellIsADistribution() throws {
    let lab = try Lab()
    let field = try arrows(lab, "\(Self.small); plot policy")
    for cell in field.cells { #expect(abs(cell.right + cell.up + cell.stop - 1) < 1e-6) }
    // At the right edge nothing goes right.
    #expect(field.cells[5].right == 0 && field.cells[30].up == 0)
    let mean = try arrows(lab, "env hypergrid dim=3 side=4; plot policy")
    #expect(mean.cells.allSatisfy { $0.right + $0.up + $0.stop < 1 + 1e-6 })
  }

  @Test func whatIsNoGridIsToldWhatToUse() throws {
    let lab = try Lab()
    lab.run(TeachingEnvironmentTests.graph)
    #expect(lab.code("plot learned") == "conflict")
    #expect(lab.failures.first?.fix?.contains("plot graph") == true)
    #expect(lab.code("plot logo") == "conflict")
    #expect(lab.code("plot edges") == "conflict")
  }

  @Test(arguments: [
    ("plot target axes=(0, 2)", "option"), ("plot target axes=(1, 1)", "option"),
    ("plot target axes=(0, 1, 2)", "option"), ("plot target fixed=[1]", "option"),
    ("plot target axes=(0) fixed=[9]", "option"), ("plot target axes=[]", "option"),
    ("plot", "missing-argument"), ("plot curve", "nothing-measured"),
    ("plot curve nowhere", "unknown-snapshot"), ("plot nothing", "unknown-word"),
    ("plot target to=x.gif", "unknown-format"), ("plot target to=x.svg", "not-available"),
    ("plot table 3 x=a y=b", "wrong-type"), ("plot compare nowhere", "file"),
  ])
  func mistakesAreNamed(_ source: String, _ code: String) throws {
    let lab = try Lab()
    lab.run(Self.small)
    #expect(lab.code(source) == code, "\(lab.failures.map { $0.rendered() })")
  }

  @Test func everyMeasureOfACurveIsExplained() throws {
    let curve = try #require(CommandSpec.plot.variant(named: "curve"))
    guard case .list(.enumeration(let choices))? = curve.options.first?.kind else {
      Issue.record("no choices")
      return
    }
    #expect(choices.map(\.word) == Measure.names)
    #expect(choices.allSatisfy { !$0.help.isEmpty })
  }

  // MARK: - Curves

  @Test func aCurveHasTheRowsOfAllTrainsAndUndoTakesThemBack() throws {
    let lab = try Lab()
    lab.run("\(Self.small); train 4 every=2\ntrain 4 every=2")
    func steps(_ charts: [LineChart]) -> [Double] { charts.first?.series[0].points.map(\.x) ?? [] }
    let panels = try charts(lab, "plot curve")
    #expect(panels.map(\.yLabel) == ["tv, jsd", "loss", "log_z"])
    #expect(steps(panels) == [2, 4, 6, 8])
    let grid = try #require(lab.session.workbench.environment)
    #expect(panels.last?.reference == (try TargetDistribution(grid).logZ))
    #expect(steps(try charts(lab, "undo; plot curve")) == [2, 4])
    lab.run("reset")
    #expect(lab.code("plot curve") == "nothing-measured")
  }

  @Test func infiniteValuesAreGapsAndSaid() throws {
    let lab = try Lab()
    let start = "\(Self.small) r0=0; let t = train 6 every=2 batch=16 measure=[kl_learned, tv]"
    let curve = try figure(lab, "\(start); plot curve measure=[kl_learned, tv]")
    guard case .lines(let charts) = curve.content else { throw Unexpected(curve.content) }
    #expect(charts.map(\.yLabel) == ["tv", "kl_learned"])
    #expect(charts[1].series[0].points.map(\.y) == [.infinity, .infinity, .infinity])
    let note = "kl_learned is infinite at 3 of 3 rows"
    #expect(curve.notes == [note])
    #expect(try figure(lab, "plot table $t x=step y=[tv, kl_learned]").notes == [note])
    let compare = "compare [TB-U] seeds=[1] steps=2 every=2 batch=8 measure=kl_learned to=runs"
    #expect(
      try figure(lab, "let c = \(compare); plot compare runs").notes
        == ["TB-U is infinite at 1 of 1 row"])
    #expect(try figure(lab, "plot compare $c").notes == ["kl_learned is infinite at 1 of 1 row"])
    #expect(lab.result("evaluate").contains("\"kl_learned\": null"))
  }

  @Test func snapshotsAreComparedByName() throws {
    let lab = try Lab()
    let panels = try charts(
      lab,
      """
      \(Self.small); train 4 every=2; snapshot first
      seed 5; reset; train 6 every=2
      plot curve first now measure=[loss, tv, jsd]
      """)
    #expect(panels.map(\.yLabel) == ["tv, jsd", "loss"])
    #expect(panels[0].series.map(\.name) == ["tv first", "tv now", "jsd first", "jsd now"])
    #expect(panels[1].series.map(\.name) == ["first", "now"])
    #expect(panels[1].series.map(\.points.count) == [2, 3])
    #expect(
      lab.code("reset; train 2 measure=[modes_found]; plot curve measure=tv") == "nothing-measured")
  }

  @Test func aCheckpointBringsTheCurveBack() throws {
    let lab = try Lab()
    lab.run("\(Self.small); train 4 every=2 checkpoint=run.safetensors")
    let panels = try charts(
      lab, "reset; train total=6 every=2 checkpoint=run.safetensors; plot curve measure=loss")
    #expect(panels.first?.series.first?.points.map(\.x) == [2, 4, 6])
  }

  @Test func lookingAtPicturesNeverChangesLaterTraining() throws {
    let start = "\(Self.small); method RL-G; train 3"
    let plain = try Lab().result("\(start); train 3 every=1")
    let looking = try Lab().result(
      """
      \(start)
      plot curve; plot error; plot learned samples=20; plot flow; plot policy; plot graph
      plot histogram; plot histogram of=length samples=20; plot histogram of=error
      train 3 every=1
      """)
    #expect(plain == looking)
  }

  // MARK: - Graphs, histograms, letters, edges

  @Test func aGraphHasItsFlowsAndProbabilities() throws {
    let lab = try Lab()
    let picture = try figure(lab, "\(TeachingEnvironmentTests.graph); solve; plot graph")
    guard case .graph(let graph) = picture.content else { throw Unexpected(picture.content) }
    #expect(graph.nodes.map(\.label).first == "s0")
    #expect(abs((graph.nodes[0].flow ?? 0) - 4) < 1e-4)
    for edge in graph.edges { #expect(graph.nodes[edge.from].layer < graph.nodes[edge.to].layer) }
    for node in graph.nodes.indices {
      let out = graph.edges.filter { $0.from == node }.reduce(0) { $0 + ($1.probability ?? 0) }
      #expect(abs(out - (graph.nodes[node].reward == nil ? 1 : 0)) < 1e-5)
      let into = graph.edges.filter { $0.to == node }
        .reduce(0) { $0 + ($1.probability ?? 0) * (graph.nodes[$1.from].flow ?? 0) }
      if node > 0 { #expect(abs(into - (graph.nodes[node].flow ?? 0)) < 1e-4) }
    }
    #expect(lab.code("env hypergrid side=16; plot graph") == "too-large")
  }

  @Test func histogramsHoldAllMass() throws {
    let lab = try Lab()
    let rewards = try bars(lab, "\(Self.small); plot histogram")
    #expect(rewards.series.map(\.name) == ["target", "learned"])
    for series in rewards.series { #expect(abs(series.values.reduce(0, +) - 1) < 1e-9) }
    // The standard reward takes three values at most.
    #expect(rewards.labels.count <= 3)
    let errors = try bars(lab, "plot histogram of=error bins=5")
    #expect(errors.series[0].values.reduce(0, +) == 36 && errors.labels.count == 5)
    let lengths = try bars(lab, "plot histogram of=length samples=64")
    #expect(abs(lengths.series[0].values.reduce(0, +) - 1) < 1e-9)
    let sampled = try figure(lab, "env hypergrid dim=12 side=16; plot histogram samples=64")
    #expect(sampled.notes.contains { $0.contains("64 samples") })
  }

  @Test func aLogoIsAsHighAsItIsInformative() throws {
    let lab = try Lab()
    try lab.write("AA\t1\nAB\t1\nBA\t0\nBB\t0\n", to: "t.tsv")
    let picture = try figure(
      lab, "env sequence length=2 alphabet=AB rewards=t.tsv min=0; plot logo samples=20")
    guard case .logos(let logos) = picture.content else { throw Unexpected(picture.content) }
    #expect(logos.map(\.title) == ["target", "learned"])
    let target = try #require(logos.first)
    #expect(target.limit == 1 && target.alphabet == ["A", "B"])
    // The first letter is certain, the second says nothing.
    #expect(target.places[0].map(\.letter) == ["A"])
    #expect(abs(target.places[0][0].height - 1) < 1e-12)
    #expect(target.places[1].allSatisfy { abs($0.height) < 1e-12 })
  }

  @Test func edgesAreThoseOfTheTableWithTheTruthMarked() throws {
    let lab = try Lab()
    try lab.write("a,b,c\n1,2,1\n2,3,1\n3,5,4\n4,4,2\n", to: "data.csv")
    try lab.write("Cause,Effect\na,c\n", to: "truth.csv")
    let panels = try maps(
      lab,
      "policy layers=1 hidden=8; env bayesnet data=data.csv; plot edges truth=truth.csv")
    #expect(panels.map(\.title) == ["target", "learned"])
    let learned = try #require(panels.last)
    #expect(learned.marks == [2] && learned.startsOnTop && learned.rowLabels == ["a", "b", "c"])
    #expect(learned.values[0].isNaN)
    lab.run("let e = edges")
    guard case .table(let table)? = lab.session.variables["e"] else {
      Issue.record("no table")
      return
    }
    #expect(table.rows.count == 6)
    for row in table.rows {
      guard case .text(let cause) = row[0], case .text(let effect) = row[1],
        case .number(let p, _) = row[2], let i = learned.rowLabels.firstIndex(of: cause),
        let j = learned.columnLabels.firstIndex(of: effect)
      else {
        Issue.record("no edge: \(row)")
        continue
      }
      #expect(abs(learned.values[i * 3 + j] - p) < 1e-12)
    }
  }

  // MARK: - Tables

  @Test func rowsWithTheSameXAreAveragedWithTheirSpread() throws {
    let lab = try Lab()
    lab.run(
      """
      for s in 1..3 { for n in 1..2 { collect r n=$n s=$s way="a" y=($n * $s) y_sd=0.5 } }
      """)
    let chart = try #require(try charts(lab, "plot table $r x=n y=y").first)
    #expect(chart.series.map(\.name) == ["y"])
    #expect(chart.series[0].points.map(\.y) == [2, 4])
    let named = try #require(try charts(lab, "plot table $r x=n y=y error=sd").first)
    #expect(named.series[0].points.compactMap(\.error) == [0.5, 0.5])
    let spread = try #require(try charts(lab, "plot table $r x=n y=s error=sd").first)
    #expect(spread.series[0].points.compactMap(\.error) == [1, 1])
    let parts = try #require(try charts(lab, "plot table $r x=n y=y by=s").first)
    #expect(parts.series.map(\.name) == ["1", "2", "3"])
    let texts = try bars(lab, "plot table $r x=way y=y")
    #expect(texts.labels == ["a"] && texts.series[0].values == [3])
    #expect(lab.code("plot table $r x=m y=y") == "unknown-field")
    #expect(lab.code("plot table $r x=n y=way") == "nothing-measured")
  }

  @Test func aComparisonIsDrawnFromItsTableAndItsFolder() throws {
    let lab = try Lab()
    lab.run("\(Self.small)\nlet c = compare [TB-U, RL-U] seeds=1..2 steps=4 every=2 to=runs")
    let ends = try #require(try charts(lab, "plot compare $c").first)
    #expect(ends.names == ["TB-U", "RL-U"])
    #expect(ends.series.map(\.name) == [ends.yLabel])
    #expect(ends.series[0].points.map(\.x) == [1, 2])
    #expect(ends.series[0].points.allSatisfy { $0.error != nil })
    let curves = try #require(try charts(lab, "plot compare runs measure=tv").first)
    #expect(curves.series.map(\.name) == ["TB-U", "RL-U"])
    #expect(curves.series.map { $0.points.map(\.x) } == [[2, 4], [2, 4]])
    let last = try #require(curves.series[0].points.last)
    let end = try #require(ends.series[0].points.first)
    #expect(abs(last.y - end.y) < 1e-12)
    #expect(abs((last.error ?? 0) - (end.error ?? 1)) < 1e-9)
    #expect(lab.code("plot compare runs measure=nothing") == "unknown-field")
    try lab.write("no table", to: "curves.csv")
    #expect(lab.code("plot compare \".\"") == "file")
  }

  // MARK: - Files

  private struct Writer: FigureWriter {
    func bytes(of figure: Figure, as format: FigureFormat) throws -> [UInt8] {
      Array("\(format.rawValue) \(figure.title)".utf8)
    }
  }

  @Test func aPictureGoesToItsFileAndIsNotShown() throws {
    let folder = try TemporaryFolder()
    var options = SessionOptions(workingDirectory: folder.path)
    options.figureWriter = Writer()
    let session = Session(commands: .program(), bench: Workbench(threads: 1), options: options)
    var shown = 0
    var notes: [String] = []
    let source = """
      \(Self.small)
      plot target to=p.PDF
      let f = plot target to=q.svg
      print $f
      """
    let outcome = session.execute(Cell(source: source)) { event in
      if case .value(.figure, _, _, _) = event { shown += 1 }
      if case .notice(let notice) = event { notes.append(notice.message) }
    }
    #expect(outcome == .done && shown == 0)
    #expect(notes.contains("wrote p.PDF"))
    let bytes = try session.files.read("p.PDF")
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("pdf target of hypergrid"))
    guard case .figure? = session.variables["f"] else {
      Issue.record("the value is no picture")
      return
    }
  }
}
