#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Knows whether the thread's stack has room for another call of a `def`, since calls through deep
/// expressions need much more of it than plain ones.
struct StackGuard {
  private let base = Self.address
  private let budget: UInt

  init() {
    var limit = rlimit()
    let known = getrlimit(Self.stackResource, &limit) == 0
    // A thread other than the main one has at most what the limit says, and 2 MiB without a limit.
    let size = known && limit.rlim_cur < 1 << 32 ? UInt(limit.rlim_cur) : 2 << 20
    budget = size / 4 * 3
  }

  #if canImport(Glibc)
    private static let stackResource = __rlimit_resource_t(RLIMIT_STACK.rawValue)
  #else
    private static let stackResource = RLIMIT_STACK
  #endif

  var hasRoom: Bool {
    let here = Self.address
    return (here > base ? here - base : base - here) < budget
  }

  /// Where the stack stands now.
  private static var address: UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
