import GFNCore

extension Bench {
  /// Time and memory a distinct row from small grids to large ones and from small batches to large ones.
  func scale(_ output: Output) throws {
    let cases: [(BenchEnvironment, Int)] = [
      (.grid(2, 64, warmUp: 100), 128), (.grid(2, 64, warmUp: 100), 2048),
      (.grid(2, 512, warmUp: 100), 128), (.grid(2, 512, warmUp: 100), 2048),
    ]
    for (item, batch) in cases {
      let name = "\(item.name) TB-U batch \(batch)"
      guard isWanted(name) else { continue }
      let environment = try item.make()
      var state = try trained(item, environment)
      let measurement = try measure(name, environment, &state, batch: batch, warm: 5)
      output.training(measurement, Ceiling.measured(pool))
    }
  }

  /// One thread beside all of them: the same bits in less time.
  func threads(_ output: Output) throws {
    guard isWanted("threads"), pool.threads > 1 else { return }
    let item = BenchEnvironment.grid(2, 256, warmUp: 100)
    let environment = try item.make()
    let start = try trained(item, environment)
    var results: [(milliseconds: Double, parameters: [Float])] = []
    for threads in [1, pool.threads] {
      let bench = Bench(pool: ThreadPool(threads: threads), isQuick: true, only: nil)
      var state = start
      let measurement = try bench.measure("threads", environment, &state, batch: 128)
      results.append(
        (measurement.milliseconds, state.networks[.forwardPolicy]?.parameters ?? []))
    }
    output.threads(
      pool.threads, ratio: results[0].milliseconds / results[1].milliseconds,
      sameBits: results[0].parameters == results[1].parameters)
  }
}
