import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory that the process may have, and the shares of it: what asks for more is refused before it fills
/// the memory, since running out of it ends the program. Together they are all of it.
package enum Memory {
  /// The networks that are trained with their moments and gradients, as they are and as they were.
  package static let trainingShare = 0.4
  /// The rows of a batch.
  package static let batchShare = 0.3
  /// All snapshots.
  package static let snapshotShare = 0.25
  /// Earlier states that 'undo' brings back, beside the last one.
  package static let undoShare = 0.05

  /// Bytes; less than the machine has where a limit is set.
  package static let bytes: Int = {
    var limit = rlimit()
    var least = ProcessInfo.processInfo.physicalMemory
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    if getrlimit(resource, &limit) == 0 { least = min(least, UInt64(limit.rlim_cur)) }
    // Of a container.
    if let text = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8),
      let most = UInt64(text.prefix { $0.isNumber })
    {
      least = min(least, most)
    }
    return Int(clamping: least)
  }()

  /// `3.1 MiB`
  package static func text(_ bytes: Double) -> String {
    if bytes < 1024 { return counted(Int(bytes), "byte") }
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = bytes
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return "\(formatted((value * 10).rounded() / 10)) \(units[unit])"
  }

  package static func text(_ bytes: Int) -> String { text(Double(bytes)) }
}
