import FoundationEssentials

/// A short name for a text or a file: equal contents have equal names, and different ones nearly surely
/// different names, unless somebody wants them equal.
package enum Fingerprint {
  private static let start: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  /// FNV-1a, 64 bits (Fowler, Noll and Vo).
  package static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* prime }
  }

  package static func text(_ text: String) -> String { String(hash(text), radix: 16) }

  /// The same function over words of eight bytes, the last one filled with zeros.
  package static func text(_ bytes: FileBytes) -> String {
    var hash = start
    func take(_ word: UInt64) { hash = (hash ^ word) &* prime }
    bytes.data.withUnsafeBytes { raw in
      let whole = raw.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) {
        take(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      }
      take(raw[whole...].reversed().reduce(0) { $0 << 8 | UInt64($1) })
      take(UInt64(raw.count))
    }
    return String(hash, radix: 16)
  }
}
