import Glibc

/// The shape of a multilayer perceptron: `layers` hidden layers of `hidden` ReLU units between a
/// k-hot input and a linear output. Without hidden layers it is a table with one row an input,
/// plus a shared bias.
package struct NetworkShape: Sendable, Equatable {
  package var inputs: Int
  package var hidden: Int
  package var layers: Int
  package var outputs: Int

  package init(inputs: Int, hidden: Int, layers: Int, outputs: Int) {
    self.inputs = inputs
    self.hidden = hidden
    self.layers = layers
    self.outputs = outputs
  }

  /// One linear layer: its sizes and where it lies among the parameters.
  package struct Layer: Sendable, Equatable {
    package var inputs: Int
    package var outputs: Int
    /// Offset of the weight; the bias follows it.
    package var weight: Int
    package var bias: Int { weight + inputs * outputs }
  }

  /// The linear layers, first to last: `layers + 1` of them.
  package var linear: [Layer] {
    var offset = 0
    return (0...layers).map { index in
      let layer = Layer(
        inputs: index == 0 ? inputs : hidden, outputs: index == layers ? outputs : hidden,
        weight: offset)
      offset += (layer.inputs + 1) * layer.outputs
      return layer
    }
  }

  /// Weights that take part in dense products: all but the first layer's, which gathers.
  package var denseWeights: Int {
    layers == 0 ? 0 : ((layers - 1) * hidden + outputs) * hidden
  }

  package var parameterCount: Int {
    layers == 0
      ? (inputs + 1) * outputs
      : (inputs + 1) * hidden + (hidden + 1) * ((layers - 1) * hidden + outputs)
  }
}

/// A network's parameters as one flat array, so that an optimiser, a snapshot or a conjugate
/// gradient never has to know about layers.
///
/// Layer by layer weight then bias. The first weight is stored `[inputs, outputs]`, because a k-hot
/// input gathers its rows; the others are `[outputs, inputs]` as in PyTorch.
package struct Network: Sendable, Equatable {
  package let shape: NetworkShape
  package var parameters: [Float]

  /// Weights and biases uniform in ±1/√fan_in, as `torch.nn.Linear` starts them.
  package init(_ shape: NetworkShape, from stream: inout RandomStream) {
    self.shape = shape
    parameters = [Float](repeating: 0, count: shape.parameterCount)
    for layer in shape.linear {
      let bound = 1 / Double(layer.inputs).squareRoot()
      for index in layer.weight..<(layer.bias + layer.outputs) {
        parameters[index] = Float((2 * stream.uniform() - 1) * bound)
      }
    }
  }

  /// All parameters zero.
  package init(zero shape: NetworkShape) {
    self.shape = shape
    parameters = [Float](repeating: 0, count: shape.parameterCount)
  }

  /// The weight of a layer, `[outputs, inputs]` as PyTorch has it, out of a vector in the parameters' layout.
  package static func weight(_ index: Int, of vector: [Float], _ shape: NetworkShape) -> [Float] {
    let layer = shape.linear[index]
    let slice = Array(vector[layer.weight..<layer.bias])
    return index == 0 ? transpose(slice, rows: layer.inputs, columns: layer.outputs) : slice
  }

  /// Sets a weight given as `[outputs, inputs]`.
  package mutating func setWeight(_ index: Int, _ values: [Float]) {
    let layer = shape.linear[index]
    precondition(values.count == layer.inputs * layer.outputs, "weight \(index) of \(shape)")
    let stored =
      index == 0 ? transpose(values, rows: layer.outputs, columns: layer.inputs) : values
    parameters.replaceSubrange(layer.weight..<layer.bias, with: stored)
  }

  package mutating func setBias(_ index: Int, _ values: [Float]) {
    let layer = shape.linear[index]
    precondition(values.count == layer.outputs, "bias \(index) of \(shape)")
    parameters.replaceSubrange(layer.bias..<(layer.bias + layer.outputs), with: values)
  }
}

private func transpose(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: values.count)
  for row in 0..<rows {
    for column in 0..<columns {
      result[column * rows + row] = values[row * columns + column]
    }
  }
  return result
}
