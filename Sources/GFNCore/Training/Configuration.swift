/// The estimators a training state may hold; the raw value is the prefix of their tensors' names.
package enum Estimator: String, Sendable, CaseIterable {
  case forwardPolicy = "pf"
  case backwardPolicy = "pb"
  case valueForward = "value_forward"
  case valueBackward = "value_backward"
  /// log F(s), and log F(s → s'), whose masked softmax is flow matching's forward policy.
  case stateFlow = "log_state_flow"
  case edgeFlow = "log_edge_flow"

  var isCritic: Bool { self == .valueForward || self == .valueBackward }
  /// It has one output a state.
  var isOfStates: Bool { isCritic || self == .stateFlow }
}

/// Everything that decides how a training state moves, apart from its environment and its seed.
package struct Configuration: Sendable, Equatable {
  package var objective = ObjectiveSettings()
  package var backward = BackwardSettings()
  package var policy = NetworkSettings(layers: 4, hidden: 256)
  package var critic = NetworkSettings(layers: 2, hidden: 256)
  package var optimizer = OptimizerSettings()
  package var exploration = Exploration()

  package init() {}

  /// Critics have a shape of their own; log F and edge flows have the policies'.
  func network(_ estimator: Estimator) -> NetworkSettings {
    estimator.isCritic ? critic : policy
  }
}

package struct ObjectiveSettings: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case trajectoryBalance = "tb"
    case detailedBalance = "db"
    case subTrajectoryBalance = "subtb"
    case flowMatching = "fm"
    case logPartitionVariance = "vargrad"
    case modifiedDetailedBalance = "moddb"
    case policyGradient = "rl"
    case trustRegion = "trpo"
    case proximalPolicy = "ppo"
  }

  /// What the advantages are measured from, state by state.
  package enum Critic: String, Sendable, CaseIterable {
    /// V fitted to Monte-Carlo returns.
    case monteCarlo = "mc"
    /// E = −V fitted to balance on partial episodes.
    case partialEpisodes = "subeb"
    case absent = "none"
  }

  package enum StartingLogZ: Sendable, Equatable {
    case number(Double)
    /// The mean of log R + log P_B − log P_F over the first batch.
    case auto
  }

  /// What the line search of a trust-region step checks.
  package enum Check: String, Sendable, CaseIterable {
    /// KL(π_old ‖ π_new) as in the quadratic model: summed over steps, mean over trajectories.
    case model
    /// Mean over visited states of KL(π_new ‖ π_old), as the paper's authors test it.
    case authors
  }

  package var kind = Kind.trajectoryBalance
  /// Nil for the objective's own.
  package var givenLambda: Double?
  /// How the sub-trajectories weigh in sub-trajectory balance.
  package var weighting = SubTrajectoryBalance.Weighting.geometricWithin
  package var logZ = StartingLogZ.number(0)
  package var critic = Critic.monteCarlo
  /// The batch's mean advantage is subtracted: without a critic, the one constant baseline.
  package var centresAdvantages = true
  /// Advantages are divided by their standard deviation.
  package var scalesAdvantages = false
  /// The coefficient c of the bonus −c Σ_t H(π_F(·|s_t)).
  package var entropy = 0.0
  /// Added to the Fisher matrix's diagonal.
  package var damping = 0.0
  /// The share of a batch's distinct states that the Fisher matrix is estimated from, above 0 and at
  /// most 1.
  package var fisher = 1.0
  /// The bound δ on the trust region's KL divergence.
  package var delta = 0.01
  package var check = Check.model
  /// How far a proximal policy's ratio π/π_old may leave 1, and the steps on each batch.
  package var ratioClip = 0.2
  package var epochs = 4

  package init() {}

  package var usesCritic: Bool {
    get { critic != .absent }
    set { critic = newValue ? .monteCarlo : .absent }
  }
}

package struct BackwardSettings: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case uniform
    case learned
    case guided
    /// Fixed: every action path from s0 to a state alike.
    case maximumEntropy = "maxent"
    /// Learned by the likelihood of π_F's trajectories.
    case likelihood = "tlm"

    /// π_B is a network.
    var isLearned: Bool { self != .uniform && self != .maximumEntropy }
    /// π_B is trained on trajectories of its own, sampled backward, in the policy-based methods.
    var hasBackwardStep: Bool { self == .learned || self == .guided }
  }

  /// What the backward step of a policy-based method descends.
  package enum Form: String, Sendable, CaseIterable {
    /// The policy gradient on π_B's own rewards.
    case gradient
    /// The squared score.
    case balance
  }

  package var kind = Kind.uniform
  /// Reward (log R where R is an exponential) at or below which the guide holds π_F back from exiting; nil
  /// for the environment's own.
  package var threshold: Double?
  /// Where it is held back, its exit logit is at most the logarithm of this; nil for the environment's own.
  package var floor: Double?
  /// Backward steps after each forward step.
  package var steps = 1
  package var form = Form.gradient

  package init() {}
}

package struct NetworkSettings: Sendable, Equatable {
  package var isTabular = false
  package var layers: Int
  package var hidden: Int

  package init(layers: Int, hidden: Int) {
    self.layers = layers
    self.hidden = hidden
  }

  /// Two GiB of them, and as much for each of the gradient and Adam's moments.
  private static let mostParameters = 1 << 29

  var encoding: InputEncoding { isTabular ? .stateIndex : .kHot }

  /// - Throws: `CoreError.tooLarge` when the parameters would not fit.
  func shape(_ environment: any Environment, outputs: Int) throws -> NetworkShape {
    let inputs: Int
    if isTabular {
      guard let states = environment.enumeration?.states, states <= 1 << 26 else {
        throw CoreError.tooLarge(
          what: "a tabular policy",
          size: environment.enumeration.map { "\($0.states) rows" } ?? "more than 2^63 rows",
          remedy: "use a network: policy layers=4 hidden=256")
      }
      inputs = states
    } else {
      inputs = environment.featureCount
    }
    let shape = NetworkShape(
      inputs: inputs, hidden: isTabular ? 0 : hidden, layers: isTabular ? 0 : layers,
      outputs: outputs)
    guard shape.parameterCount <= Self.mostParameters else {
      throw CoreError.tooLarge(
        what: isTabular ? "a table of \(inputs) states" : "a network of \(layers) × \(hidden)",
        size: "\(shape.parameterCount) parameters",
        remedy: isTabular ? "use a network: policy layers=4 hidden=256" : "choose fewer units")
    }
    return shape
  }
}

package struct OptimizerSettings: Sendable, Equatable {
  package var policyRate = 1e-3
  /// Nil for the policy's.
  package var backwardRate: Double?
  package var criticRate = 5e-3
  package var logZRate = 0.1
  /// The greatest norm of an estimator's gradient; longer ones are scaled down.
  package var clip: Double?

  package init() {}

  func rate(_ estimator: Estimator) -> Double {
    switch estimator {
    case .forwardPolicy, .stateFlow, .edgeFlow: policyRate
    case .backwardPolicy: backwardRate ?? policyRate
    case .valueForward, .valueBackward: criticRate
    }
  }
}
