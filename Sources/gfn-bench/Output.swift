import Foundation
import GFNCore
import GFNParameters

/// Writes results as they come: a line a case for people, or a JSON object a line.
struct Output {
  let isJSON: Bool

  func machine(_ text: String) {
    line("machine: \(text)", [("machine", .text(text))])
  }

  func ceiling(_ ceiling: Ceiling, _ secondsPerJob: Double) {
    let list = ceiling.shapes.map { "\($0.rows): \(fixed($0.rate / 1e9, 0))" }
      .joined(separator: "  ")
    line(
      "sgemm, GFLOP/s by rows: \(list); an empty job on all threads: "
        + "\(fixed(1e6 * secondsPerJob, 2)) µs",
      [("case", .text("sgemm")), ("job_us", .number(1e6 * secondsPerJob))]
        + ceiling.shapes.map { ("rows_\($0.rows)", .number($0.rate / 1e9)) })
  }

  func training(_ m: Measurement, _ ceiling: Ceiling) {
    let backward = m.backwardDistinct > 0 ? " + \(fixed(m.backwardDistinct, 0))" : ""
    let efficiency = m.efficiency(ceiling)
    let ofPeak = m.work.total / ceiling.peak * 1e3 / m.milliseconds
    let parts = m.parts.filter { $0.1 >= 0.0005 }
      .map { "\($0.0) \(fixed($0.1, 2))" }.joined(separator: ", ")
    line(
      """
      \(m.name.padding(toLength: 26, withPad: " ", startingAt: 0)) \(fixed(m.milliseconds, 2)) ms  \
      \(fixed(m.visits, 0)) visits, \(fixed(m.distinct, 0))\(backward) distinct, length \
      \(fixed(m.length, 1)), \(fixed(m.work.total / 1e9, 2)) GFLOP, efficiency \
      \(fixed(100 * efficiency, 0)) % (\(fixed(100 * ofPeak, 0)) % of peak), \
      \(fixed(1e3 * m.milliseconds / (m.distinct + m.backwardDistinct), 2)) µs a row, \
      \(fixed(m.allocations, 1)) allocations \
      (and \(fixed(m.productAllocations, 0)) by oneDNN), \(fixed(m.peakMemory, 0)) MiB
          \(parts)
      """,
      [
        ("case", .text(m.name)), ("ms_per_step", .number(m.milliseconds)),
        ("distinct", .number(m.distinct)), ("backward_distinct", .number(m.backwardDistinct)),
        ("visits", .number(m.visits)), ("length", .number(m.length)),
        ("gflop", .number(m.work.total / 1e9)), ("efficiency", .number(efficiency)),
        ("of_peak", .number(ofPeak)), ("allocations", .number(m.allocations)),
        ("product_allocations", .number(m.productAllocations)),
        ("peak_mib", .number(m.peakMemory)),
      ] + m.parts.map { ("ms_\($0.0)", .number($0.1)) })
  }

  /// Something of one's own beside what ships, or one worker beside two.
  func own(_ name: String, _ seconds: Double, beside other: Double) {
    line(
      "\(name): \(fixed(1e3 * seconds, 3)) ms beside \(fixed(1e3 * other, 3)) ms, "
        + "\(fixed(seconds / other, 3)) ×",
      [
        ("case", .text(name)), ("ms", .number(1e3 * seconds)), ("other_ms", .number(1e3 * other)),
        ("ratio", .number(seconds / other)),
      ])
  }

  func own(_ name: String, seconds: Double) {
    line(
      "\(name): \(fixed(1e3 * seconds, 3)) ms",
      [("case", .text(name)), ("ms", .number(1e3 * seconds))])
  }

  func own(_ name: String, rate: Double) {
    line(
      "\(name): \(fixed(rate / 1e6, 1)) million",
      [("case", .text(name)), ("per_second", .number(rate))])
  }

  /// One method beside another on the same environment.
  func ratio(
    _ environment: String, _ method: String, _ other: String, _ a: Measurement, _ b: Measurement
  ) {
    let time = a.milliseconds / b.milliseconds
    let work = a.work.total / b.work.total
    line(
      "\(environment): \(method) takes \(fixed(time, 2)) × the time of \(other), "
        + "\(fixed(work, 2)) × its operations",
      [
        ("case", .text("\(environment) \(method) over \(other)")), ("time", .number(time)),
        ("work", .number(work)),
      ])
  }

  func evaluation(
    _ name: String, milliseconds: Double, states: Int, productMilliseconds: Double,
    edgesPerSecond: Double, peakMemory: Double
  ) {
    line(
      """
      \(name.padding(toLength: 26, withPad: " ", startingAt: 0)) \(fixed(milliseconds, 1)) ms  \
      \(states) states, \(fixed(milliseconds / productMilliseconds, 2)) × its products \
      (\(fixed(productMilliseconds, 1)) ms), programme \(fixed(edgesPerSecond / 1e6, 0)) M edges/s, \
      \(fixed(peakMemory, 0)) MiB
      """,
      [
        ("case", .text(name)), ("ms", .number(milliseconds)), ("states", .integer(states)),
        ("product_ms", .number(productMilliseconds)),
        ("edges_per_second", .number(edgesPerSecond)), ("peak_mib", .number(peakMemory)),
      ])
  }

  func threads(_ threads: Int, ratio: Double, sameBits: Bool) {
    line(
      "256x256 TB-U: \(threads) threads are \(fixed(ratio, 2)) × as fast as 1, "
        + (sameBits ? "same bits" : "OTHER BITS"),
      [
        ("case", .text("threads")), ("threads", .integer(threads)),
        ("ratio", .number(ratio)), ("same_bits", .boolean(sameBits)),
      ])
  }

  func program(_ what: String, name: String? = nil, seconds: Double) {
    line(
      "gfn, \(what): \(fixed(1e3 * seconds, 1)) ms",
      [("case", .text("gfn \(name ?? what)")), ("ms", .number(1e3 * seconds))])
  }

  private func line(_ text: String, _ fields: [(String, JSONNode)]) {
    print(isJSON ? JSONNode.object(JSONNode.Object(fields)).text() : text)
    fflush(nil)
  }

  private func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
