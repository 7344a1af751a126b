extension StepGradients {
  /// Subtracts the mean advantage and divides by the standard deviation, as asked for, over all entries
  /// or over all but the last of each trajectory. Where all are equal they are not divided.
  mutating func shapeAdvantages(
    _ steps: StepValues, withoutEnds: Bool, centres: Bool, scales: Bool
  ) {
    let count = advantages.count - (withoutEnds ? steps.count : 0)
    guard count > 0, centres || scales else { return }
    let skipped = withoutEnds ? 1 : 0
    var sum = 0.0
    for path in 0..<steps.count {
      for entry in steps.entries(path).dropLast(skipped) { sum += advantages[entry] }
    }
    let mean = sum / Double(count)
    var divisor = 1.0
    if scales {
      var squares = 0.0
      for path in 0..<steps.count {
        for entry in steps.entries(path).dropLast(skipped) {
          squares += (advantages[entry] - mean) * (advantages[entry] - mean)
        }
      }
      let deviation = (squares / Double(count)).squareRoot()
      divisor = deviation > 0 ? deviation : 1
    }
    let offset = centres ? mean : 0
    for path in 0..<steps.count {
      for entry in steps.entries(path).dropLast(skipped) {
        advantages[entry] = (advantages[entry] - offset) / divisor
      }
    }
  }
}
