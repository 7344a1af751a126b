import Testing

@testable import GFNCore

@Suite struct NetworkTests {
  let pool = ThreadPool(threads: 2)

  /// A network on all states of a grid, evaluated.
  private func evaluated(
    layers: Int, threads: Int = 2
  ) throws -> (Network, NetworkPass, BatchStates) {
    let grid = try Small.grid(dim: 2, side: 9)
    let states = BatchStates(grid, [.kHot])
    for index in 0..<81 {
      grid.state(at: index).withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { _ = states.insert(base) }
      }
    }
    var stream = RandomStream(seed: 3, .initialisation)
    let network = Network(
      NetworkShape(inputs: 18, hidden: 12, layers: layers, outputs: 3), from: &stream)
    let pass = NetworkPass(network.shape)
    pass.forward(network, states.features(.kHot), upTo: 81, ThreadPool(threads: threads))
    return (network, pass, states)
  }

  /// Σ outputs · weights for the network's parameters moved by `step · direction`.
  private func loss(
    _ network: Network, _ states: BatchStates, _ weights: [Float], moved step: Float,
    _ direction: [Float]
  ) -> Double {
    var moved = network
    for index in direction.indices { moved.parameters[index] += step * direction[index] }
    let pass = NetworkPass(moved.shape)
    pass.forward(moved, states.features(.kHot), upTo: states.count, pool)
    return weights.indices.reduce(0) { $0 + Double(pass.outputs[$1]) * Double(weights[$1]) }
  }

  @Test(arguments: [0, 1, 2, 4])
  func backwardPassAgreesWithFiniteDifferences(_ layers: Int) throws {
    let (network, pass, states) = try evaluated(layers: layers)
    var stream = RandomStream(seed: 5, .looking)
    let weights = (0..<243).map { _ in Float(stream.uniform() - 0.5) }
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    weights.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      pass.backward(
        network, states.features(.kHot), outputGradient: base, into: &gradient, pool)
    }
    for _ in 0..<5 {
      let direction = (0..<gradient.count).map { _ in Float(stream.uniform() - 0.5) }
      let h: Float = 1e-3
      let difference =
        (loss(network, states, weights, moved: h, direction)
          - loss(network, states, weights, moved: -h, direction)) / Double(2 * h)
      let slope = Vector.dot(gradient, direction)
      #expect(abs(slope - difference) < 2e-2 * max(1, abs(difference)), "\(slope) \(difference)")
    }
  }

  @Test(arguments: [0, 1, 2, 4])
  func jacobianVectorProductsAreTheTransposeOfTheBackwardPass(_ layers: Int) throws {
    let (network, pass, states) = try evaluated(layers: layers)
    var stream = RandomStream(seed: 6, .looking)
    let direction = network.parameters.map { _ in Float(stream.uniform() - 0.5) }
    let weights = (0..<243).map { _ in Float(stream.uniform() - 0.5) }
    let tangent = Buffer<Float>(capacity: 243)
    pass.jacobianVectorProduct(
      states.features(.kHot), direction: direction, into: tangent.base, pool)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    weights.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      pass.backward(
        network, states.features(.kHot), outputGradient: base, into: &gradient, pool)
    }
    let left = Vector.dot(tangent.array(243), weights)
    let right = Vector.dot(gradient, direction)
    #expect(abs(left - right) < 1e-4 * max(1, abs(right)))
    #expect(abs(right) > 1e-3)
  }

  /// Beyond one chunk of rows the derivatives are summed chunk by chunk.
  @Test func derivativesOfManyRowsAddUp() throws {
    let grid = try Small.grid(dim: 2, side: 60)
    let states = BatchStates(grid, [.kHot])
    for index in 0..<3600 {
      grid.state(at: index).withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { _ = states.insert(base) }
      }
    }
    var stream = RandomStream(seed: 3, .initialisation)
    let network = Network(
      NetworkShape(inputs: 120, hidden: 8, layers: 2, outputs: 3), from: &stream)
    let pass = NetworkPass(network.shape)
    pass.forward(network, states.features(.kHot), upTo: 3600, pool)
    let direction = network.parameters.map { _ in Float(stream.uniform() - 0.5) }
    let weights = (0..<10_800).map { _ in Float(stream.uniform() - 0.5) }
    let tangent = Buffer<Float>(capacity: 10_800)
    pass.jacobianVectorProduct(
      states.features(.kHot), direction: direction, into: tangent.base, pool)
    var gradient = [Float](repeating: 0, count: network.parameters.count)
    weights.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      pass.backward(network, states.features(.kHot), outputGradient: base, into: &gradient, pool)
    }
    let left = Vector.dot(tangent.array(10_800), weights)
    let right = Vector.dot(gradient, direction)
    #expect(abs(left - right) < 1e-3 * max(1, abs(right)))
    #expect(abs(right) > 1e-2)
  }

  @Test func rowsGiveTheSameNumbersOneByOneAndAtOnce() throws {
    let (network, whole, states) = try evaluated(layers: 2)
    let single = NetworkPass(network.shape)
    for row in 1...81 {
      single.forward(network, states.features(.kHot), upTo: row, pool)
    }
    for (a, b) in zip(whole.outputs.array(243), single.outputs.array(243)) {
      #expect(abs(a - b) < 1e-6)
    }
  }

  @Test func pyTorchOrderReadsBack() {
    var stream = RandomStream(seed: 1, .initialisation)
    let network = Network(
      NetworkShape(inputs: 5, hidden: 4, layers: 2, outputs: 3), from: &stream)
    let order = Network.pyTorchOrder(network.parameters, network.shape)
    #expect(order != network.parameters)
    #expect(Network.internalOrder(order, network.shape) == network.parameters)
    let bound = 1 / Double(5).squareRoot()
    let first = order.prefix(5 * 4 + 4)
    #expect(first.allSatisfy { abs(Double($0)) <= bound })
    #expect((first.max() ?? 0) > 0.6 * Float(bound))
  }

  @Test func adamTakesThePublishedFirstSteps() {
    var moments = AdamMoments(count: 2)
    var parameters: [Float] = [1, 1]
    // The first step has the length of the rate whatever the gradient.
    moments.update(&parameters, gradient: [10, -0.1], scale: 1, rate: 0.1, pool)
    #expect(abs(parameters[0] - 0.9) < 1e-6)
    #expect(abs(parameters[1] - 1.1) < 1e-5)
    // Second step with gradient 0: m = 0.9·0.1·g/(1−0.81), v = 0.999·0.001·g²/(1−0.998001).
    moments.update(&parameters, gradient: [0, 0], scale: 1, rate: 0.1, pool)
    let m = 0.9 * 0.1 * 10 / (1 - 0.81)
    let v = (0.999 * 0.001 * 100 / (1 - 0.998001)).squareRoot()
    #expect(abs(Double(parameters[0]) - (0.9 - 0.1 * m / v)) < 1e-6)
  }

  @Test func brokenProductsAreFound() throws {
    try MatrixProduct.requireCorrect()
    // A kernel that drops the last product of each sum, and one that loses what was there before.
    let short = MatrixProduct.firstFault { Self.multiply(&$0, terms: $0.k - 1) }
    #expect(short?.hasPrefix("[1, 48] · [48, 40] has ") == true)
    let forgetful = MatrixProduct.firstFault {
      $0.beta = 0
      Self.multiply(&$0, terms: $0.k)
    }
    #expect(forgetful?.hasPrefix("[48, 40] · [40, 65] has ") == true)
    #expect(MatrixProduct.firstFault { Self.multiply(&$0, terms: $0.k) } == nil)
  }

  private static func multiply(_ trial: inout MatrixProduct.Trial, terms: Int) {
    for row in 0..<trial.m {
      for column in 0..<trial.n {
        var sum = trial.beta * trial.into[row * trial.n + column]
        for index in 0..<terms {
          sum +=
            trial.a[trial.transposeA ? index * trial.m + row : row * trial.k + index]
            * trial.b[trial.transposeB ? column * trial.k + index : index * trial.n + column]
        }
        trial.into[row * trial.n + column] = sum
      }
    }
  }

  @Test func poolsRunEveryBlockOnceWhateverTheirSize() {
    for threads in [1, 2, 5] {
      let pool = ThreadPool(threads: threads)
      // Counts that grow from job to job: a worker late for one must not take a block of the next.
      var stream = RandomStream(seed: 1, .looking)
      let counts = Buffer<Int>(capacity: 128)
      var wrong = 0
      for _ in 0..<20_000 {
        let blocks = Int(stream.next() % 20)
        counts.fill(128, with: 0)
        pool.run(blocks: blocks) { counts[$0] += 1 }
        if !counts.array(blocks).allSatisfy({ $0 == 1 }) { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }

  @Test func streamsOfOneSeedDiffer() {
    var seen: Set<UInt64> = []
    for purpose: RandomStream.Purpose in [.initialisation, .sampling, .backwardSampling, .looking] {
      for index in 0..<4 as Range<UInt64> {
        var stream = RandomStream(seed: 0, purpose, index: index)
        #expect(seen.insert(stream.next()).inserted)
      }
    }
    var stream = RandomStream(seed: 9, .sampling)
    let mean = (0..<10_000).reduce(0.0) { sum, _ in sum + stream.uniform() } / 10_000
    #expect(abs(mean - 0.5) < 0.015)
    #expect(RandomStream(words: stream.words) == stream)
    #expect(RandomStream(words: [0, 0, 0, 0]) == nil)
  }

  @Test func stateTablesKeepEveryStateOnce() {
    var table = StateTable(width: 2)
    for round in 0..<2 {
      for value in 0..<500 as Range<Int32> {
        let (row, isNew) = [value, value * 7].withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { table.insert($0) } ?? (-1, false)
        }
        #expect(row == Int(value))
        #expect(isNew == (round == 0))
      }
    }
    #expect(table.count == 500)
    #expect(table.state(499) == [499, 3493])
    table.removeAll()
    #expect(table.count == 0)
  }
}
