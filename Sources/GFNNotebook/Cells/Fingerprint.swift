/// A short name for a text: equal texts have equal names, and different ones nearly surely different names.
enum Fingerprint {
  /// FNV-1a, 64 bits (Fowler, Noll and Vo).
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
      hash ^= UInt64(byte)
      hash &*= 0x100_0000_01b3
    }
    return hash
  }

  static func text(_ text: String) -> String { String(hash(text), radix: 16) }
}
