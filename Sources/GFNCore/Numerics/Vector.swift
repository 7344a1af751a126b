import CKernels

/// Operations on parameter vectors, cut into blocks of one size: the results do not depend on the
/// number of threads. Reductions are in Float64.
enum Vector {
  private static let blockSize = 1 << 14

  static func dot(_ a: [Float], _ b: [Float], _ pool: ThreadPool? = nil) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
    let all = a.indices
    let blocks = blockCount(all, blockSize)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { partial in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          run(blocks, pool, with: (all, a, b, partial)) { context, number in
            let (all, a, b, partial) = context
            let range = block(number, of: all, blockSize)
            partial[number] = gfn_dot(a + range.lowerBound, b + range.lowerBound, range.count)
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
    combine(x, &y, Float(scale), pool) { x, y, count, scale in gfn_add_scaled(y, scale, x, count) }
  }

  /// `y = x + scale · y`.
  static func scale(
    _ y: inout [Float], by scale: Double, adding x: [Float], _ pool: ThreadPool? = nil
  ) {
    combine(x, &y, Float(scale), pool) { x, y, count, scale in
      gfn_scale_and_add(y, scale, x, count)
    }
  }

  /// `y = x`; storage that has the right size is used again.
  static func copy(_ x: [Float], to y: inout [Float], _ pool: ThreadPool? = nil) {
    y.resize(x.count, filling: 0)
    combine(x, &y, 1, pool) { x, y, count, _ in y.update(from: x, count: count) }
  }

  /// `count` zeros; storage that has the right size is used again.
  static func clear(_ y: inout [Float], count: Int) {
    y.removeAll(keepingCapacity: true)
    y.resize(count, filling: 0)
  }

  private typealias Kernel = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Float) -> Void

  private static func combine(
    _ x: [Float], _ y: inout [Float], _ scale: Float, _ pool: ThreadPool?,
    _ kernel: @escaping Kernel
  ) {
    precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
    let all = x.indices
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        run(blockCount(all, blockSize), pool, with: (all, x, y, scale, kernel)) {
          let (all, x, y, scale, kernel) = $0
          let range = block($1, of: all, blockSize)
          kernel(x + range.lowerBound, y + range.lowerBound, range.count, scale)
        }
      }
    }
  }

  private static func run<Context>(
    _ blocks: Int, _ pool: ThreadPool?, with context: Context,
    _ body: @escaping (Context, Int) -> Void
  ) {
    if let pool {
      pool.run(blocks: blocks, with: context, body)
    } else {
      for number in 0..<blocks { body(context, number) }
    }
  }
}
