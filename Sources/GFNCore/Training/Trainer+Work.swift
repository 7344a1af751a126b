extension Trainer {
  /// The dense arithmetic of the steps so far.
  package var work: DenseWork {
    [forward, backward].compactMap(\.self).reduce(trustRegion.work) { $0 + $1.work }
  }

  /// Distinct states in the last batch of backward trajectories; 0 where the method has none.
  package var backwardDistinctStates: Int { backward?.states.count ?? 0 }
}

extension BatchPass {
  fileprivate var work: DenseWork {
    [forwardPolicy.network, backwardPolicy.network, stateEstimator].compactMap(\.self)
      .reduce(DenseWork()) { $0 + $1.work }
  }
}
