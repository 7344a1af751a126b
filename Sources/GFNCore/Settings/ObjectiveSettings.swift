import GFNParameters

package struct ObjectiveSettings: Sendable, Equatable {
  package enum Kind: String, WordSetting {
    case trajectoryBalance = "tb"
    case detailedBalance = "db"
    case subTrajectoryBalance = "subtb"
    case flowMatching = "fm"
    case logPartitionVariance = "vargrad"
    case modifiedDetailedBalance = "moddb"
    case policyGradient = "rl"
    case trustRegion = "trpo"
    case proximalPolicy = "ppo"

    package var help: String {
      switch self {
      case .trajectoryBalance: "trajectory balance (Malkin et al. 2022)"
      case .detailedBalance: "detailed balance of a learned log F (Bengio et al. 2023)"
      case .subTrajectoryBalance: "sub-trajectory balance (Madan et al. 2023)"
      case .flowMatching: "flow matching of learned edge flows (Bengio et al. 2021)"
      case .logPartitionVariance: "trajectory balance with log Z estimated from each batch"
      case .modifiedDetailedBalance: "detailed balance without log F, where every state can stop"
      case .policyGradient: "policy gradient on policy-dependent rewards (Niu et al. 2024)"
      case .trustRegion: "the same by trust-region steps"
      case .proximalPolicy: "the same by several clipped steps on each batch (Schulman et al. 2017)"
      }
    }
  }

  /// What the advantages are measured from, state by state.
  package enum Critic: String, WordSetting {
    /// V fitted to Monte-Carlo returns.
    case monteCarlo = "mc"
    /// E = −V fitted to balance on partial episodes.
    case partialEpisodes = "subeb"
    case absent = "none"

    package var help: String {
      switch self {
      case .monteCarlo: "a critic fitted to Monte-Carlo returns"
      case .partialEpisodes: "fitted to balance on partial episodes (Niu, Wu & Qian 2026)"
      case .absent: "no critic: with centre=true a constant baseline, else none"
      }
    }
  }

  package enum StartingLogZ: Sendable, Equatable {
    case number(Double)
    /// The mean of log R + log P_B − log P_F over the first batch.
    case auto
  }

  /// What the line search of a trust-region step checks.
  package enum Check: String, WordSetting {
    /// KL(π_old ‖ π_new) as in the quadratic model: summed over steps, mean over trajectories.
    case model
    /// Mean over visited states of KL(π_new ‖ π_old), as the paper's authors test it.
    case authors

    package var help: String {
      switch self {
      case .model: "KL(old ‖ new) summed over steps"
      case .authors: "mean KL(new ‖ old) over states, as the paper's authors test"
      }
    }
  }

  /// How much a sub-trajectory of k steps weighs in sub-trajectory balance.
  package enum Weighting: String, WordSetting {
    /// `λ^(k−1)`, normalised to 1 within each trajectory; mean over trajectories.
    case geometricWithin = "geometric-within"
    /// `Σ_k λ^(k−1) m_k / Σ_k λ^(k−1)`, m_k the mean over the batch's sub-trajectories of k steps.
    case geometric
    /// The mean over all sub-trajectories of the batch.
    case equal
    /// The mean over those of each trajectory, then over trajectories.
    case equalWithin = "equal-within"
    /// Complete trajectories alone.
    case trajectories = "TB"
    /// Single transitions alone, mean over those of the batch.
    case transitions = "DB"

    package var help: String {
      switch self {
      case .geometricWithin: "λ^(k−1) for k steps, normalised within each trajectory"
      case .geometric: "λ^(k−1) for the mean over the batch's sub-trajectories of k steps"
      case .equal: "all sub-trajectories of the batch alike"
      case .equalWithin: "all of each trajectory alike"
      case .trajectories: "complete trajectories alone"
      case .transitions: "single transitions alone"
      }
    }
  }

  package var kind = Kind.trajectoryBalance
  /// Nil for the objective's own.
  package var givenLambda: Double?
  /// How the sub-trajectories weigh in sub-trajectory balance.
  package var weighting = Weighting.geometricWithin
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
