import CKernels
import GFNParameters

extension NetworkPass {
  /// Rows that the backward pass takes at a time: their derivatives stay in cache, and memory beyond
  /// the activations does not grow with the batch.
  private static let chunk = 2048
  /// Rows whose bias gradients are summed together.
  private static let sumBlock = 64
  /// Columns of a weight gradient in one block of work.
  private static let gradientBlock = 64

  /// Adds `Jᵀ · outputGradient` to `gradient`.
  /// - Parameters:
  ///   - outputGradient: `[rows, outputs]`.
  ///   - gradient: in the parameters' layout.
  func backward(
    _ network: Network, _ features: FeatureRows, outputGradient: UnsafePointer<Float>,
    into gradient: inout [Float], _ pool: ThreadPool
  ) {
    let height = min(rows, Self.chunk)
    for buffer in scratch { buffer.reserve(height * shape.hidden) }
    biasSums.reserve((height / Self.sumBlock + 1) * shape.layers * shape.hidden)
    work.add(rows: rows, 4 * denseWeights)
    network.parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else {
          return
        }
        for start in stride(from: 0, to: rows, by: Self.chunk) {
          if Interruption.current?.givesUp == true { return }
          let range = start..<min(start + Self.chunk, rows)
          propagate(range, parameters, outputGradient, pool)
          accumulate(range, features, outputGradient, gradient, pool)
        }
      }
    }
  }

  /// ∂loss/∂(pre-activation) of every hidden layer, into `scratch`, and its sums over blocks of rows,
  /// `[blocks, layers, hidden]`, into `biasSums`.
  private func propagate(
    _ chunk: Range<Int>, _ parameters: UnsafePointer<Float>,
    _ outputGradient: UnsafePointer<Float>, _ pool: ThreadPool
  ) {
    guard shape.layers > 0 else { return }
    let context = (self, chunk, parameters, outputGradient)
    pool.run(blocks: blockCount(chunk, Self.sumBlock), with: context) { context, number in
      let (pass, chunk, parameters, outputGradient) = context
      pass.propagate(number, of: chunk, parameters, outputGradient)
    }
  }

  private func propagate(
    _ number: Int, of chunk: Range<Int>, _ parameters: UnsafePointer<Float>,
    _ outputGradient: UnsafePointer<Float>
  ) {
    let range = block(number, of: chunk, Self.sumBlock)
    let offset = range.lowerBound - chunk.lowerBound
    for index in stride(from: shape.layers, to: 0, by: -1) {
      let layer = layers[index]
      let above =
        index == shape.layers
        ? outputGradient + range.lowerBound * layer.outputs
        : UnsafePointer(scratch[index].base) + offset * layer.outputs
      let below = scratch[index - 1].base + offset * layer.inputs
      MatrixProduct.multiply(
        m: range.count, n: layer.inputs, k: layer.outputs,
        MatrixView(above, stride: layer.outputs),
        MatrixView(parameters + layer.weight, stride: layer.inputs), into: below,
        stride: layer.inputs)
      gfn_mask_and_sum(
        below, hidden[index - 1].base + range.lowerBound * layer.inputs, range.count,
        layer.inputs, biasSums.base + (number * shape.layers + index - 1) * shape.hidden)
    }
  }

  /// Weight and bias gradients of one chunk, cut by output columns so that every element is summed
  /// over the rows in one fixed order.
  private func accumulate(
    _ chunk: Range<Int>, _ features: FeatureRows, _ outputGradient: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    let hiddenBlocks = blockCount(0..<shape.hidden, Self.gradientBlock)
    let lastBlocks = blockCount(0..<shape.outputs, Self.gradientBlock)
    let context = (self, hiddenBlocks, chunk, features, outputGradient, gradient)
    pool.run(blocks: shape.layers * hiddenBlocks + lastBlocks, with: context) { context, number in
      let (pass, hiddenBlocks, chunk, features, outputGradient, gradient) = context
      let layers = pass.shape.layers
      let index = layers == 0 ? 0 : min(number / hiddenBlocks, layers)
      let columns = block(
        number - index * hiddenBlocks, of: 0..<pass.layers[index].outputs, Self.gradientBlock)
      pass.accumulate(layer: index, columns, chunk, features, outputGradient, gradient)
    }
  }

  private func accumulate(
    layer index: Int, _ columns: Range<Int>, _ chunk: Range<Int>, _ features: FeatureRows,
    _ outputGradient: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
  ) {
    let layer = layers[index]
    let first = columns.lowerBound
    let bias = gradient + layer.bias + first
    let above: UnsafePointer<Float>
    if index == shape.layers {
      above = outputGradient + chunk.lowerBound * layer.outputs + first
      for row in 0..<chunk.count { gfn_add(bias, above + row * layer.outputs, columns.count) }
    } else {
      above = UnsafePointer(scratch[index].base) + first
      for block in 0..<blockCount(chunk, Self.sumBlock) {
        gfn_add(
          bias, biasSums.base + (block * shape.layers + index) * shape.hidden + first,
          columns.count)
      }
    }
    if index > 0 {
      MatrixProduct.multiply(
        m: columns.count, n: layer.inputs, k: chunk.count,
        MatrixView(above, stride: layer.outputs), transposeA: true,
        MatrixView(
          hidden[index - 1].base + chunk.lowerBound * layer.inputs, stride: layer.inputs),
        into: gradient + layer.weight + first * layer.inputs, stride: layer.inputs, adding: 1)
      return
    }
    let weight = gradient + layer.weight + first
    for row in 0..<chunk.count {
      let values = above + row * layer.outputs
      for input in features[chunk.lowerBound + row] {
        gfn_add(weight + Int(input) * layer.outputs, values, columns.count)
      }
    }
  }

  /// The directional derivative `J · direction` of the outputs, `[rows, outputs]`.
  /// - Parameter direction: in the parameters' layout.
  func jacobianVectorProduct(
    _ features: FeatureRows, direction: [Float], into result: UnsafeMutablePointer<Float>,
    _ pool: ThreadPool
  ) {
    precondition(direction.count == shape.parameterCount, "\(direction.count) for \(shape)")
    for buffer in scratch { buffer.reserve(min(rows, Self.chunk) * shape.hidden) }
    work.add(rows: rows, 4 * denseWeights)
    direction.withUnsafeBufferPointer { direction in
      guard let direction = direction.baseAddress else { return }
      transpose(direction, into: directions, pool)
      for start in stride(from: 0, to: rows, by: Self.chunk) {
        if Interruption.current?.givesUp == true { return }
        let chunk = start..<min(start + Self.chunk, rows)
        let context = (self, chunk, direction, features, result)
        pool.run(blocks: blockCount(chunk, Self.sumBlock), with: context) { context, number in
          let (pass, chunk, direction, features, result) = context
          let range = block(number, of: chunk, Self.sumBlock)
          pass.jacobianVectorProduct(
            range, range.lowerBound - chunk.lowerBound, direction, features, result)
        }
      }
    }
  }

  private func jacobianVectorProduct(
    _ range: Range<Int>, _ offset: Int, _ direction: UnsafePointer<Float>,
    _ features: FeatureRows, _ result: UnsafeMutablePointer<Float>
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
        let offsetOfWeight = transposedOffset(layer)
        MatrixProduct.multiply(
          m: range.count, n: layer.outputs, k: layer.inputs,
          MatrixView(
            hidden[index - 1].base + range.lowerBound * layer.inputs, stride: layer.inputs),
          MatrixView(directions.base + offsetOfWeight, stride: layer.outputs), into: tangent,
          stride: layer.outputs)
        MatrixProduct.multiply(
          m: range.count, n: layer.outputs, k: layer.inputs,
          MatrixView(scratch[(index - 1) % 2].base + offset * layer.inputs, stride: layer.inputs),
          MatrixView(transposed.base + offsetOfWeight, stride: layer.outputs), into: tangent,
          stride: layer.outputs, adding: 1)
        gfn_add_bias(tangent, bias, range.count, layer.outputs)
      }
      if !isLast {
        gfn_mask(
          tangent, hidden[index].base + range.lowerBound * layer.outputs, range.count,
          layer.outputs)
      }
    }
  }
}
