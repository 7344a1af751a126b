/// A stream of random numbers: xoshiro256++ (Blackman & Vigna 2021), seeded through SplitMix64.
///
/// Every purpose has its own stream derived from the session's seed, so that looking at samples
/// never changes later training.
package struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  package enum Purpose: UInt64, Sendable {
    case initialisation = 1
    case sampling = 2
    case backwardSampling = 3
    case looking = 4
    case modes = 16
  }

  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  package init(seed: UInt64, _ purpose: Purpose, index: UInt64 = 0) {
    var mixer = SplitMix(
      state: seed &+ (purpose.rawValue &* 0xD1B5_4A32_D192_ED03) &+ (index &* 0xAEF1_7502_108E_F2D9)
    )
    s0 = mixer.next()
    s1 = mixer.next()
    s2 = mixer.next()
    s3 = mixer.next()
  }

  /// The generator's state, for checkpoints.
  package var words: [UInt64] { [s0, s1, s2, s3] }

  /// Restores a stream from a checkpoint; nil unless there are four words, not all zero.
  package init?(words: [UInt64]) {
    guard words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
    (s0, s1, s2, s3) = (words[0], words[1], words[2], words[3])
  }

  package mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// Uniform in [0, 1) with 53 random bits.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }
}
