import CKernels

/// One forward evaluation of some rows, cut into blocks of work.
struct ForwardJob {
  let pass: NetworkPass
  let rows: Range<Int>
  let parameters: UnsafePointer<Float>
  let features: FeatureRows
  let finisher: (any RowFinisher)?

  /// Rows in a block of work: enough for products at their peak, and where there are not that many,
  /// enough blocks for several threads.
  private static let rowBlock = 64
  private static let smallBlock = 32
  private static let manyRows = 256
  /// Columns in a block of work.
  private static let columnBlock = 128

  /// Each block of rows goes through all layers.
  func runByRows(_ pool: ThreadPool) {
    let size = rows.count <= Self.manyRows ? Self.smallBlock : Self.rowBlock
    pool.run(blocks: blockCount(rows, size), with: (self, size)) { context, number in
      let (job, size) = context
      let rows = block(number, of: job.rows, size)
      for index in job.pass.layers.indices { job.evaluate(layer: index, rows) }
      job.finisher?.finish(rows)
    }
  }

  /// Layer after layer, the dense ones cut by columns: a kernel that takes eight rows at a time is left
  /// with fewer remainders, and each thread reads a part of the weights only. For few rows, of a network
  /// with hidden layers.
  func runByColumns(_ pool: ThreadPool) {
    let last = pass.shape.layers
    let rowBlocks = blockCount(rows, Self.smallBlock)
    pool.run(blocks: rowBlocks, with: self) { job, number in
      job.evaluate(layer: 0, block(number, of: job.rows, Self.smallBlock))
    }
    for index in 1..<last {
      let columns = 0..<pass.shape.hidden
      pool.run(blocks: blockCount(columns, Self.columnBlock), with: (self, index, columns)) {
        let (job, index, columns) = $0
        job.evaluate(hidden: index, job.rows, block($1, of: columns, Self.columnBlock))
      }
    }
    pool.run(blocks: rowBlocks, with: (self, last)) { context, number in
      let (job, last) = context
      let rows = block(number, of: job.rows, Self.smallBlock)
      job.evaluate(layer: last, rows)
      job.finisher?.finish(rows)
    }
  }

  private func evaluate(layer index: Int, _ rows: Range<Int>) {
    let layer = pass.layers[index]
    let isLast = index == pass.shape.layers
    guard index == 0 || isLast else { return evaluate(hidden: index, rows, 0..<layer.outputs) }
    let result =
      (isLast ? pass.outputs.base : pass.hidden[index].base) + rows.lowerBound * layer.outputs
    let bias = parameters + layer.bias
    if index == 0 {
      pass.gather(rows, layer, parameters + layer.weight, bias, features, into: result)
      if !isLast { gfn_rectify(result, rows.count * layer.outputs) }
    } else {
      multiply(index, rows, 0..<layer.outputs, into: result)
      gfn_add_bias(result, bias, rows.count, layer.outputs)
    }
  }

  /// Some columns of a hidden layer behind the first.
  private func evaluate(hidden index: Int, _ rows: Range<Int>, _ columns: Range<Int>) {
    let layer = pass.layers[index]
    let result = pass.hidden[index].base + rows.lowerBound * layer.outputs + columns.lowerBound
    multiply(index, rows, columns, into: result)
    gfn_add_bias_rectify(
      result, parameters + layer.bias + columns.lowerBound, rows.count, columns.count,
      layer.outputs)
  }

  private func multiply(
    _ index: Int, _ rows: Range<Int>, _ columns: Range<Int>,
    into result: UnsafeMutablePointer<Float>
  ) {
    let layer = pass.layers[index]
    let input = pass.hidden[index - 1].base + rows.lowerBound * layer.inputs
    let weight = pass.transposed.base + pass.transposedOffset(layer) + columns.lowerBound
    MatrixProduct.multiply(
      m: rows.count, n: columns.count, k: layer.inputs, MatrixView(input, stride: layer.inputs),
      MatrixView(weight, stride: layer.outputs), into: result, stride: layer.outputs)
  }
}
