import COneDNN

/// A row-major matrix somewhere in memory: `rows × columns`, `stride` elements from row to row.
struct MatrixView {
  var base: UnsafePointer<Float>
  var stride: Int

  init(_ base: UnsafePointer<Float>, stride: Int) {
    self.base = base
    self.stride = stride
  }
}

/// Dense products, all of them oneDNN's single-threaded `sgemm`.
enum MatrixProduct {
  /// `c = op(a) · op(b) + beta · c` with `c: [m, n]`, `op(a): [m, k]`, `op(b): [k, n]`; `op`
  /// transposes where asked.
  static func multiply(
    m: Int, n: Int, k: Int, _ a: MatrixView, transposeA: Bool = false, _ b: MatrixView,
    transposeB: Bool = false, into c: UnsafeMutablePointer<Float>, stride: Int,
    adding beta: Float = 0
  ) {
    guard m > 0, n > 0 else { return }
    let status = gfn_sgemm(
      transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, 1, a.base, a.stride, b.base, b.stride, beta,
      c, stride)
    precondition(status == 0, "sgemm [\(m), \(k)] · [\(k), \(n)] failed with status \(status)")
  }
}
