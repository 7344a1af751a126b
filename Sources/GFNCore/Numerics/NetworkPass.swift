import CKernels

/// What a network computed for the rows of a batch: kept row by row, so that one backward pass or
/// any number of Jacobian-vector products can follow without a second forward pass.
///
/// Activations are `[rows, hidden]`, outputs `[rows, outputs]`, row-major. From `removeAll` to the next
/// one all rows are evaluated with the same parameters.
final class NetworkPass {
  let shape: NetworkShape
  var rows = 0
  let layers: [NetworkShape.Layer]
  let hidden: [Buffer<Float>]
  let outputs = Buffer<Float>()
  /// The dense weights transposed, `[inputs, outputs]` each, one after the other: products of few
  /// rows run half as fast again this way round.
  let transposed: Buffer<Float>
  /// Scratch of `chunk` rows a hidden layer, for the derivatives.
  let scratch: [Buffer<Float>]
  let directions: Buffer<Float>
  let biasSums: Buffer<Float>
  var work = DenseWork()

  /// - Parameter whole: the pass from which this one is to select rows: they share weights and scratch.
  init(_ shape: NetworkShape, selectingFrom whole: NetworkPass? = nil) {
    self.shape = shape
    layers = shape.linear
    hidden = (0..<shape.layers).map { _ in Buffer() }
    transposed = whole?.transposed ?? Buffer()
    scratch = whole?.scratch ?? (0..<max(shape.layers, 2)).map { _ in Buffer() }
    directions = whole?.directions ?? Buffer()
    biasSums = whole?.biasSums ?? Buffer()
  }

  func removeAll() { rows = 0 }

  /// Up to this many rows a product is cut by columns: sixteen rows or so fill the kernels, eight would
  /// not, and each thread reads a part of the weights only.
  private static let fewRows = 64
  private static let columnBlock = 128
  private static let smallBlock = 32
  /// Enough rows for products at their peak.
  private static let rowBlock = 64
  private static let manyRows = 256

  /// Evaluates the rows that are not evaluated yet, up to `count`. `finish` is called for each block
  /// of rows after its products, on the thread that computed the block.
  func forward(
    _ network: Network, _ features: FeatureRows, upTo count: Int, _ pool: ThreadPool,
    finish: (Range<Int>) -> Void = { _ in }
  ) {
    let first = rows
    guard count > first else { return }
    for buffer in hidden {
      buffer.reserve(count * shape.hidden, keeping: first * shape.hidden)
    }
    outputs.reserve(count * shape.outputs, keeping: first * shape.outputs)
    rows = count
    work.add(rows: count - first, 2 * shape.denseWeights)
    network.parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      if first == 0 { transpose(parameters, into: transposed, pool) }
      if count - first <= Self.fewRows {
        forwardByColumns(first..<count, parameters, features, pool, finish)
      } else {
        let size = count - first <= Self.manyRows ? Self.smallBlock : Self.rowBlock
        Self.blocks(of: first..<count, size, pool) { range in
          for index in 0...shape.layers { forward(layer: index, range, parameters, features) }
          finish(range)
        }
      }
    }
  }

  private func forwardByColumns(
    _ range: Range<Int>, _ parameters: UnsafePointer<Float>, _ features: FeatureRows,
    _ pool: ThreadPool, _ finish: (Range<Int>) -> Void
  ) {
    Self.blocks(of: range, Self.smallBlock, pool) { rows in
      forward(layer: 0, rows, parameters, features)
      if shape.layers == 0 { finish(rows) }
    }
    guard shape.layers > 0 else { return }
    for index in 1..<shape.layers {
      Self.blocks(of: 0..<shape.hidden, Self.columnBlock, pool) { columns in
        forward(hidden: index, range, columns, parameters)
      }
    }
    Self.blocks(of: range, Self.smallBlock, pool) { rows in
      forward(layer: shape.layers, rows, parameters, features)
      finish(rows)
    }
  }

  /// Calls `body` with blocks of `size` that make up the range.
  static func blocks(
    of range: Range<Int>, _ size: Int, _ pool: ThreadPool, _ body: (Range<Int>) -> Void
  ) {
    pool.run(blocks: (range.count + size - 1) / size) { block in
      let start = range.lowerBound + block * size
      body(start..<min(start + size, range.upperBound))
    }
  }

  /// Where a dense layer's weight lies among transposed ones.
  func transposedOffset(_ layer: NetworkShape.Layer) -> Int { layer.weight - layers[0].bias }

  /// The dense weights of a vector in the parameters' layout, transposed.
  func transpose(
    _ parameters: UnsafePointer<Float>, into result: Buffer<Float>, _ pool: ThreadPool
  ) {
    guard shape.layers > 0 else { return }
    result.reserve(shape.parameterCount - layers[0].bias)
    pool.run(blocks: shape.layers) { block in
      let layer = layers[block + 1]
      gfn_transpose(
        result.base + transposedOffset(layer), parameters + layer.weight, layer.outputs,
        layer.inputs)
    }
  }

  private func output(of layer: Int) -> UnsafeMutablePointer<Float> {
    layer == shape.layers ? outputs.base : hidden[layer].base
  }

  private func forward(
    layer index: Int, _ range: Range<Int>, _ parameters: UnsafePointer<Float>,
    _ features: FeatureRows
  ) {
    let layer = layers[index]
    guard index == 0 || index == shape.layers else {
      return forward(hidden: index, range, 0..<layer.outputs, parameters)
    }
    let result = output(of: index) + range.lowerBound * layer.outputs
    let bias = parameters + layer.bias
    if index == 0 {
      gather(range, layer, parameters + layer.weight, bias, features, into: result)
      if shape.layers > 0 { gfn_rectify(result, range.count * layer.outputs) }
      return
    }
    MatrixProduct.multiply(
      m: range.count, n: layer.outputs, k: layer.inputs,
      MatrixView(hidden[index - 1].base + range.lowerBound * layer.inputs, stride: layer.inputs),
      MatrixView(transposed.base + transposedOffset(layer), stride: layer.outputs),
      into: result, stride: layer.outputs)
    gfn_add_bias(result, bias, range.count, layer.outputs)
  }

  /// Some columns of a hidden layer behind the first.
  private func forward(
    hidden index: Int, _ range: Range<Int>, _ columns: Range<Int>,
    _ parameters: UnsafePointer<Float>
  ) {
    let layer = layers[index]
    let first = columns.lowerBound
    let result = hidden[index].base + range.lowerBound * layer.outputs + first
    MatrixProduct.multiply(
      m: range.count, n: columns.count, k: layer.inputs,
      MatrixView(hidden[index - 1].base + range.lowerBound * layer.inputs, stride: layer.inputs),
      MatrixView(transposed.base + transposedOffset(layer) + first, stride: layer.outputs),
      into: result, stride: layer.outputs)
    gfn_add_bias_rectify(
      result, parameters + layer.bias + first, range.count, columns.count, layer.outputs)
  }

  /// `result[row] = bias + Σ weight[input]` over the row's active inputs.
  func gather(
    _ range: Range<Int>, _ layer: NetworkShape.Layer, _ weight: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>, _ features: FeatureRows,
    into result: UnsafeMutablePointer<Float>
  ) {
    for row in range {
      let inputs = features[row]
      gfn_gather(
        result + (row - range.lowerBound) * layer.outputs, bias, weight, inputs.baseAddress,
        inputs.count, layer.outputs)
    }
  }
}
