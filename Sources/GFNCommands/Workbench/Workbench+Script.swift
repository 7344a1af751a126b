import GFNCore
import GFNLanguage
import GFNParameters

extension Configuration {
  /// The command that shapes the policies, where they are others than the base's.
  func policyStatements(over base: Configuration) -> [String] {
    policy == base.policy ? [] : ["policy \(policy.source)"]
  }

  /// The command that shapes the critics, defaults left out.
  var criticStatements: [String] {
    critic == Configuration().critic ? [] : ["critic \(critic.source)"]
  }

  /// The commands that set the rest.
  /// - Parameter base: what holds without them; what is equal there is left out.
  func statements(over base: Configuration) -> [String] {
    var lines: [String] = []
    if let method = MethodName.of(self) {
      lines.append(Self.line("method \(method.name)", objectiveOptions + backwardOptions))
    } else {
      lines.append(Self.line("objective \(objective.kind.rawValue)", objectiveOptions))
      lines.append(Self.line("backward \(backward.kind.rawValue)", backwardOptions))
    }
    let rates: [(String, String?)] = [
      ("lr", differing(optimizer.policyRate, base.optimizer.policyRate)),
      ("lr_backward", optimizer.backwardRate.map(formatted)),
      ("lr_critic", differing(optimizer.criticRate, base.optimizer.criticRate)),
      ("lr_z", differing(optimizer.logZRate, base.optimizer.logZRate)),
      ("clip", optimizer.clip.map(formatted)),
    ]
    let optimizerLine = Self.line("optimizer", rates)
    if optimizerLine != "optimizer" { lines.append(optimizerLine) }
    let plain = Exploration()
    let exploring: [(String, String?)] = [
      ("epsilon", differing(exploration.epsilon, plain.epsilon)),
      ("decay", differing(exploration.decay, plain.decay)),
      ("temperature", differing(exploration.temperature, plain.temperature)),
      ("exit_bias", differing(exploration.exitBias, plain.exitBias)),
    ]
    let exploreLine = Self.line("explore", exploring + replayOptions)
    if exploreLine != "explore" { lines.append(exploreLine) }
    return lines
  }

  private var replayOptions: [(String, String?)] {
    let plain = ReplaySettings()
    let replay = exploration.replay
    guard replay.isActive else { return [] }
    return [
      ("replay", replay.kind.rawValue),
      ("capacity", differing(Double(replay.capacity), Double(plain.capacity))),
      ("fraction", differing(replay.fraction, plain.fraction)),
      ("priority", replay.priority == plain.priority ? nil : replay.priority.rawValue),
    ]
  }

  private var objectiveOptions: [(String, String?)] {
    let plain = ObjectiveSettings()
    let logZ: String? =
      switch objective.logZ {
      case .auto: "auto"
      case .number(let value): differing(value, 0)
      }
    return [
      ("lambda", objective.givenLambda.map(formatted)),
      (
        "weighting",
        objective.weighting == plain.weighting ? nil : objective.weighting.rawValue
      ), ("log_z", logZ),
      ("critic", objective.critic == plain.critic ? nil : objective.critic.rawValue),
      ("centre", differing(objective.centresAdvantages, plain.centresAdvantages)),
      ("scale", differing(objective.scalesAdvantages, plain.scalesAdvantages)),
      ("entropy", differing(objective.entropy, plain.entropy)),
      ("clip", differing(objective.ratioClip, plain.ratioClip)),
      ("epochs", differing(Double(objective.epochs), Double(plain.epochs))),
      ("damping", differing(objective.damping, plain.damping)),
      ("fisher", differing(objective.fisher, plain.fisher)),
      ("delta", differing(objective.delta, plain.delta)),
      ("check", objective.check == plain.check ? nil : objective.check.rawValue),
    ]
  }

  private var backwardOptions: [(String, String?)] {
    let plain = BackwardSettings()
    return [
      ("threshold", backward.threshold.map(formatted)),
      ("floor", backward.floor.map(formatted)),
      ("steps", differing(Double(backward.steps), Double(plain.steps))),
      ("form", backward.form == plain.form ? nil : backward.form.rawValue),
    ]
  }

  private func differing(_ value: Double, _ plain: Double) -> String? {
    value == plain ? nil : formatted(value)
  }

  private func differing(_ value: Bool, _ plain: Bool) -> String? {
    value == plain ? nil : "\(value)"
  }

  private static func line(_ head: String, _ options: [(String, String?)]) -> String {
    ([head] + options.compactMap { name, value in value.map { "\(name)=\($0)" } })
      .joined(separator: " ")
  }
}

extension NetworkSettings {
  /// As the arguments of `policy` and `critic`.
  var source: String { isTabular ? "tabular" : "layers=\(layers) hidden=\(hidden)" }
}
