extension NetworkPass {
  /// Rows that one thread copies at a time.
  private static let copiedRows = 64

  /// Takes row `selected[i]` of `whole` as row i, for i below `count`, without computing anything:
  /// derivatives of these rows cost products of that many rows. They hold until `whole` is evaluated with
  /// other parameters.
  /// - Parameter whole: the pass that this one was made to select from.
  func select(
    _ selected: UnsafePointer<Int32>, count: Int, from whole: NetworkPass, _ pool: ThreadPool
  ) {
    precondition(shape == whole.shape && transposed === whole.transposed, "\(shape) of others")
    let width = shape.hidden
    for buffer in hidden { buffer.reserve(count * width) }
    Self.blocks(of: 0..<count, Self.copiedRows, pool) { range in
      for (copy, original) in zip(hidden, whole.hidden) {
        for row in range {
          (copy.base + row * width).update(
            from: original.base + Int(selected[row]) * width, count: width)
        }
      }
    }
    rows = count
  }
}
