import GFNCore

extension Bench {
  /// Exact evaluation beside the time of its products, and the rate of the dynamic programme alone.
  func evaluation(_ output: Output) throws {
    let items: [BenchEnvironment] =
      isQuick
      ? [.grid(2, 64, warmUp: 0), .sequence("fill", warmUp: 0)]
      : [
        .grid(2, 256, warmUp: 0), .grid(4, 32, warmUp: 0), .sequence("fill", warmUp: 0),
        .sequence("append-prepend", warmUp: 0),
      ]
    for item in items where isWanted("\(item.name) evaluate") {
      let environment = try item.make()
      let state = try trained(item, environment)
      Machine.forgetPeakMemory()
      let evaluation = ExactEvaluation(environment, pool)
      var times: [Double] = []
      for _ in 0..<(isQuick ? 3 : 5) {
        times.append(
          try Machine.seconds { _ = try evaluation.terminatingProbabilities(state) })
      }
      let states = environment.enumeration?.states ?? 0
      output.evaluation(
        "\(item.name) evaluate", milliseconds: 1e3 * median(times), states: states,
        productMilliseconds: 1e3 * Ceiling.measured(pool).seconds(evaluation.work)
          / Double(times.count),
        edgesPerSecond: evaluation.edgesPerSecond, peakMemory: Machine.peakMemory)
    }
  }
}
