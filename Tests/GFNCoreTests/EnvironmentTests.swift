import GFNParameters
import Glibc
import Testing

@testable import GFNCore

@Suite struct EnvironmentTests {
  /// Forward then backward (and the other way) is where one was, with matching inverse actions.
  @Test func stepsAreInverses() throws {
    for environment in try Small.all() {
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        for (action, allowed) in environment.forwardMask(state).enumerated()
        where allowed && action != environment.exitAction {
          var cells = state
          cells.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let inverse = environment.step(base, forward: action)
            #expect(environment.backwardMask(Array(buffer))[inverse])
            #expect(environment.step(base, backward: inverse) == action)
          }
          #expect(cells == state)
        }
      }
    }
  }

  @Test func everyParentHasTheStateAsChild() throws {
    for environment in try Small.all() {
      var edges = 0
      var inverses = 0
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        edges += environment.forwardMask(state).dropLast().count { $0 }
        for (action, allowed) in environment.backwardMask(state).enumerated() where allowed {
          inverses += 1
          var cells = state
          cells.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let forward = environment.step(base, backward: action)
            #expect(environment.forwardMask(Array(buffer))[forward])
            #expect(environment.step(base, forward: forward) == action)
          }
          #expect(cells == state)
        }
      }
      // Append c and prepend c on a one-letter run are two edges either way.
      #expect(edges == inverses)
    }
  }

  @Test func everyStateGoesOnAndOnlyTheFirstHasNoParent() throws {
    for environment in try Small.all() {
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        #expect(environment.forwardMask(state).contains(true))
        #expect(environment.backwardMask(state).contains(true) == (index != 0))
        let isInitial = state.withUnsafeBufferPointer {
          $0.baseAddress.map(environment.isInitial) ?? false
        }
        #expect(isInitial == (index == 0))
      }
    }
  }

  @Test func indicesGoUpAlongEveryEdgeAndNumberAllStates() throws {
    for environment in try Small.all() {
      let enumeration = try environment.enumerable()
      var terminating = 0
      for index in 0..<enumeration.states {
        let state = environment.state(at: index)
        #expect(environment.index(state) == index)
        let mask = environment.forwardMask(state)
        if mask[environment.exitAction] {
          terminating += 1
          #expect(
            environment.terminatingState(at: environment.terminatingIndex(state)) == state)
        }
        for action in mask.indices.dropLast() where mask[action] {
          #expect(environment.index(environment.child(state, action)) > index)
        }
      }
      #expect(terminating == enumeration.terminating)
    }
  }

  @Test func textReadsBack() throws {
    for environment in try Small.all() {
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        #expect(try environment.state(from: .word(environment.text(state))) == state)
        #expect(environment.isState(state))
      }
    }
  }

  @Test func encodingsAreDistinctAndInRange() throws {
    for environment in try Small.all() {
      var seen: Set<[Int32]> = []
      for index in 0..<(try environment.enumerable().states) {
        let state = environment.state(at: index)
        var indices = [Int32](repeating: -1, count: environment.activeFeatureCount)
        let count = indices.withUnsafeMutableBufferPointer { buffer in
          state.withUnsafeBufferPointer { cells in
            guard let target = buffer.baseAddress, let source = cells.baseAddress else { return 0 }
            return environment.encode(source, into: target)
          }
        }
        let active = Array(indices.prefix(count))
        #expect(active == active.sorted())
        #expect(active.allSatisfy { (0..<Int32(environment.featureCount)).contains($0) })
        #expect(seen.insert(active).inserted)
      }
    }
  }

  @Test func standardGridHasThePublishedNormaliser() throws {
    // 256 × 256: per axis 128 outer values and 50 in the peaks. In floating point there would be 51,
    // and log Z would be 9.5503.
    let target = try TargetDistribution(Small.grid(side: 256))
    #expect(abs(target.logZ - logarithm(655.36 + 8192 + 5000)) < 1e-12)
    #expect(abs(target.logZ - 9.5359) < 1e-4)
    let small = try Small.grid(side: 64)
    // Per axis 32 outer values and 12 in the peaks (6 on each side).
    let z: Double = 40.96 + 512 + 288
    #expect(abs(try TargetDistribution(small).logZ - logarithm(z)) < 1e-12)
    #expect(small.modes?.total == 144)
    #expect(small.regions?.total == 4)
  }

  @Test func cosineRewardFollowsItsFormula() throws {
    let grid = try Small.grid(side: 8, [("reward", .text("cosine"))])
    // a = |x/7 − ½| at x = 0: ½; (cos 25 + 1) φ(2.5) squared.
    let factor = (0.9912028118634736 + 1) * 0.01752830049356854
    #expect(abs(grid.reward([0, 0]) - (0.01 + 0.5 * factor * factor)) < 1e-15)
    #expect(grid.guide == .heldBack(threshold: nil, floor: 1e-5))
  }

  @Test func formulasAreRewardsOrRefused() throws {
    let formula = try StateFormula("sum(x)")
    let grid = try Small.grid([("reward", .formula(formula))])
    #expect(grid.reward([1, 3]) == 4)
    let negative = try StateFormula("-1")
    #expect(throws: CoreError.self) { try Small.grid([("reward", .formula(negative))]) }
  }

  @Test func aFormulaThatIsNegativeSomewhereIsRefused() throws {
    let late = try StateFormula("1 - x[3]")
    #expect(throws: CoreError.self) {
      try Small.grid(dim: 4, side: 16, [("reward", .formula(late))])
    }
    // Too large to try everywhere: corners and scattered points.
    #expect(throws: CoreError.self) {
      try Small.grid(dim: 20, side: 32, [("reward", .formula(late))])
    }
  }

  @Test func modesOfTheStandardGridHaveTheGreatestReward() throws {
    for (side, rewards) in [
      (8, [0.01, 0.5, 2]), (8, [0.01, 0.5, 0]), (8, [0.01, 0, 2]), (4, [0.01, 0.5, 2]),
      (7, [0, 1, 0]),
    ] {
      let options = zip(["r0", "r1", "r2"], rewards).map { ($0, OptionValue.number($1)) }
      let grid = try Small.grid(side: side, options)
      let modes = try #require(grid.modes)
      let states = (0..<(side * side)).map { grid.state(at: $0) }
      let greatest = states.map { grid.reward($0) }.max()
      let found = states.filter { state in
        state.withUnsafeBufferPointer { $0.baseAddress.flatMap(modes.mode) } != nil
      }
      #expect(found == states.filter { grid.reward($0) == greatest }, "\(side) \(rewards)")
      #expect(modes.total == found.count && grid.regions?.total == 4)
    }
    let flat = try Small.grid(side: 8, [("r1", .number(0)), ("r2", .number(0))])
    #expect(flat.modes == nil && flat.regions == nil)
  }

  @Test func rewardsWhoseSumOverflowsHaveTheirLogZAndMeans() throws {
    let flat: [(String, OptionValue)] = [("r1", .number(0)), ("r2", .number(0))]
    for reward in [1e308, .greatestFiniteMagnitude] {
      let grid = try Small.grid([("r0", .number(reward))] + flat)
      let target = try TargetDistribution(grid)
      #expect(abs(target.logZ - (log(reward) + log(16))) < 1e-9)
      #expect(target.probabilities.allSatisfy { abs($0 - 1 / 16) < 1e-12 })
      #expect(target.rewards.allSatisfy { abs($0 / reward - 1) < 1e-12 })
      #expect(mean(of: target.rewards).isFinite)
      let sampled = SampledMean([reward, reward / 2, reward, reward / 2])
      #expect(abs(sampled.mean / reward - 0.75) < 1e-12)
      #expect(abs(sampled.standardError / reward - 0.25 / 3.0.squareRoot()) < 1e-12)
    }
    #expect(
      throws: CoreError.option(
        name: "r0", reason: "r0 + r1 + r2 is more than a number can be; a reward is finite")
    ) { try Small.grid([("r0", .number(1e308)), ("r1", .number(1e308))]) }
  }

  @Test func conditionsForModesHoldOnLargeGridsToo() throws {
    let condition = try StateFormula("x[0] > 60")
    let grid = try Small.grid(dim: 4, side: 64, [("modes", .formula(condition))])
    #expect(grid.modes?.total == nil)
    func mode(_ cells: [Int32]) -> Int? {
      cells.withUnsafeBufferPointer { $0.baseAddress.flatMap { grid.modes?.mode(of: $0) } }
    }
    #expect(mode([60, 0, 0, 0]) == nil)
    #expect(mode([61, 0, 0, 0]) != nil)
    #expect(mode([61, 0, 0, 0]) != mode([61, 0, 0, 1]))
  }

  @Test func gridsThatDoNotFitAreRefusedWithTheirSize() throws {
    let grid = try Small.grid(dim: 8, side: 32)
    let error = #expect(throws: CoreError.self) { try TargetDistribution(grid) }
    #expect(error?.description.contains("1099511627776 states") == true)
    #expect(throws: CoreError.self) { try Small.grid(dim: 64, side: 1 << 24) }
  }

  @Test func statesOutsideAreRefused() throws {
    let grid = try Small.grid()
    #expect(throws: CoreError.self) { try grid.state(from: .numbers([1])) }
    #expect(throws: CoreError.self) { try grid.state(from: .numbers([1, 4])) }
    #expect(throws: CoreError.self) { try grid.state(from: .word("a,b")) }
    let word = try Small.sequence("append-prepend")
    #expect(throws: CoreError.self) { try word.state(from: .word("A_B")) }
    #expect(throws: CoreError.self) { try word.state(from: .word("AC")) }
    #expect(throws: CoreError.self) { try word.state(from: .word("AAAA")) }
    #expect(try word.state(from: .word("AB")) == [0, 1, -1])
  }
}
