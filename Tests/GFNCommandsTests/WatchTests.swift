import Foundation
import GFNCore
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// `train watch=`
@Suite struct WatchTests {
  /// The live pictures of a script, and the table that it shows last, without times.
  private func watched(_ source: String, showsLive: Bool = true) throws -> (
    pictures: [Figure], table: String?
  ) {
    var options = SessionOptions()
    options.showsLive = showsLive
    let session = Session(commands: .program(), bench: Workbench(threads: 1), options: options)
    var pictures: [Figure] = []
    var value = Value.none
    let outcome = session.execute(Cell(source: source)) { event in
      if case .live(let figure) = event { pictures.append(figure) }
      if case .value(let shown, _, _, _) = event { value = shown }
    }
    #expect(outcome == .done)
    guard case .table(var table) = value else { return (pictures, nil) }
    for column in table.columns.indices where table.columns[column].isTiming {
      for row in table.rows.indices { table.rows[row][column] = .none }
    }
    return (pictures, Value.table(table).json)
  }

  @Test func theLastPictureIsOfTheLastStep() throws {
    let pictures = try watched("env hypergrid side=6; train 7 every=5 watch=learned").pictures
    let last = try #require(pictures.last)
    #expect(last.title == "training, step 7")
    guard case .heatMaps(let maps) = last.content else {
      Issue.record("no heat maps")
      return
    }
    #expect(maps.map(\.title) == ["target P*", "learned P_F"])
    for map in maps { #expect(abs(map.values.reduce(0, +) - 1) < 1e-9) }
  }

  @Test func lookingChangesNoNumber() throws {
    let source = "env hypergrid dim=3 side=5; train 20 every=6"
    let plain = try #require(try watched(source).table)
    for word in ["learned", "curve"] {
      #expect(try watched(source + " watch=\(word)").table == plain)
      #expect(try watched(source + " watch=\(word)", showsLive: false).table == plain)
    }
  }

  @Test func nobodyWatchesOffATerminal() throws {
    let source = "env hypergrid side=6; train 7 watch=learned"
    #expect(try watched(source, showsLive: false).pictures.isEmpty)
    #expect(try watched("quiet { \(source) }").pictures.isEmpty)
  }

  @Test func elsewhereThanOnAGridTheCurveIsWatched() throws {
    let pictures = try watched("env set size=5 choose=2; train 9 every=3 watch=learned").pictures
    guard case .lines(let charts)? = pictures.last?.content else {
      Issue.record("no curves")
      return
    }
    #expect(charts.map(\.yLabel) == ["tv, jsd", "loss", "log_z"])
    #expect(charts[0].series[0].points.map(\.x) == [3, 6, 9])
  }

  @Test func theOtherCoordinatesAreSummedOver() throws {
    let lab = try Lab()
    lab.run("env hypergrid dim=3 side=4")
    let environment = try #require(lab.session.workbench.environment)
    let plane = GridProjection(try #require(environment as? Hypergrid))
    // Of state (1, 2, 3): column 1, row 2.
    var values = [Double](repeating: 0, count: 64)
    values[(1 * 4 + 2) * 4 + 3] = 5
    let sums = plane.sums(values)
    #expect(sums[2 * 4 + 1] == 5)
    #expect(sums.reduce(0, +) == 5)
  }
}
