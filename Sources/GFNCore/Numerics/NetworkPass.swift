/// What a network computed for the rows of a batch: kept row by row, so that one backward pass or
/// any number of Jacobian-vector products can follow without a second forward pass.
///
/// Activations are `[rows, hidden]`, outputs `[rows, outputs]`, row-major.
final class NetworkPass {
  let shape: NetworkShape
  private(set) var rows = 0
  private(set) var work = DenseWork()
  private let layers: [NetworkShape.Layer]
  private let hidden: [Buffer<Float>]
  let outputs = Buffer<Float>()
  /// Scratch of `chunk` rows a hidden layer, for the derivatives.
  private let scratch: [Buffer<Float>]

  /// Rows that the backward pass takes at a time: their derivatives stay in cache, and memory beyond
  /// the activations does not grow with the batch.
  private static let chunk = 2048
  /// Columns of a weight gradient in one block of work.
  private static let gradientBlock = 64

  init(_ shape: NetworkShape) {
    self.shape = shape
    layers = shape.linear
    hidden = (0..<shape.layers).map { _ in Buffer() }
    scratch = (0..<max(shape.layers, 2)).map { _ in Buffer() }
  }

  func removeAll() { rows = 0 }

  /// Rows in one block of work: two blocks for the few new rows of a rollout step, 64 rows (enough
  /// for the product to run at its peak) for many.
  private static func blockSize(_ rows: Int) -> Int {
    rows <= 8 ? 8 : rows <= 128 ? (rows + 1) / 2 : 64
  }

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
    let size = Self.blockSize(count - first)
    network.parameters.withUnsafeBufferPointer { buffer in
      guard let parameters = buffer.baseAddress else { return }
      pool.run(blocks: (count - first + size - 1) / size) { block in
        let start = first + block * size
        let range = start..<min(start + size, count)
        forward(range, parameters, features)
        finish(range)
      }
    }
  }

  private func output(of layer: Int) -> UnsafeMutablePointer<Float> {
    layer == shape.layers ? outputs.base : hidden[layer].base
  }

  private func forward(
    _ range: Range<Int>, _ parameters: UnsafePointer<Float>, _ features: FeatureRows
  ) {
    for (index, layer) in layers.enumerated() {
      let result = output(of: index) + range.lowerBound * layer.outputs
      let weight = parameters + layer.weight
      let bias = parameters + layer.bias
      if index == 0 {
        gather(range, layer, weight, bias, features, into: result)
      } else {
        let input = hidden[index - 1].base + range.lowerBound * layer.inputs
        MatrixProduct.multiply(
          m: range.count, n: layer.outputs, k: layer.inputs,
          MatrixView(input, stride: layer.inputs), MatrixView(weight, stride: layer.inputs),
          transposeB: true, into: result, stride: layer.outputs)
        for row in 0..<range.count {
          Elementwise.add(bias, to: result + row * layer.outputs, layer.outputs)
        }
      }
      if index < shape.layers {
        Elementwise.rectify(result, range.count * layer.outputs)
      }
    }
  }

  /// `result[row] = bias + Σ weight[input]` over the row's active inputs.
  private func gather(
    _ range: Range<Int>, _ layer: NetworkShape.Layer, _ weight: UnsafePointer<Float>,
    _ bias: UnsafePointer<Float>?, _ features: FeatureRows,
    into result: UnsafeMutablePointer<Float>
  ) {
    let width = layer.outputs
    for row in range {
      let values = result + (row - range.lowerBound) * width
      if let bias {
        values.update(from: bias, count: width)
      } else {
        values.update(repeating: 0, count: width)
      }
      for input in features[row] {
        Elementwise.add(weight + Int(input) * width, to: values, width)
      }
    }
  }

  /// Adds `Jᵀ · outputGradient` to `gradient`.
  /// - Parameters:
  ///   - outputGradient: `[rows, outputs]`.
  ///   - gradient: in the parameters' layout.
  func backward(
    _ network: Network, _ features: FeatureRows, outputGradient: UnsafePointer<Float>,
    into gradient: inout [Float], _ pool: ThreadPool
  ) {
    for buffer in scratch { buffer.reserve(min(rows, Self.chunk) * shape.hidden) }
    work.add(rows: rows, 4 * shape.denseWeights)
    network.parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else {
          return
        }
        for start in stride(from: 0, to: rows, by: Self.chunk) {
          let range = start..<min(start + Self.chunk, rows)
          propagate(range, parameters, outputGradient, pool)
          accumulate(range, features, outputGradient, gradient, pool)
        }
      }
    }
  }

  /// ∂loss/∂(pre-activation) of every hidden layer, into `scratch`.
  private func propagate(
    _ chunk: Range<Int>, _ parameters: UnsafePointer<Float>,
    _ outputGradient: UnsafePointer<Float>, _ pool: ThreadPool
  ) {
    guard shape.layers > 0 else { return }
    let size = Self.blockSize(chunk.count)
    pool.run(blocks: (chunk.count + size - 1) / size) { block in
      let offset = block * size
      let count = min(size, chunk.count - offset)
      for index in stride(from: shape.layers, to: 0, by: -1) {
        let layer = layers[index]
        let above =
          index == shape.layers
          ? outputGradient + (chunk.lowerBound + offset) * layer.outputs
          : UnsafePointer(scratch[index].base) + offset * layer.outputs
        let below = scratch[index - 1].base + offset * layer.inputs
        MatrixProduct.multiply(
          m: count, n: layer.inputs, k: layer.outputs, MatrixView(above, stride: layer.outputs),
          MatrixView(parameters + layer.weight, stride: layer.inputs), into: below,
          stride: layer.inputs)
        mask(below, by: index - 1, from: chunk.lowerBound + offset, count)
      }
    }
  }

  /// Zero where the ReLU of hidden layer `layer` is.
  private func mask(
    _ values: UnsafeMutablePointer<Float>, by layer: Int, from row: Int, _ count: Int
  ) {
    Elementwise.mask(
      values, by: hidden[layer].base + row * shape.hidden, count * shape.hidden)
  }

  /// Weight and bias gradients of one chunk, cut by output columns so that every element is summed
  /// over the rows in one fixed order.
  private func accumulate(
    _ chunk: Range<Int>, _ features: FeatureRows, _ outputGradient: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    let blocksPerLayer = layers.map { ($0.outputs + Self.gradientBlock - 1) / Self.gradientBlock }
    pool.run(blocks: blocksPerLayer.reduce(0, +)) { block in
      var index = shape.layers
      var block = block
      while block >= blocksPerLayer[index] {
        block -= blocksPerLayer[index]
        index -= 1
      }
      let layer = layers[index]
      let first = block * Self.gradientBlock
      let width = min(Self.gradientBlock, layer.outputs - first)
      let above =
        (index == shape.layers
          ? outputGradient + chunk.lowerBound * layer.outputs
          : UnsafePointer(scratch[index].base)) + first
      let bias = gradient + layer.bias + first
      for row in 0..<chunk.count {
        Elementwise.add(above + row * layer.outputs, to: bias, width)
      }
      if index == 0 {
        let weight = gradient + layer.weight + first
        for row in 0..<chunk.count {
          let values = above + row * layer.outputs
          for input in features[chunk.lowerBound + row] {
            Elementwise.add(values, to: weight + Int(input) * layer.outputs, width)
          }
        }
      } else {
        MatrixProduct.multiply(
          m: width, n: layer.inputs, k: chunk.count, MatrixView(above, stride: layer.outputs),
          transposeA: true,
          MatrixView(
            hidden[index - 1].base + chunk.lowerBound * layer.inputs, stride: layer.inputs),
          into: gradient + layer.weight + first * layer.inputs, stride: layer.inputs, adding: 1)
      }
    }
  }

  /// The directional derivative `J · direction` of the outputs, `[rows, outputs]`.
  /// - Parameter direction: in the parameters' layout.
  func jacobianVectorProduct(
    _ network: Network, _ features: FeatureRows, direction: [Float],
    into result: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    precondition(direction.count == shape.parameterCount, "\(direction.count) for \(shape)")
    for buffer in scratch { buffer.reserve(min(rows, Self.chunk) * shape.hidden) }
    work.add(rows: rows, 4 * shape.denseWeights)
    network.parameters.withUnsafeBufferPointer { parameters in
      direction.withUnsafeBufferPointer { direction in
        guard let parameters = parameters.baseAddress, let direction = direction.baseAddress else {
          return
        }
        for start in stride(from: 0, to: rows, by: Self.chunk) {
          let chunk = start..<min(start + Self.chunk, rows)
          let size = Self.blockSize(chunk.count)
          pool.run(blocks: (chunk.count + size - 1) / size) { block in
            let offset = block * size
            let first = chunk.lowerBound + offset
            jacobianVectorProduct(
              first..<min(first + size, chunk.upperBound), offset, parameters, direction, features,
              result)
          }
        }
      }
    }
  }

  private func jacobianVectorProduct(
    _ range: Range<Int>, _ offset: Int, _ parameters: UnsafePointer<Float>,
    _ direction: UnsafePointer<Float>, _ features: FeatureRows,
    _ result: UnsafeMutablePointer<Float>
  ) {
    for (index, layer) in layers.enumerated() {
      let isLast = index == shape.layers
      let tangent =
        isLast
        ? result + range.lowerBound * layer.outputs
        : scratch[index % 2].base + offset * layer.outputs
      let bias = direction + layer.bias
      if index == 0 {
        gather(range, layer, direction + layer.weight, bias, features, into: tangent)
      } else {
        MatrixProduct.multiply(
          m: range.count, n: layer.outputs, k: layer.inputs,
          MatrixView(
            hidden[index - 1].base + range.lowerBound * layer.inputs, stride: layer.inputs),
          MatrixView(direction + layer.weight, stride: layer.inputs), transposeB: true,
          into: tangent, stride: layer.outputs)
        MatrixProduct.multiply(
          m: range.count, n: layer.outputs, k: layer.inputs,
          MatrixView(scratch[(index - 1) % 2].base + offset * layer.inputs, stride: layer.inputs),
          MatrixView(parameters + layer.weight, stride: layer.inputs), transposeB: true,
          into: tangent, stride: layer.outputs, adding: 1)
        for row in 0..<range.count {
          Elementwise.add(bias, to: tangent + row * layer.outputs, layer.outputs)
        }
      }
      if !isLast { mask(tangent, by: index, from: range.lowerBound, range.count) }
    }
  }
}
