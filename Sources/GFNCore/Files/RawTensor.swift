/// Numbers of a safetensors file in another type than Float32, as little-endian bytes.
package struct RawTensor: Sendable, Equatable {
  /// The types that are read; the raw value is their name in a file's header.
  package enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case uint8 = "U8"

    /// Bytes an element.
    var size: Int {
      switch self {
      case .float64, .int64: 8
      case .int32: 4
      case .float16, .bfloat16: 2
      case .uint8: 1
      }
    }
  }

  package var type: ElementType
  package var shape: [Int]
  package var bytes: [UInt8]

  init(_ type: ElementType, shape: [Int], bytes: [UInt8]) {
    self.type = type
    self.shape = shape
    self.bytes = bytes
  }

  /// `[values]` as F64, every bit kept.
  package init(_ values: [Double]) {
    self.init(.float64, shape: [values.count], bytes: Self.bytes(values.map(\.bitPattern)))
  }

  /// `[values]` as I64.
  package init(_ values: [Int]) {
    self.init(.int64, shape: [values.count], bytes: Self.bytes(values.map(Int64.init)))
  }

  /// I32 in rows of `width`.
  package init(_ values: [Int32], width: Int) {
    self.init(
      .int32, shape: [values.count / max(width, 1), width], bytes: Self.bytes(values))
  }

  /// The values of an F64 tensor; nil for another type.
  package var doubles: [Double]? {
    type == .float64 ? elements(UInt64.self).map(Double.init(bitPattern:)) : nil
  }

  /// The values of a tensor of floating-point numbers, as near as Float32 has them; nil for another type.
  var floats: [Float]? {
    switch type {
    case .float64: doubles?.map { Float($0) }
    case .float16: elements(UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case .bfloat16: elements(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .int64, .int32, .uint8: nil
    }
  }

  /// The values of an I64 tensor; nil for another type.
  package var integers: [Int]? {
    type == .int64 ? elements(Int64.self).map { Int(truncatingIfNeeded: $0) } : nil
  }

  /// The values of an I32 tensor, row by row; nil for another type.
  package var smallIntegers: [Int32]? { type == .int32 ? elements(Int32.self) : nil }

  private static func bytes<Element: FixedWidthInteger>(_ values: [Element]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * MemoryLayout<Element>.size)
    for value in values {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  private func elements<Element: FixedWidthInteger>(_: Element.Type) -> [Element] {
    let size = MemoryLayout<Element>.size
    return bytes.withUnsafeBytes { raw in
      (0..<(raw.count / size)).map { index in
        Element(littleEndian: raw.loadUnaligned(fromByteOffset: size * index, as: Element.self))
      }
    }
  }
}
