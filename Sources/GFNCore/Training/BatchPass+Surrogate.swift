extension BatchPass {
  /// Sets π_F's gradients to those of the surrogate at the present π_F, whose rows have been evaluated
  /// anew; `steps` still holds what π_old said.
  func differentiate(_ surrogate: ClippedSurrogate) {
    let scale = 1 / Double(paths.count)
    var loss = 0.0
    for entry in 0..<paths.entryCount {
      let logP = forwardPolicy.logProbability(paths.rows[entry], paths.actions[entry])
      let logRatio = logP - steps.logPF[entry]
      let advantage = gradients.advantages[entry]
      loss += surrogate.value(logRatio: logRatio, advantage: advantage) * scale
      gradients.logPF[entry] =
        surrogate.slope(logRatio: logRatio, advantage: advantage) * scale
    }
    gradients.loss = loss
  }
}
