import Foundation

/// The machine and this process on it.
enum Machine {
  static func description(threads: Int) -> String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model =
      lines.split(separator: "\n").first { $0.hasPrefix("model name") }
      .map { $0.split(separator: ":").dropFirst().joined().trimmingCharacters(in: .whitespaces) }
    let memory = Double(ProcessInfo.processInfo.physicalMemory) / 0x1p30
    return
      "\(model ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores, "
      + "\(Int(memory.rounded())) GiB, \(threads) threads"
  }

  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let duration = try clock.measure(body)
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  /// From here on `peakMemory` is about what follows.
  static func forgetPeakMemory() {
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  }

  /// The most memory this process has held, in MiB; NaN where the system does not tell.
  static var peakMemory: Double {
    let lines = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let peak = lines.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return peak.flatMap { $0.split(separator: " ").dropLast().last.flatMap { Double($0) } }
      .map { $0 / 1024 } ?? .nan
  }
}
