import FoundationEssentials

/// A safetensors file: a JSON header and raw little-endian Float32 tensors, nothing that could execute.
/// Int32 tensors are read too, as the nearest Float32.
public struct SafeTensors: Sendable {
  public struct Tensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
      self.shape = shape
      self.values = values
    }
  }

  public var tensors: [String: Tensor]
  public var metadata: [String: String]

  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Headers beyond this are refused unread.
  private static let longestHeader = 16 << 20

  /// Reads a file's bytes; everything is checked before a tensor is made.
  /// - Throws: `CoreError.file` for a file that is truncated, whose header is malformed or absurdly
  ///   long, or whose tensors overlap, lie outside, have the wrong size or another type.
  public init(_ bytes: [UInt8], path: String) throws {
    func refuse(_ reason: String) -> CoreError {
      .file(path: path, line: nil, reason: reason)
    }
    guard bytes.count >= 8 else {
      throw refuse("is no safetensors file: it has \(bytes.count) bytes")
    }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Self.longestHeader) else {
      throw refuse("claims a header of \(length) bytes; at most \(Self.longestHeader) are read")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw refuse("is truncated: its header should have \(length) bytes")
    }
    let start = 8 + Int(length)
    let size = bytes.count - start
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
    } catch {
      throw refuse("has a malformed header")
    }
    var end = 0
    let entries = header.entries.sorted {
      ($0.value.range.first ?? 0, $0.key) < ($1.value.range.first ?? 0, $1.key)
    }
    for (name, entry) in entries {
      guard entry.dtype == "F32" || entry.dtype == Self.integers else {
        throw refuse("holds '\(name)' as \(entry.dtype); only F32 and I32 are read")
      }
      guard entry.range.count == 2, entry.range[0] >= 0, entry.range[1] >= entry.range[0] else {
        throw refuse("gives '\(name)' the offsets \(entry.range)")
      }
      guard entry.range[1] <= size else {
        throw refuse(
          "is truncated or corrupt: '\(name)' ends at byte \(entry.range[1]) of \(size)")
      }
      guard entry.range[0] >= end else { throw refuse("lets '\(name)' overlap another tensor") }
      end = entry.range[1]
      var count: Int? = 4
      for extent in entry.shape {
        guard extent >= 0, let product = count?.multipliedReportingOverflow(by: extent),
          !product.overflow
        else {
          count = nil
          break
        }
        count = product.partialValue
      }
      guard count == entry.range[1] - entry.range[0] else {
        throw refuse(
          "gives '\(name)' the shape \(entry.shape) but \(entry.range[1] - entry.range[0]) bytes")
      }
    }
    tensors = [:]
    for (name, entry) in entries {
      let range = (start + entry.range[0])..<(start + entry.range[1])
      tensors[name] = Tensor(
        shape: entry.shape,
        values: Self.decode(bytes[range], integers: entry.dtype == Self.integers))
    }
    metadata = header.metadata
  }

  /// Keeps the tensors whose names start with a prefix, under another.
  public mutating func rename(from prefix: String, to other: String) {
    tensors = Dictionary(
      tensors.filter { $0.key.hasPrefix(prefix) }.map {
        (other + $0.key.dropFirst(prefix.count), $0.value)
      }
    ) { first, _ in first }
  }

  private static let integers = "I32"

  private static func decode(_ bytes: ArraySlice<UInt8>, integers isInteger: Bool) -> [Float] {
    bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { index in
        let bits = raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        let word = UInt32(littleEndian: bits)
        return isInteger ? Float(Int32(bitPattern: word)) : Float(bitPattern: word)
      }
    }
  }

  /// The file's bytes; tensors in the order of their names, so that equal contents are equal bytes.
  public func encoded() throws -> [UInt8] {
    var offset = 0
    var header = Header(entries: [:], metadata: metadata)
    let names = tensors.keys.sorted()
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = offset + 4 * tensor.values.count
      header.entries[name] = Header.Entry(dtype: "F32", shape: tensor.shape, range: [offset, end])
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = [UInt8](try encoder.encode(header))
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    bytes.reserveCapacity(bytes.count + offset)
    for name in names {
      for value in tensors[name]?.values ?? [] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  private struct Header: Codable {
    struct Entry: Codable {
      var dtype: String
      var shape: [Int]
      var range: [Int]

      enum CodingKeys: String, CodingKey {
        case dtype
        case shape
        case range = "data_offsets"
      }
    }

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    private static let metadataKey = "__metadata__"
    var entries: [String: Entry]
    var metadata: [String: String]

    init(entries: [String: Entry], metadata: [String: String]) {
      self.entries = entries
      self.metadata = metadata
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      entries = [:]
      metadata = [:]
      for key in container.allKeys {
        if key.stringValue == Self.metadataKey {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty {
        try container.encode(metadata, forKey: Key(stringValue: Self.metadataKey))
      }
      for (name, entry) in entries {
        try container.encode(entry, forKey: Key(stringValue: name))
      }
    }
  }
}
