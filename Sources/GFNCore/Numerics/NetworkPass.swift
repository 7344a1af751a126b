import CKernels
import GFNParameters

/// What a network computed for the rows of a batch: kept row by row, so that one backward pass or
/// any number of Jacobian-vector products can follow without a second forward pass.
///
/// Activations are `[rows, hidden]`, outputs `[rows, outputs]`, row-major. From `removeAll` to the next
/// one all rows are evaluated with the same parameters.
final class NetworkPass {
  let shape: NetworkShape
  var rows = 0
  let layers: [NetworkShape.Layer]
  let denseWeights: Int
  let hidden: [Buffer<Float>]
  let outputs = Buffer<Float>()
  /// The dense weights transposed, `[inputs, outputs]` each, one after the other: products of few
  /// rows run half as fast again this way round.
  let transposed: Buffer<Float>
  private var hasTransposed = false
  /// Scratch of `chunk` rows a hidden layer, for the derivatives.
  let scratch: [Buffer<Float>]
  let directions: Buffer<Float>
  let biasSums: Buffer<Float>
  var work = DenseWork()

  /// - Parameter whole: the pass from which this one is to select rows: they share weights and scratch.
  init(_ shape: NetworkShape, selectingFrom whole: NetworkPass? = nil) {
    self.shape = shape
    layers = shape.linear
    denseWeights = shape.denseWeights
    hidden = (0..<shape.layers).map { _ in Buffer() }
    transposed = whole?.transposed ?? Buffer()
    scratch = whole?.scratch ?? (0..<max(shape.layers, 2)).map { _ in Buffer() }
    directions = whole?.directions ?? Buffer()
    biasSums = whole?.biasSums ?? Buffer()
  }

  /// Forgets rows and parameters.
  func removeAll() {
    rows = 0
    hasTransposed = false
  }

  /// Forgets the rows; those to come are evaluated with the same parameters.
  func removeRows() { rows = 0 }

  /// Rows in one block of work, which goes through all layers on one thread: eight fill the products'
  /// kernels, few rows are halved, and many come in blocks with products at their peak.
  private static func blockSize(_ rows: Int) -> Int {
    rows <= 8 ? 8 : rows <= 64 ? (rows + 1) / 2 : rows <= 256 ? 32 : 64
  }

  /// Evaluates the rows that are not evaluated yet, up to `count`.
  /// - Parameter finisher: is called for each block of rows after its products, on the thread that
  ///   computed them.
  func forward(
    _ network: Network, _ features: FeatureRows, upTo count: Int, _ pool: ThreadPool,
    finisher: (any RowFinisher)? = nil
  ) {
    let first = rows
    guard count > first else { return }
    for buffer in hidden {
      buffer.reserve(count * shape.hidden, keeping: first * shape.hidden)
    }
    outputs.reserve(count * shape.outputs, keeping: first * shape.outputs)
    rows = count
    work.add(rows: count - first, 2 * denseWeights)
    network.parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      if !hasTransposed { transpose(parameters, into: transposed, pool) }
      hasTransposed = true
      let size = Self.blockSize(count - first)
      let context = (
        self, first..<count, size, parameters, features, finisher, Interruption.current
      )
      pool.run(blocks: blockCount(first..<count, size), with: context) { context, number in
        let (pass, all, size, parameters, features, finisher, interruption) = context
        if interruption?.givesUp == true { return }
        let rows = block(number, of: all, size)
        for index in pass.layers.indices { pass.forward(layer: index, rows, parameters, features) }
        finisher?.finish(rows)
      }
    }
  }

  private func forward(
    layer index: Int, _ rows: Range<Int>, _ parameters: UnsafePointer<Float>,
    _ features: FeatureRows
  ) {
    let layer = layers[index]
    let isLast = index == shape.layers
    let bias = parameters + layer.bias
    let result =
      (isLast ? outputs.base : hidden[index].base) + rows.lowerBound * layer.outputs
    if index == 0 {
      gather(rows, layer, parameters + layer.weight, bias, features, into: result)
      if !isLast { gfn_rectify(result, rows.count * layer.outputs) }
      return
    }
    MatrixProduct.multiply(
      m: rows.count, n: layer.outputs, k: layer.inputs,
      MatrixView(hidden[index - 1].base + rows.lowerBound * layer.inputs, stride: layer.inputs),
      MatrixView(transposed.base + transposedOffset(layer), stride: layer.outputs),
      into: result, stride: layer.outputs)
    if isLast {
      gfn_add_bias(result, bias, rows.count, layer.outputs)
    } else {
      gfn_add_bias_rectify(result, bias, rows.count, layer.outputs)
    }
  }

  /// Where a dense layer's weight lies among transposed ones.
  func transposedOffset(_ layer: NetworkShape.Layer) -> Int { layer.weight - layers[0].bias }

  /// The dense weights of a vector in the parameters' layout, transposed.
  func transpose(
    _ parameters: UnsafePointer<Float>, into result: Buffer<Float>, _ pool: ThreadPool
  ) {
    guard shape.layers > 0 else { return }
    let last = layers[shape.layers]
    result.reserve(last.bias - layers[0].bias)
    pool.run(blocks: shape.layers, with: (self, parameters, result)) { context, block in
      let (pass, parameters, result) = context
      let layer = pass.layers[block + 1]
      gfn_transpose(
        result.base + pass.transposedOffset(layer), parameters + layer.weight, layer.outputs,
        layer.inputs)
    }
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

/// What is to be done with rows that a network has just evaluated.
protocol RowFinisher: AnyObject {
  /// Different blocks of rows come on different threads.
  func finish(_ rows: Range<Int>)
}
