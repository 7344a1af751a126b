import COneDNN

extension MatrixProduct {
  /// - Throws: `CoreError.machine` when this processor gets products wrong. They are tried once a
  ///   process, in under a millisecond: training on a broken kernel would look like training.
  static func requireCorrect() throws {
    if let fault { throw CoreError.machine(fault: fault) }
  }

  private static let fault: String? = {
    gfn_single_threaded()
    return firstFault { multiply(&$0) }
  }()

  /// One product, `into` holding [m, n] before and after.
  struct Trial {
    var m: Int
    var n: Int
    var k: Int
    var transposeA = false
    var transposeB = false
    var beta: Float = 0
    var a: [Float]
    var b: [Float]
    var into: [Float]
  }

  /// The shapes of a forward pass, of a backward pass and of weight gradients, with sizes that leave
  /// remainders in the kernels.
  private static let trials: [Trial] = [
    trial(1, 40, 48), trial(17, 129, 40), trial(9, 3, 64), trial(64, 33, 24), trial(33, 64, 3),
    trial(48, 65, 40, transposeA: true, beta: 1), trial(3, 40, 70, transposeA: true, beta: 1),
    trial(12, 31, 29, transposeB: true), trial(24, 40, 17, beta: 1),
  ]

  private static func trial(
    _ m: Int, _ n: Int, _ k: Int, transposeA: Bool = false, transposeB: Bool = false,
    beta: Float = 0
  ) -> Trial {
    // Small integers: all sums are exact, so the comparison is too.
    func values(_ count: Int, _ factor: Int) -> [Float] {
      (0..<count).map { Float($0 * factor % 11 - 5) }
    }
    return Trial(
      m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, beta: beta,
      a: values(m * k, 7), b: values(k * n, 3), into: values(m * n, 5))
  }

  /// What is wrong with the first product that is.
  static func firstFault(_ product: (inout Trial) -> Void) -> String? {
    for trial in trials {
      var result = trial
      product(&result)
      for row in 0..<trial.m {
        for column in 0..<trial.n {
          var expected = trial.beta * trial.into[row * trial.n + column]
          for index in 0..<trial.k {
            let a = trial.a[trial.transposeA ? index * trial.m + row : row * trial.k + index]
            let b = trial.b[trial.transposeB ? column * trial.k + index : index * trial.n + column]
            expected += a * b
          }
          let found = result.into[row * trial.n + column]
          guard found == expected else {
            return "[\(trial.m), \(trial.k)] · [\(trial.k), \(trial.n)] has \(found) at "
              + "(\(row), \(column)) instead of \(expected)"
          }
        }
      }
    }
    return nil
  }

  private static func multiply(_ trial: inout Trial) {
    let (m, n, k) = (trial.m, trial.n, trial.k)
    trial.a.withUnsafeBufferPointer { a in
      trial.b.withUnsafeBufferPointer { b in
        trial.into.withUnsafeMutableBufferPointer { c in
          guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
          multiply(
            m: m, n: n, k: k, MatrixView(a, stride: trial.transposeA ? m : k),
            transposeA: trial.transposeA, MatrixView(b, stride: trial.transposeB ? k : n),
            transposeB: trial.transposeB, into: c, stride: n, adding: trial.beta)
        }
      }
    }
  }
}
