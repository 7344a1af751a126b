/// Settings that an environment asks for where a person has chosen none.
package struct SuggestedSettings: Sendable, Equatable {
  package var policy: NetworkSettings
  package var policyRate: Double

  /// A table with its rate: for environments of a few states that are looked at one by one.
  static let tabular: SuggestedSettings = {
    var policy = Configuration().policy
    policy.isTabular = true
    return SuggestedSettings(policy: policy, policyRate: 0.05)
  }()

  /// No other policy was chosen: it is what it is without any command.
  package func isOpen(in configuration: Configuration) -> Bool {
    configuration.policy == Configuration().policy
  }

  /// Sets the policy, and the rate where no other was chosen.
  package func apply(to configuration: inout Configuration) {
    configuration.policy = policy
    if configuration.optimizer.policyRate == Configuration().optimizer.policyRate {
      configuration.optimizer.policyRate = policyRate
    }
  }

  /// Takes back what still is as it was suggested.
  package func withdraw(from configuration: inout Configuration) {
    let plain = Configuration()
    if configuration.policy == policy { configuration.policy = plain.policy }
    if configuration.optimizer.policyRate == policyRate {
      configuration.optimizer.policyRate = plain.optimizer.policyRate
    }
  }
}
