import GFNCore
import GFNLanguage
import GFNParameters

/// Options of objectives and couplings, which `method` takes too.
enum MethodOptions {
  /// What is meant where nothing is given.
  private static let plain = ObjectiveSettings()

  static let objective: [Parameter] = [
    Parameter(
      "lambda", .number(.unit), default: .described("0.99, in subtb 0.9"),
      help:
        "decay of the forward step's λ-advantages (1 in the backward step), or of the weights of "
        + "longer sub-trajectories (subtb)"),
    Parameter(
      "weighting",
      ObjectiveSettings.Weighting.parameterKind, default: .word(plain.weighting.rawValue),
      help: "how sub-trajectories weigh (subtb)"),
    Parameter(
      "log_z",
      .either([.enumeration([Choice("auto", "the first batch's estimate")]), .number(.any)]),
      default: 0, help: "where log Z starts"),
    Parameter(
      "critic",
      ObjectiveSettings.Critic.parameterKind, default: .word(plain.critic.rawValue),
      help: "the baseline of the advantages"),
    Parameter(
      "centre", .boolean, default: .boolean(plain.centresAdvantages),
      help: "subtract the batch's mean advantage, in both steps"),
    Parameter(
      "scale", .boolean, default: .boolean(plain.scalesAdvantages),
      help: "divide advantages by their standard deviation, in both steps"),
    Parameter(
      "entropy", .number(.nonNegative), default: .number(plain.entropy),
      help: "coefficient of the bonus for π_F's entropy, summed over steps"),
    Parameter(
      "clip", .number(NumberRange(0, 1, excludesLower: true, excludesUpper: true)),
      default: .number(plain.ratioClip), help: "how far π/π_old may leave 1 (ppo)"),
    Parameter(
      "epochs", .integer(1...100), default: .number(Double(plain.epochs)),
      help: "steps of π_F on each batch (ppo)"),
    Parameter(
      "damping", .number(.nonNegative), default: .number(plain.damping),
      help: "added to the Fisher matrix (trpo)"),
    Parameter(
      "fisher", .number(NumberRange(0, 1, excludesLower: true)), default: .number(plain.fisher),
      help: "share of the visited states that the Fisher matrix is estimated from (trpo)"),
    Parameter(
      "delta", .number(.positive), default: .number(plain.delta), unit: "nats",
      help: "bound of the trust region (trpo)"),
    Parameter(
      "check",
      ObjectiveSettings.Check.parameterKind, default: .word(plain.check.rawValue),
      help: "what the line search tests (trpo)"),
  ]

  static let backward: [Parameter] = [
    Parameter(
      "threshold", .number(.any), default: .described("r0; 0 on bayesnet"),
      help: "reward, or log R on bayesnet, at or below which the guide holds exits back (guided)"),
    Parameter(
      "floor", .number(.positive), default: .described("1e-5; 1e-10 on bayesnet"),
      help: "there the guide's exit logit is at most the logarithm of this (guided)"),
    Parameter(
      "steps", .integer(1...100), default: .number(Double(BackwardSettings().steps)),
      help: "backward steps after each forward step"),
    Parameter(
      "form",
      BackwardSettings.Form.parameterKind, default: .word(BackwardSettings().form.rawValue),
      help: "what the backward step descends (learned, guided with rl)"),
  ]

  /// Options that only some objectives and couplings take.
  static func check(
    _ arguments: Arguments, _ objective: ObjectiveSettings.Kind?, _ backward: BackwardSettings.Kind?
  ) throws {
    func refuse(_ options: [String], _ owner: String) throws {
      for option in options where arguments.has(option) {
        throw arguments.error(
          "option", "'\(option)' means something with \(owner) only", fix: "leave it out",
          at: option)
      }
    }
    if let objective, objective != .trustRegion {
      try refuse(["damping", "fisher", "delta", "check"], "the trust-region objective")
    }
    if let objective { try checkFlows(arguments, objective, refuse) }
    if let objective, objective != .proximalPolicy {
      try refuse(["clip", "epochs"], "the proximal-policy objective")
    }
    if let backward, backward != .guided {
      try refuse(["threshold", "floor"], "a guided backward policy")
      if backward != .learned {
        try refuse(["steps", "form"], "a learned or guided backward policy")
      }
    }
  }

  /// Options of the value-based objectives, and those that these do not take.
  private static func checkFlows(
    _ arguments: Arguments, _ objective: ObjectiveSettings.Kind,
    _ refuse: ([String], String) throws -> Void
  ) throws {
    let isSubTrajectory = objective == .subTrajectoryBalance
    if !objective.isPolicyBased {
      try refuse(
        ["critic", "centre", "scale", "entropy", "steps", "form"], "the policy-gradient objectives")
      if !isSubTrajectory {
        try refuse(["lambda"], "the policy-gradient objectives and subtb")
      }
    }
    if !isSubTrajectory { try refuse(["weighting"], "objective subtb") }
    if let word = arguments.word("weighting"), !word.hasPrefix("geometric") {
      try refuse(["lambda"], "a geometric weighting")
    }
    if objective.logZSource != .parameter {
      try refuse(["log_z"], "an objective whose log Z is a parameter (tb, rl, trpo, ppo)")
    }
  }

  static func apply(_ arguments: Arguments, to settings: inout ObjectiveSettings) {
    if let word = arguments.word("weighting"),
      let weighting = SubTrajectoryBalance.Weighting(rawValue: word)
    {
      settings.weighting = weighting
    }
    if let lambda = arguments.number("lambda") { settings.lambda = lambda }
    if arguments.word("log_z") == "auto" {
      settings.logZ = .auto
    } else if let value = arguments.number("log_z") {
      settings.logZ = .number(value)
    }
    if let critic = arguments.word("critic").flatMap(ObjectiveSettings.Critic.init) {
      settings.critic = critic
    }
    if let centre = arguments.boolean("centre") { settings.centresAdvantages = centre }
    if let scale = arguments.boolean("scale") { settings.scalesAdvantages = scale }
    if let entropy = arguments.number("entropy") { settings.entropy = entropy }
    if let clip = arguments.number("clip") { settings.ratioClip = clip }
    if let epochs = arguments.integer("epochs") { settings.epochs = epochs }
    if let damping = arguments.number("damping") { settings.damping = damping }
    if let fisher = arguments.number("fisher") { settings.fisher = fisher }
    if let delta = arguments.number("delta") { settings.delta = delta }
    if let check = arguments.word("check").flatMap(ObjectiveSettings.Check.init) {
      settings.check = check
    }
  }

  static func apply(_ arguments: Arguments, to settings: inout BackwardSettings) {
    if let threshold = arguments.number("threshold") { settings.threshold = threshold }
    if let floor = arguments.number("floor") { settings.floor = floor }
    if let steps = arguments.integer("steps") { settings.steps = steps }
    if let form = arguments.word("form").flatMap(BackwardSettings.Form.init) {
      settings.form = form
    }
  }
}
