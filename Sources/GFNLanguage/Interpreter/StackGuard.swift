/// Knows whether the thread's stack has room for another call of a `def`: a call out of deeply
/// nested statements needs much more of it than a plain one.
struct StackGuard {
  /// Left for what stood on the stack before, the deepest expression and a command's handler.
  private static let margin = 1 << 20

  private let base = Self.address
  private let budget: UInt

  /// - Parameter size: of the thread's stack, in bytes.
  init(size: Int) { budget = UInt(max(0, size - Self.margin)) }

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
