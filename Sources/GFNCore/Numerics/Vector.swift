/// Reductions over parameter vectors, in Float64 and in one fixed order.
enum Vector {
  static func dot(_ a: [Float], _ b: [Float]) -> Double {
    precondition(a.count == b.count, "\(a.count) and \(b.count) elements")
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        // Eight running sums: the compiler may not reorder one.
        var sums = SIMD8<Double>.zero
        let whole = a.count & ~7
        for index in stride(from: 0, to: whole, by: 8) {
          var x = SIMD8<Double>.zero
          var y = SIMD8<Double>.zero
          for lane in 0..<8 {
            x[lane] = Double(a[index + lane])
            y[lane] = Double(b[index + lane])
          }
          sums += x * y
        }
        var sum = sums.sum()
        for index in whole..<a.count { sum += Double(a[index]) * Double(b[index]) }
        return sum
      }
    }
  }

  static func norm(_ a: [Float]) -> Double { dot(a, a).squareRoot() }

  /// `y += scale · x`.
  static func add(_ scale: Double, _ x: [Float], to y: inout [Float]) {
    precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
    let scale = Float(scale)
    y.withUnsafeMutableBufferPointer { y in
      x.withUnsafeBufferPointer { x in
        for index in 0..<x.count { y[index] += scale * x[index] }
      }
    }
  }
}
