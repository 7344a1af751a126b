import FoundationEssentials
import GFNParameters

/// A safetensors file: a JSON header and raw little-endian tensors, nothing that could execute.
package struct SafeTensors: Sendable {
  package struct Tensor: Sendable, Equatable {
    package var shape: [Int]
    package var values: [Float]

    package init(shape: [Int], values: [Float]) {
      self.shape = shape
      self.values = values
    }
  }

  /// The Float32 tensors.
  package var tensors: [String: Tensor]
  /// Those of other types, under other names.
  package var arrays: [String: RawTensor]
  package var metadata: [String: String]

  package init(
    tensors: [String: Tensor] = [:], arrays: [String: RawTensor] = [:],
    metadata: [String: String] = [:]
  ) {
    self.tensors = tensors
    self.arrays = arrays
    self.metadata = metadata
  }

  /// Headers beyond this are refused unread.
  private static let longestHeader = 16 << 20

  /// Reads a file's bytes; everything is checked before a tensor is made.
  ///
  /// As strict as the reference reader (huggingface/safetensors): nothing can hide in the file.
  /// - Throws: `CoreError.file` for a file that is truncated or too long, whose header is malformed, absurdly
  ///   long or gives a name twice, or whose tensors overlap, leave holes, lie outside, have the wrong size
  ///   or a type that is not read.
  package init(_ bytes: [UInt8], path: String) throws {
    let (header, start) = try Self.header(of: bytes, path: path)
    let entries = header.entries.sorted {
      // Of those at one place, the ones without elements come first.
      ($0.value.range.first ?? 0, $0.value.range.last ?? 0, $0.key)
        < ($1.value.range.first ?? 0, $1.value.range.last ?? 0, $1.key)
    }
    var end = 0
    for (name, entry) in entries {
      if let fault = entry.fault(name, size: bytes.count - start, behind: end) {
        throw CoreError.file(path: path, line: nil, reason: fault)
      }
      end = entry.range[1]
    }
    guard start + end == bytes.count else {
      throw CoreError.file(
        path: path, line: nil,
        reason: "is corrupt: \(counted(bytes.count - start - end, "byte")) follow its last tensor")
    }
    tensors = [:]
    arrays = [:]
    for (name, entry) in entries {
      let range = (start + entry.range[0])..<(start + entry.range[1])
      if let type = RawTensor.ElementType(rawValue: entry.dtype) {
        arrays[name] = RawTensor(type, shape: entry.shape, bytes: Array(bytes[range]))
      } else {
        tensors[name] = Tensor(shape: entry.shape, values: Self.decode(bytes[range]))
      }
    }
    metadata = header.metadata
  }

  /// The header, and where the tensors' bytes begin.
  private static func header(of bytes: [UInt8], path: String) throws -> (Header, start: Int) {
    func refuse(_ reason: String) -> CoreError {
      .file(path: path, line: nil, reason: reason)
    }
    guard bytes.count >= 8 else {
      throw refuse("is no safetensors file: it has \(counted(bytes.count, "byte"))")
    }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(longestHeader) else {
      throw refuse(
        "is no safetensors file: it claims a header of \(length) bytes, and at most "
          + "\(longestHeader) are read")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw refuse("is truncated: its header should have \(counted(Int(clamping: length), "byte"))")
    }
    let start = 8 + Int(length)
    let text = bytes[8..<start]
    guard text.first == UInt8(ascii: "{"),
      let header = try? JSONDecoder().decode(Header.self, from: Data(text))
    else { throw refuse("has a malformed header") }
    if let name = JSONKeys.duplicate(in: text) { throw refuse("has '\(name)' twice in its header") }
    return (header, start)
  }

  private static let float32 = "F32"

  private static func elementSize(_ type: String) -> Int? {
    type == float32 ? 4 : RawTensor.ElementType(rawValue: type)?.size
  }

  /// Keeps the tensors whose names start with a prefix, under another.
  package mutating func rename(from prefix: String, to other: String) {
    func renamed<Value>(_ values: [String: Value]) -> [String: Value] {
      Dictionary(
        values.filter { $0.key.hasPrefix(prefix) }.map {
          (other + $0.key.dropFirst(prefix.count), $0.value)
        }
      ) { first, _ in first }
    }
    tensors = renamed(tensors)
    arrays = renamed(arrays)
  }

  /// Takes the floating-point numbers of other types, under names that are asked for, as Float32.
  /// - Returns: the types that they had, by name.
  /// - Throws: `CoreError.file` for a number that Float32 cannot hold.
  mutating func convert(
    where isWanted: (String) -> Bool, path: String
  ) throws -> [String: RawTensor.ElementType] {
    var types: [String: RawTensor.ElementType] = [:]
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) where isWanted(name) {
      guard let values = array.floats else { continue }
      if let index = values.firstIndex(where: \.isInfinite), let number = array.doubles?[index],
        number.isFinite
      {
        throw CoreError.file(
          path: path, line: nil, reason: "'\(name)' holds \(number), more than a Float32 can be")
      }
      tensors[name] = Tensor(shape: array.shape, values: values)
      arrays[name] = nil
      types[name] = array.type
    }
    return types
  }

  private static func decode(_ bytes: ArraySlice<UInt8>) -> [Float] {
    bytes.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
  }

  /// The file's bytes; wide elements before narrow ones, so that all are aligned, then in the order of
  /// their names, so that equal contents are equal bytes.
  package func encoded() throws -> [UInt8] {
    var offset = 0
    var header = Header(entries: [:], metadata: metadata)
    var body: [[UInt8]] = []
    func append(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
      let end = offset + bytes.count
      header.entries[name] = Header.Entry(dtype: type, shape: shape, range: [offset, end])
      body.append(bytes)
      offset = end
    }
    let others = arrays.sorted { ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key) }
    for (name, array) in others where array.type.size > 4 {
      append(name, array.type.rawValue, array.shape, array.bytes)
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      append(name, Self.float32, tensor.shape, Self.encode(tensor.values))
    }
    for (name, array) in others where array.type.size <= 4 {
      append(name, array.type.rawValue, array.shape, array.bytes)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = [UInt8](try encoder.encode(header))
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    bytes.reserveCapacity(bytes.count + offset)
    for part in body {
      try Interruption.check()
      bytes += part
    }
    return bytes
  }

  private static func encode(_ values: [Float]) -> [UInt8] {
    #if _endian(little)
      values.withUnsafeBytes { Array($0) }
    #else
      values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }
    #endif
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

      /// What is wrong with it.
      /// - Parameters:
      ///   - size: bytes of all tensors.
      ///   - end: where the tensor before it ends.
      func fault(_ name: String, size: Int, behind end: Int) -> String? {
        guard let elementSize = SafeTensors.elementSize(dtype) else {
          let known = ([SafeTensors.float32] + RawTensor.ElementType.allCases.map(\.rawValue))
            .joined(separator: ", ")
          return "holds '\(name)' as \(dtype); only \(known) are read"
        }
        guard range.count == 2, range[0] >= 0, range[1] >= range[0] else {
          return "gives '\(name)' the offsets \(range)"
        }
        guard range[1] <= size else {
          return "is truncated or corrupt: '\(name)' ends at byte \(range[1]) of \(size)"
        }
        guard range[0] >= end else { return "lets '\(name)' overlap another tensor" }
        guard range[0] == end else {
          return "is corrupt: no tensor has the \(counted(range[0] - end, "byte")) before '\(name)'"
        }
        guard byteCount(elementSize) == range[1] - range[0] else {
          return "gives '\(name)' the shape \(shape) but \(counted(range[1] - range[0], "byte"))"
        }
        return nil
      }

      /// Nil where the shape is impossible.
      private func byteCount(_ elementSize: Int) -> Int? {
        var count = elementSize
        for extent in shape {
          let product = count.multipliedReportingOverflow(by: extent)
          guard extent >= 0, !product.overflow else { return nil }
          count = product.partialValue
        }
        return count
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
