import GFNCore
import GFNLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `plot logo`: which letters of sequences stand out where, in the target and in what was learned.
struct LogoPlot {
  private let session: Session
  private let arguments: Arguments
  private let environment: any Environment
  private let alphabet: [String]
  private let step: Int

  /// - Throws: `CommandError` where the objects are no sequences.
  init(_ session: Session, _ arguments: Arguments) throws {
    self.session = session
    self.arguments = arguments
    let (environment, state) = try session.experiment(arguments)
    guard let alphabet = environment.sequenceAlphabet else {
      throw arguments.error(
        "conflict", "'plot logo' draws sequences, and \(environment.specification.kind) has none",
        fix: environment.base is Hypergrid ? "try plot learned" : "try plot graph or plot histogram"
      )
    }
    self.environment = environment
    self.alphabet = alphabet
    step = state.step
  }

  func figure() throws -> Figure {
    var logos: [SequenceLogo] = []
    var notes: [String] = []
    let isEnumerable = (try? environment.enumerable()) != nil && environment.hasKnownTarget
    if environment.hasKnownTarget {
      let target = try session.core(arguments) {
        try TargetDistribution(environment, session.workbench.pool)
      }
      logos.append(logo("target", frequencies(target.probabilities)))
    } else {
      notes.append("too many sequences to list: the target is not known")
    }
    if isEnumerable, !arguments.has("samples") {
      logos.append(
        logo("learned", frequencies(try session.exactDistribution(arguments).terminating)))
    } else {
      let samples = try session.samples(
        arguments.integer("samples") ?? PlotKind.usualSamples, arguments)
      guard !samples.isEmpty else {
        throw arguments.error("interrupted", "the sampling was interrupted")
      }
      logos.append(logo("learned", frequencies(samples.map(\.cells))))
      notes.append("learned is estimated from \(samples.count) samples")
    }
    return Figure("letters by place, step \(step)", .logos(logos), notes: notes)
  }

  private var emptyFrequencies: [[Double]] {
    [[Double]](
      repeating: [Double](repeating: 0, count: alphabet.count), count: environment.stateWidth)
  }

  /// The probability of every letter at every place under a distribution over all objects.
  private func frequencies(_ distribution: [Double]) -> [[Double]] {
    var frequencies = emptyFrequencies
    for (index, probability) in distribution.enumerated() where probability > 0 {
      for (place, letter) in environment.terminatingState(at: index).enumerated()
      where frequencies[place].indices.contains(Int(letter)) {
        frequencies[place][Int(letter)] += probability
      }
    }
    return frequencies
  }

  private func frequencies(_ objects: [[Int32]]) -> [[Double]] {
    var frequencies = emptyFrequencies
    let share = 1 / Double(objects.count)
    for cells in objects {
      for (place, letter) in cells.enumerated()
      where frequencies[place].indices.contains(Int(letter)) {
        frequencies[place][Int(letter)] += share
      }
    }
    return frequencies
  }

  private func logo(_ title: String, _ frequencies: [[Double]]) -> SequenceLogo {
    let limit = log2(Double(alphabet.count))
    let places = frequencies.map { probabilities -> [SequenceLogo.Letter] in
      let entropy = probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 }
      let information = max(0, limit - entropy)
      return zip(alphabet, probabilities).filter { $0.1 > 0 }
        .map { SequenceLogo.Letter($0, height: information * $1) }
        .sorted { $0.height < $1.height }
    }
    return SequenceLogo(title, places: places, limit: limit, alphabet: alphabet)
  }
}
