/// The Fisher matrix F of `KL(π_old ‖ π)` at the sampling parameters, summed over visited states and
/// divided by the number of trajectories, as products with vectors in the policy's layout.
///
/// Estimated from a share of the distinct states, their visits are scaled up to all of the batch's:
/// `F ≈ (Σ_s n_s / Σ_{s selected} n_s) Σ_{s selected} n_s F_s / trajectories`.
struct FisherMatrix {
  private static let rowBlock = 256

  /// What each row's `p (t − p·t)` counts, `[rows]`.
  private let weights = Buffer<Float>()
  /// Logit tangents, then ∂/∂logits of the product, `[rows, actions]`.
  private let tangent = Buffer<Float>()
  private let selected = Buffer<Int32>()
  private var selection: Selection?
  /// Whether products run over the selection or over the whole batch.
  private var isSelective = false

  private struct Selection {
    var network: NetworkPass
    var features: FeatureRows
  }

  /// Dense arithmetic on selected rows so far; that on whole batches is the policy's.
  var work: DenseWork { selection?.network.work ?? DenseWork() }

  /// Takes a batch that is evaluated at the sampling parameters.
  /// - Parameters:
  ///   - fraction: the share of the states that stands for all of them.
  ///   - turn: another one selects other states.
  mutating func prepare(
    _ pass: BatchPass, _ encoding: InputEncoding, fraction: Double,
    turn: Int, _ pool: ThreadPool
  ) {
    let states = pass.states.count
    let visits = pass.visits()
    let scale = 1 / Float(pass.paths.count)
    let whole = fraction < 1 ? pass.forwardPolicy.network : nil
    isSelective = whole != nil
    weights.reserve(states)
    guard let whole else {
      for row in 0..<states { weights[row] = Float(visits[row]) * scale }
      return
    }
    let features = pass.states.features(encoding)
    let selection =
      self.selection
      ?? Selection(
        network: NetworkPass(whole.shape, selectingFrom: whole),
        features: FeatureRows(like: features))
    self.selection = selection
    let count = SystematicSample.select(fraction, of: states, turn: turn, into: selected)
    selection.network.select(selected.base, count: count, from: whole, pool)
    selection.features.select(selected.base, count: count, from: features)
    var seen: Int32 = 0
    for row in 0..<count { seen += visits[Int(selected[row])] }
    let ratio = Float(pass.paths.entryCount) / Float(max(seen, 1))
    for row in 0..<count { weights[row] = Float(visits[Int(selected[row])]) * scale * ratio }
  }

  /// `result = F v`.
  mutating func multiply(
    _ network: Network, _ pass: BatchPass, _ vector: [Float], into result: inout [Float],
    _ pool: ThreadPool
  ) {
    let policy = pass.forwardPolicy
    let selection = isSelective ? selection : nil
    let rows = selection?.network.rows ?? pass.states.count
    tangent.reserve(rows * policy.actions)
    if let selection {
      selection.network.jacobianVectorProduct(
        selection.features, direction: vector, into: tangent.base, pool)
    } else {
      policy.jacobianVectorProduct(pass.states, direction: vector, into: tangent.base, pool)
    }
    scaleTangent(rows, policy, pool)
    Vector.clear(&result, count: vector.count)
    if let selection {
      selection.network.backward(
        network, selection.features, outputGradient: tangent.base, into: &result, pool)
    } else {
      policy.backward(network, pass.states, logitGradient: tangent.base, into: &result, pool)
    }
  }

  /// `t_a ← w p_a (t_a − Σ_b p_b t_b)` in every row.
  private func scaleTangent(_ rows: Int, _ policy: PolicyPass, _ pool: ThreadPool) {
    let context = (
      0..<rows, policy.actions, policy.probabilities.base, tangent.base, weights.base,
      isSelective ? selected.base : nil
    )
    pool.run(blocks: blockCount(0..<rows, Self.rowBlock), with: context) { context, number in
      let (rows, actions, probabilities, tangent, weights, selected) = context
      for row in block(number, of: rows, Self.rowBlock) {
        let p = probabilities + (selected.map { Int($0[row]) } ?? row) * actions
        let t = tangent + row * actions
        let weight = weights[row]
        var mean: Float = 0
        for action in 0..<actions { mean += p[action] * t[action] }
        for action in 0..<actions { t[action] = weight * p[action] * (t[action] - mean) }
      }
    }
  }
}
