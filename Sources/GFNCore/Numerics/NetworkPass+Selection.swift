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
    let context = (self, whole, selected, 0..<count)
    pool.run(blocks: blockCount(0..<count, Self.copiedRows), with: context) { context, number in
      let (copy, whole, selected, rows) = context
      let width = copy.shape.hidden
      for layer in copy.hidden.indices {
        for row in block(number, of: rows, Self.copiedRows) {
          (copy.hidden[layer].base + row * width).update(
            from: whole.hidden[layer].base + Int(selected[row]) * width, count: width)
        }
      }
    }
    rows = count
  }
}
