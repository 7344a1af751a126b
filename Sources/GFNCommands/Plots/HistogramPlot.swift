import GFNCore
import GFNLanguage
import GFNParameters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `plot histogram`: how rewards, errors or lengths are distributed.
struct HistogramPlot {
  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let step: Int
  private let bins: Int

  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    let (environment, state) = try session.experiment(arguments)
    self.environment = environment
    step = state.step
    bins = arguments.integer(orDefault: "bins")
  }

  func figure() throws -> Figure {
    switch arguments.word("of") {
    case "error": try errors()
    case "length": try lengths()
    default: try rewards()
    }
  }

  private var isEnumerable: Bool { (try? environment.enumerable()) != nil }

  private func draws() throws -> [Session.Sample] {
    let samples = try session.samples(
      arguments.integer("samples") ?? PlotKind.usualSamples, arguments)
    guard !samples.isEmpty else {
      throw arguments.error("interrupted", "the sampling was interrupted")
    }
    return samples
  }

  // MARK: - Rewards

  private func rewards() throws -> Figure {
    var sets: [HistogramBins.Weighted] = []
    var notes: [String] = []
    let isExponential = environment.rewardIsExponential
    if environment.hasKnownTarget {
      let target = try session.core(arguments) {
        try TargetDistribution(environment, session.workbench.pool)
      }
      let values = isExponential ? target.logRewards : target.rewards
      sets.append(.init("target", values, target.probabilities))
      if !arguments.has("samples"), isEnumerable {
        sets.append(
          .init("learned", values, try session.exactDistribution(arguments).terminating))
      }
    } else {
      notes.append("too many objects to list: the target is not known")
    }
    if sets.count < 2 {
      let draws = try draws()
      let values = draws.map {
        isExponential ? environment.logReward($0.cells) : environment.reward($0.cells)
      }
      let share = 1 / Double(draws.count)
      sets.append(.init("learned", values, [Double](repeating: share, count: draws.count)))
      notes.append("learned is estimated from \(draws.count) samples")
    }
    return chart(
      "probability by reward", sets, xLabel: isExponential ? "log R" : "R",
      yLabel: "probability", notes)
  }

  // MARK: - Errors

  private func errors() throws -> Figure {
    guard !arguments.has("samples") else {
      throw arguments.error(
        "option", "errors are exact; of=error takes no samples=", fix: "leave it out",
        at: "samples")
    }
    let target = try session.core(arguments) {
      try TargetDistribution(environment, session.workbench.pool)
    }
    let learned = try session.exactDistribution(arguments).terminating
    let differences = zip(learned, target.probabilities).map(-)
    return chart(
      "learned − target over all objects",
      [.init("objects", differences, [Double](repeating: 1, count: differences.count))],
      xLabel: "P_F − P*", yLabel: "objects", [], isLogarithmic: true)
  }

  // MARK: - Lengths

  private func lengths() throws -> Figure {
    let draws = try draws()
    let share = 1 / Double(draws.count)
    return chart(
      "trajectory lengths",
      [
        .init(
          "learned", draws.map { Double($0.length) },
          [Double](repeating: share, count: draws.count))
      ], xLabel: "actions", yLabel: "share",
      ["\(counted(draws.count, "sample")) of the learned policy"])
  }

  private func chart(
    _ title: String, _ sets: [HistogramBins.Weighted], xLabel: String, yLabel: String,
    _ notes: [String], isLogarithmic: Bool = false
  ) -> Figure {
    let histogram = HistogramBins(sets, most: bins)
    return Figure(
      "\(title), step \(step)",
      .bars([
        BarChart(
          xLabel: xLabel, yLabel: yLabel, labels: histogram.labels, histogram.series,
          isLogarithmic: isLogarithmic)
      ]), notes: notes + histogram.notes)
  }
}

/// Weights by value, a bar for each value where there are few, else bins of one width.
struct HistogramBins {
  struct Weighted {
    var name: String
    var values: [Double]
    var weights: [Double]

    init(_ name: String, _ values: [Double], _ weights: [Double]) {
      self.name = name
      self.values = values
      self.weights = weights
    }
  }

  private(set) var labels: [String] = []
  private(set) var series: [BarChart.Series] = []
  private(set) var notes: [String] = []

  /// Values that are not finite are left out, and a note says how much they weigh.
  init(_ sets: [Weighted], most: Int) {
    let finite = sets.flatMap { $0.values.filter(\.isFinite) }
    guard let low = finite.min(), let high = finite.max() else { return }
    let digits = NumberFormat.significant(3)
    let distinct = Self.distinct(finite)
    var few: [String: Double] = [:]
    for value in distinct ?? [] { few[digits.string(value)] = value }
    let place: (Double) -> Int
    if let distinct, few.count <= most {
      labels = few.sorted { $0.value < $1.value }.map(\.key)
      let order = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
      var places: [Double: Int] = [:]
      for value in distinct { places[value] = order[digits.string(value)] }
      place = { places[$0] ?? 0 }
    } else if let distinct, distinct.allSatisfy({ $0 == $0.rounded() }), high - low < 1e9 {
      // Of counts a bin holds whole ones, as many as every other bin.
      let width = ((high - low + 1) / Double(most)).rounded(.up)
      let count = Int(((high - low + 1) / width).rounded(.up))
      labels = (0..<count).map { bin in
        let first = low + Double(bin) * width
        return "\(formatted(first))–\(formatted(first + width - 1))"
      }
      place = { min(max(Int(($0 - low) / width), 0), count - 1) }
    } else {
      let width = high / Double(most) - low / Double(most)
      labels = (0..<most).map { digits.string(low + (Double($0) + 0.5) * width) }
      notes.append("bins are named by their middles, \(digits.string(width)) wide")
      place = { value in
        let bin = (value - low) / width
        return bin.isFinite ? min(max(Int(bin), 0), most - 1) : 0
      }
    }
    for set in sets {
      var sums = [Double](repeating: 0, count: labels.count)
      var left = 0.0
      for (value, weight) in zip(set.values, set.weights) {
        if value.isFinite { sums[place(value)] += weight } else { left += weight }
      }
      series.append(BarChart.Series(set.name, sums))
      if left > 0 {
        notes.append("\(set.name): \(digits.string(left)) lies where R is 0 or infinite")
      }
    }
  }

  /// The different values; nil where they are too many to have a bar each.
  private static func distinct(_ values: [Double]) -> Set<Double>? {
    var distinct: Set<Double> = []
    for value in values {
      distinct.insert(value)
      if distinct.count > 4096 { return nil }
    }
    return distinct
  }
}
