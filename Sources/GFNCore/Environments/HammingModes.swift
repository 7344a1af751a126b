/// The modes of a Hamming reward: the sequences at distance 0.
struct HammingModes: ModeSet {
  let reward: HammingReward
  let length: Int

  var total: Int? { reward.modes.count }

  func mode(of state: StatePointer) -> Int? {
    reward.number(HammingReward.bits(state, length))
  }
}

extension HammingReward {
  /// The slots that hold letter 1.
  static func bits(_ state: StatePointer, _ length: Int) -> UInt64 {
    var bits: UInt64 = 0
    for slot in 0..<length where state[slot] > 0 { bits |= 1 << UInt64(slot) }
    return bits
  }
}
