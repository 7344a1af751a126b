import GFNCore
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// The statements that rebuild a state.
@Suite struct ScriptTests {
  /// Every objective with every backward policy and the estimators that they take, where they go together.
  static let configurations: [Configuration] = ObjectiveSettings.Kind.allCases.flatMap {
    objective in
    BackwardSettings.Kind.allCases.flatMap { backward in
      ObjectiveSettings.Critic.allCases.flatMap { critic in
        [false, true].compactMap { isTabular in
          var configuration = Configuration()
          configuration.objective.kind = objective
          configuration.backward.kind = backward
          guard objective.isPolicyBased || critic == .monteCarlo else { return nil }
          configuration.objective.critic = critic
          configuration.policy.isTabular = isTabular
          configuration.critic.isTabular = isTabular
          return configuration
        }
      }
    }
  }

  @Test func thereAreManyConfigurations() {
    #expect(Self.configurations.count > 100)
  }

  @Test(arguments: configurations)
  func aScriptRebuildsItsConfiguration(_ configuration: Configuration) throws {
    let grid = "env hypergrid dim=2 side=3"
    let lab = try Lab()
    lab.run(grid)
    var bench = lab.session.workbench
    do {
      try bench.configure { $0 = configuration }
    } catch let error as CoreError {
      // What does not go together is refused with its reason, as it is typed too.
      #expect(error.code == "conflict")
      return
    }
    let script = bench.script
    let other = try Lab()
    #expect(other.run(script) == .done, "\(script)\n\(other.failures.map { $0.rendered() })")
    #expect(other.session.workbench.configuration == configuration, "\(script)")
    #expect(other.session.workbench.script == script)
    let networks = try #require(other.session.workbench.training?.networks)
    #expect(configuration.estimators.allSatisfy { networks[$0] != nil })
  }
}
