import CKernels

/// Operations on parameter vectors, cut into blocks of one size: the results do not depend on the
/// number of threads. Reductions are in Float64.
enum Vector {
  private static let blockSize = 1 << 14

  static func dot(_ a: [Float], _ b: [Float], _ pool: ThreadPool = .single) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
        return pool.sum(over: a.indices, blockSize, with: (first, second)) { vectors, range in
          let (a, b) = vectors
          return gfn_dot(a + range.lowerBound, b + range.lowerBound, range.count)
        }
      }
    }
  }

  static func norm(_ a: [Float], _ pool: ThreadPool = .single) -> Double {
    dot(a, a, pool).squareRoot()
  }

  /// `y += scale · x`.
  static func add(
    _ scale: Double, _ x: [Float], to y: inout [Float], _ pool: ThreadPool = .single
  ) {
    combine(x, &y, Float(scale), pool) { x, y, count, scale in gfn_add_scaled(y, scale, x, count) }
  }

  /// `y = x + scale · y`.
  static func scale(
    _ y: inout [Float], by scale: Double, adding x: [Float], _ pool: ThreadPool = .single
  ) {
    combine(x, &y, Float(scale), pool) { x, y, count, scale in
      gfn_scale_and_add(y, scale, x, count)
    }
  }

  /// `y = x`; storage that has the right size is used again.
  static func copy(_ x: [Float], to y: inout [Float], _ pool: ThreadPool = .single) {
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
    _ x: [Float], _ y: inout [Float], _ scale: Float, _ pool: ThreadPool,
    _ kernel: @escaping Kernel
  ) {
    precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
    let all = x.indices
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        pool.run(blocks: blockCount(all, blockSize), with: (all, x, y, scale, kernel)) {
          let (all, x, y, scale, kernel) = $0
          let range = block($1, of: all, blockSize)
          kernel(x + range.lowerBound, y + range.lowerBound, range.count, scale)
        }
      }
    }
  }
}

/// The arithmetic mean, finite where all values are.
func mean(of values: [Double]) -> Double {
  let count = Double(values.count)
  let sum = values.reduce(0, +)
  return sum.isFinite ? sum / count : values.reduce(0) { $0 + $1 / count }
}
