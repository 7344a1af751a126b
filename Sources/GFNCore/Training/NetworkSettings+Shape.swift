extension NetworkSettings {
  /// Two GiB of them, and as much for each of the gradient and Adam's moments.
  private static let mostParameters = 1 << 29

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
