import GFNLanguage
import Glibc

/// Where an axis starts and ends, and the round numbers on it.
struct Ticks {
  struct Tick {
    /// On the scale of the axis: the logarithm to base 10 where that is logarithmic.
    var position: Double
    var label: String
  }

  let low: Double
  let high: Double
  let ticks: [Tick]

  /// Where a position stands from the low end to the high, in 0...1.
  func place(_ position: Double) -> Double {
    min(max((position - low) / (high - low), 0), 1)
  }

  /// Numbers beyond this are drawn nowhere: their differences would not be finite.
  private static let limit = 1e300
  /// Below this part of the numbers themselves, a difference between them is rounding.
  private static let smallest = 1e-9

  static func isDrawable(_ value: Double) -> Bool { abs(value) < limit }

  /// An axis with all of `values`, and some `count` round numbers on it.
  /// - Parameter ends: the axis starts and ends at round numbers, and at 0 where that is near.
  /// - Parameter isWhole: only whole numbers mean something.
  static func linear(
    _ values: some Sequence<Double>, count: Int, ends: Bool, isWhole: Bool = false
  ) -> Ticks {
    var (low, high) = extremes(values.lazy.filter(isDrawable))
    if ends {
      if low > 0, low < 0.35 * high { low = 0 }
      if high < 0, high > 0.35 * low { high = 0 }
    }
    let size = max(abs(low), abs(high))
    if high - low <= size * smallest || high - low < 1 / limit {
      let margin = size < 1e-280 ? 1 : 0.1 * size
      (low, high) = (low - margin, high + margin)
    }
    let least = (high - low) / Double(max(count, 2) - 1)
    let step = roundStep(isWhole ? max(least, 1) : least)
    if ends {
      (low, high) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    }
    // A tick that rounding puts just beyond the end belongs to the axis.
    let first = (low / step - smallest).rounded(.up)
    let last = (high / step + smallest).rounded(.down)
    let positions = (0...Int(min(max(last - first, 0), 1000))).map {
      (first + Double($0)) * step + 0
    }
    let labels = labels(of: positions, step: step)
    return Ticks(low: low, high: high, ticks: zip(positions, labels).map(Tick.init))
  }

  /// Names at 1, 2 and so on.
  static func named(_ names: [String]) -> Ticks {
    Ticks(
      low: 0.5, high: Double(names.count) + 0.5,
      ticks: names.enumerated().map { Tick(position: Double($0 + 1), label: $1) })
  }

  /// The same over powers of ten; what is not positive is left out.
  static func logarithmic(_ values: some Sequence<Double>, count: Int) -> Ticks {
    let logs = values.lazy.filter { $0 > 0 && isDrawable($0) }.map { log10($0) }
    var (low, high) = extremes(logs)
    (low, high) = (low.rounded(.down), high.rounded(.up))
    if low == high { high += 1 }
    let stride = max(1, ((high - low) / Double(max(count, 2) - 1)).rounded(.up))
    var ticks: [Tick] = []
    var decade = low
    while decade <= high {
      ticks.append(Tick(position: decade, label: number(pow(10, decade))))
      if high - low <= 2, count >= 5, decade < high {
        for part in [2.0, 5.0] {
          let value = part * pow(10, decade)
          ticks.append(Tick(position: log10(value), label: number(value)))
        }
      }
      decade += stride
    }
    return Ticks(low: low, high: high, ticks: ticks)
  }

  private static func extremes(_ values: some Sequence<Double>) -> (low: Double, high: Double) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    return low <= high ? (low, high) : (0, 1)
  }

  /// The least of 1, 2 and 5 times a power of ten that is no less.
  static func roundStep(_ least: Double) -> Double {
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, log10(least).rounded(.down))
    guard power > 0 else { return least }
    // Rounding must not make a step of 1 one of 2.
    let part = least / power * (1 - smallest)
    return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power
  }

  /// All with as many decimals as the step between them needs.
  private static func labels(of values: [Double], step: Double) -> [String] {
    let size = values.reduce(0) { max($0, abs($1)) }
    let decimals = max(0, -Int((log10(step) + smallest).rounded(.down)))
    if size < 1e6, decimals <= 5 {
      return values.map { NumberFormat.fixed(decimals).string($0) }
    }
    let digits = size > 0 ? Int(log10(size).rounded(.down) - log10(step).rounded(.down)) + 1 : 1
    return values.map { shortened(NumberFormat.significant(max(digits, 1)).string($0)) }
  }

  /// A number by itself, in three digits.
  static func number(_ value: Double) -> String {
    shortened(NumberFormat.significant(3).string(value))
  }

  /// `2e+06` as `2e6`.
  private static func shortened(_ text: String) -> String {
    guard let mark = text.firstIndex(of: "e") else { return text }
    guard let exponent = Int(text[text.index(after: mark)...].drop { $0 == "+" }) else {
      return text
    }
    return "\(text[..<mark])e\(exponent)"
  }
}
