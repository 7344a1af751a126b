/// What the estimators say about a batch, entry by entry as in `Paths`.
package struct StepValues: Sendable {
  /// Trajectory i has the entries `offsets[i] ..< offsets[i + 1]`.
  package var offsets: [Int] = [0]
  /// log π_F(a_t|s_t), exit included.
  package var logPF: [Double] = []
  /// log π_B(b_t|s_{t+1}); 0 at exit.
  package var logPB: [Double] = []
  /// log g(a_t|s_t) of the guide, exit included (0 where it is certain). Set for backward batches only.
  package var logGuide: [Double] = []
  /// What the objective's state estimator says at s_t: a critic's V, or log F(s_t).
  package var value: [Double] = []
  /// log π_F(exit|s_t), −∞ where exit is not allowed. Set for `StepNeeds.exits` only.
  package var exitLogPF: [Double] = []
  /// log R(s_t), clipped, −∞ where s_t does not terminate. Set for `StepNeeds.stateRewards` only.
  package var stateLogReward: [Double] = []
  /// The entropy of π_F at s_t in nats. Set for `StepNeeds.entropy` only.
  package var entropy: [Double] = []
  /// log R(x) of each trajectory, clipped unless `StepNeeds.unclippedRewards` asks for it as it is.
  package var logReward: [Double] = []
  /// Of the distinct states. Set for `StepNeeds.edgeFlows` only.
  package var flows = FlowValues()
  package var logZ: Double = 0

  package init() {}

  package var count: Int { offsets.count - 1 }
  package func entries(_ path: Int) -> Range<Int> { offsets[path]..<offsets[path + 1] }
}

extension StepValues {
  /// Looks up along the paths what the policies and the critic say of each row.
  /// - Parameter values: the state estimator's output of every row.
  mutating func gather(
    _ paths: Paths, _ forward: PolicyPass, _ backward: PolicyPass,
    values: UnsafePointer<Float>?, _ needs: StepNeeds
  ) {
    // Not an assignment: sharing the storage would cost the next rollout a copy.
    offsets.resize(paths.count + 1, filling: 0)
    for path in 0...paths.count { offsets[path] = paths.offsets[path] }
    let count = paths.entryCount
    logPF.resize(count, filling: 0)
    logPB.resize(count, filling: 0)
    value.resize(count, filling: 0)
    for entry in 0..<count {
      let inverse = paths.backward[entry]
      logPF[entry] = forward.logProbability(paths.rows[entry], paths.actions[entry])
      logPB[entry] = inverse < 0 ? 0 : backward.logProbability(paths.rows[entry + 1], inverse)
      value[entry] = values.map { Double($0[Int(paths.rows[entry])]) } ?? 0
    }
    if needs.contains(.exits) {
      exitLogPF.resize(count, filling: 0)
      let exit = Int32(truncatingIfNeeded: forward.actions - 1)
      for entry in 0..<count {
        exitLogPF[entry] = forward.logProbability(paths.rows[entry], exit)
      }
    }
    if needs.contains(.entropy) {
      entropy.resize(count, filling: 0)
      for entry in 0..<count { entropy[entry] = forward.entropy(Int(paths.rows[entry])) }
    }
  }

  /// log g = log π_F. Not an assignment: sharing the storage would cost the next batch a copy.
  mutating func guideByForwardPolicy() {
    logGuide.resize(logPF.count, filling: 0)
    for entry in logPF.indices { logGuide[entry] = logPF[entry] }
  }
}

/// An objective's loss and its gradients with respect to the estimators' outputs, entry by entry.
package struct StepGradients: Sendable {
  package var loss = 0.0
  /// The batch mean of Σ r_t; nil where the objective has no policy-dependent reward.
  package var jF: Double?
  package var logZ = 0.0
  package var criticLoss: Double?
  /// ∂loss/∂log π_F(a_t|s_t), ∂loss/∂log π_B(b_t|s_{t+1}), and ∂loss/∂ the state estimator at s_t.
  package var logPF: [Double] = []
  package var logPB: [Double] = []
  package var value: [Double] = []
  /// ∂loss/∂log π_F(exit|s_t) and ∂loss/∂H(s_t), beside those above; empty where there are none.
  package var exitLogPF: [Double] = []
  package var entropy: [Double] = []
  /// Beside `StepValues.flows`; it is the objective that resets them.
  package var flows = FlowGradients()
  /// Room for what an objective needs meanwhile.
  var workspace: [Double] = []
  /// Policy-dependent rewards r_t, advantages A_t (centred) and critic targets.
  package var rewards: [Double] = []
  package var advantages: [Double] = []
  package var valueTargets: [Double] = []

  package init() {}

  /// Everything zero, with room for `count` entries.
  mutating func reset(_ count: Int, _ needs: StepNeeds = []) {
    loss = 0
    jF = nil
    logZ = 0
    criticLoss = nil
    Self.clear(&logPF, count)
    Self.clear(&logPB, count)
    Self.clear(&value, count)
    Self.clear(&rewards, count)
    Self.clear(&advantages, count)
    Self.clear(&valueTargets, count)
    Self.clear(&exitLogPF, needs.contains(.exits) ? count : 0)
    Self.clear(&entropy, needs.contains(.entropy) ? count : 0)
  }

  private static func clear(_ values: inout [Double], _ count: Int) {
    values.removeAll(keepingCapacity: true)
    values.resize(count, filling: 0)
  }
}

/// What an objective reads beside the policies along the paths and its state estimator.
package struct StepNeeds: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let exits = StepNeeds(rawValue: 1)
  package static let stateRewards = StepNeeds(rawValue: 2)
  package static let entropy = StepNeeds(rawValue: 4)
  /// log R(x) without the clip.
  package static let unclippedRewards = StepNeeds(rawValue: 64)
  /// The forward policy is an edge flow network, whose outputs are read raw, at the parents of the
  /// visited states too.
  package static let edgeFlows = StepNeeds(rawValue: 128)
}

/// Maps what the estimators say about a batch to gradients on their outputs. It never calls a matrix
/// product and never moves a parameter.
package protocol Objective: Sendable {
  /// The batch was sampled backward from terminating states, and the gradients are for π_B and V_B.
  var isBackward: Bool { get }
  /// A learned π_B is trained by this objective's own loss.
  var trainsBackwardPolicy: Bool { get }
  /// The network of one output a state that it reads and trains: a critic or log F; nil for none.
  var stateEstimator: Estimator? { get }
  /// What it reads besides.
  var needs: StepNeeds { get }
  /// The batch must come from the policy itself.
  var isOnPolicy: Bool { get }
  func evaluate(_ steps: StepValues, into gradients: inout StepGradients)
}

extension Objective {
  package var needs: StepNeeds { [] }
}
