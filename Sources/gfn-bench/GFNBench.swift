import ArgumentParser
import GFNCore

/// `gfn-bench`: what training and evaluation cost on this machine, and what they could cost at best.
@main
struct GFNBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gfn-bench",
    abstract: "Time training steps and exact evaluation, beside the machine's own matrix products.")

  @Flag(help: "The 64 × 64 grid and sequences to fill only, with fewer repetitions.")
  var quick = false

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: "Only cases whose name contains this text.")
  var only: String?

  @Option(help: "Threads, the calling one included.")
  var threads = ThreadPool.availableProcessors

  @Option(help: "The program, to time its start and its statements too.")
  var program: String?

  func run() throws {
    let bench = Bench(pool: ThreadPool(threads: threads), isQuick: quick, only: only)
    let output = Output(isJSON: json)
    output.machine(Machine.description(threads: threads))
    output.ceiling(Ceiling.measured(bench.pool), Ceiling.secondsPerJob(bench.pool))
    try bench.training(output)
    try bench.evaluation(output)
    try bench.own(output)
    if !quick {
      try bench.scale(output)
      try bench.threads(output)
    }
    if let program, bench.isWanted("gfn") { try bench.program(program, output) }
  }
}

/// What all parts of the benchmark share.
struct Bench {
  let pool: ThreadPool
  let isQuick: Bool
  let only: String?

  func isWanted(_ name: String) -> Bool { only.map(name.contains) ?? true }
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
