import Testing

@testable import GFNCore

@Suite struct MetricHistoryTests {
  @Test func rowsStayEvenlySpacedAndTheLastOneIsThere() {
    var history = MetricHistory()
    let rows = 3 * MetricHistory.mostRows + 17
    for step in 1...rows { history.append(step: step, ["tv": 1 / Double(step)]) }
    #expect(history.count <= MetricHistory.mostRows + 1)
    #expect(history.steps.last == rows)
    let gaps = zip(history.steps, history.steps.dropFirst()).map { $1 - $0 }
    #expect(Set(gaps.dropLast()) == [4])
    for (step, value) in history.points("tv") { #expect(value == 1 / Double(step)) }
  }

  @Test func aStepMeasuredAgainReplacesItsRowAndThoseBehindIt() {
    var history = MetricHistory()
    for step in [5, 10, 15, 20] { history.append(step: step, ["loss": Double(step)]) }
    history.append(step: 15, ["loss": -1])
    #expect(history.steps == [5, 10, 15])
    #expect(history.points("loss").map(\.value) == [5, 10, -1])
  }

  @Test func whatWasNotMeasuredHasNoPoint() {
    var history = MetricHistory()
    history.append(step: 1, ["tv": 0.5, "seconds": 3])
    history.append(step: 2, ["loss": .infinity])
    #expect(history.points("tv").map(\.step) == [1])
    #expect(history.points("loss").map(\.value) == [.infinity])
    #expect(history.points("jsd").isEmpty && history.points("seconds").isEmpty)
  }

  @Test func aCheckpointKeepsTheHistoryAndAnEarlierFileHasNone() throws {
    let grid = try Small.grid()
    let fresh = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 1)
    var history = MetricHistory()
    history.append(step: 0, ["tv": 0.25])
    let state = fresh.with(history)
    var file = try state.checkpoint(environment: grid, configuration: "")
    func reread() throws -> MetricHistory {
      let bytes = try file.encoded()
      return try TrainingState(
        resuming: try SafeTensors(bytes, path: "c"), path: "c", state.configuration, in: grid
      ).history
    }
    #expect(try reread().points("tv").map(\.value) == [0.25])
    for key in file.metadata.keys where key.hasPrefix("history.") { file.metadata[key] = nil }
    for key in file.arrays.keys where key.hasPrefix("state.history.") { file.arrays[key] = nil }
    #expect(try reread().count == 0)
  }

  @Test func rowsBehindTheStateAreForgotten() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 1)
    var history = MetricHistory()
    for step in 0...3 { history.append(step: step, ["tv": 0.25]) }
    #expect(state.with(history).history.steps == [0])
  }

  @Test(arguments: ["TB-U", "DB-U", "SubTB-U", "FM"])
  func outputsOfManyStatesAreThoseOfSingleStates(_ name: String) throws {
    let grid = try Small.grid(side: 4)
    let method = try #require(MethodName.named(name))
    let state = try TrainingState(Small.configuration(method.name), in: grid, seed: 2)
    let count = try #require(grid.enumeration).states
    let outputs = try #require(
      try StateOutputs(of: count, grid, state, .single) { grid.state(at: $0, into: $1) })
    let look = try Look(grid, state, .single)
    for index in 0..<count {
      let report = try look.inspect(grid.state(at: index))
      for edge in report.children {
        let probability = outputs.probabilities[index * outputs.actions + edge.action]
        #expect(abs(probability - edge.pF) < 1e-6)
      }
      if report.logFlow.isNaN {
        #expect(outputs.logFlow.isEmpty)
      } else {
        #expect(abs(outputs.logFlow[index] - report.logFlow) < 1e-5)
      }
    }
  }
}
