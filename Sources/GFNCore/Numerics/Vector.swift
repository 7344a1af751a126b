import CKernels

/// Operations on parameter vectors, cut into blocks of one size: the results do not depend on the
/// number of threads. Reductions are in Float64.
enum Vector {
  private static let block = 1 << 14

  static func dot(_ a: [Float], _ b: [Float], _ pool: ThreadPool? = nil) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
    let count = a.count
    let blocks = (count + block - 1) / block
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { partial in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          run(blocks, pool) { number in
            let start = number * block
            partial[number] = gfn_dot(a + start, b + start, min(block, count - start))
          }
        }
      }
      return partial.reduce(0, +)
    }
  }

  static func norm(_ a: [Float], _ pool: ThreadPool? = nil) -> Double {
    dot(a, a, pool).squareRoot()
  }

  /// `y += scale · x`.
  static func add(
    _ scale: Double, _ x: [Float], to y: inout [Float], _ pool: ThreadPool? = nil
  ) {
    combine(x, &y, pool) { x, y, count in gfn_add_scaled(y, Float(scale), x, count) }
  }

  /// `y = x + scale · y`.
  static func scale(
    _ y: inout [Float], by scale: Double, adding x: [Float], _ pool: ThreadPool? = nil
  ) {
    combine(x, &y, pool) { x, y, count in gfn_scale_and_add(y, Float(scale), x, count) }
  }

  /// `y = x`; storage that has the right size is used again.
  static func copy(_ x: [Float], to y: inout [Float], _ pool: ThreadPool? = nil) {
    guard y.count == x.count else {
      y = [Float](repeating: 0, count: x.count)
      return copy(x, to: &y, pool)
    }
    combine(x, &y, pool) { x, y, count in y.update(from: x, count: count) }
  }

  /// `count` zeros; storage that has the right size is used again.
  static func clear(_ y: inout [Float], count: Int, _ pool: ThreadPool? = nil) {
    guard y.count == count else {
      y = [Float](repeating: 0, count: count)
      return
    }
    y.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      run((count + block - 1) / block, pool) { number in
        let start = number * block
        (y + start).update(repeating: 0, count: min(block, count - start))
      }
    }
  }

  private static func combine(
    _ x: [Float], _ y: inout [Float], _ pool: ThreadPool?,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
    let count = x.count
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        run((count + block - 1) / block, pool) { number in
          let start = number * block
          body(x + start, y + start, min(block, count - start))
        }
      }
    }
  }

  private static func run(_ blocks: Int, _ pool: ThreadPool?, _ body: (Int) -> Void) {
    if let pool {
      pool.run(blocks: blocks, body)
    } else {
      for number in 0..<blocks { body(number) }
    }
  }
}
