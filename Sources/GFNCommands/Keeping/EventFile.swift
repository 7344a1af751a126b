import GFNLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of scalars for TensorBoard: records of the protocol buffer `tensorflow.Event`.
///
/// A record is its length (UInt64), the length's checksum, the message, the message's checksum, all
/// little-endian (tensorflow/core/lib/io/record_writer.h). Of the messages (tensorflow/core/util/event.proto,
/// framework/summary.proto) only four fields and three kinds of value occur, so they are written here.
final class EventFile {
  /// The folder as it was named.
  let folder: String
  private let file: GrowingFile

  /// Makes a new file in a folder, under a name by which TensorBoard knows it.
  /// - Throws: `CommandError`, where it may not or cannot be made.
  init(in folder: String, files: Files, at span: Span? = nil) throws {
    self.folder = folder
    var number = 0
    func name() -> String {
      "\(folder)/events.out.tfevents.\(Int(Self.now)).gfn.\(getpid()).\(number)"
    }
    while files.exists(name()) { number += 1 }
    file = try GrowingFile(name(), files: files, at: span)
    // Event.file_version, with which every file begins.
    var event = Message()
    event.add(1, Self.now)
    event.add(3, Array("brain.Event:2".utf8))
    if let reason = file.append(Self.record(event.bytes)) {
      throw CommandError(.fileUnwritable(file.path, reason: reason), at: span)
    }
  }

  /// Appends what was measured at a step.
  /// - Returns: why it could not; nil where it could.
  func append(step: Int, _ scalars: [(name: String, value: Double)]) -> String? {
    var summary = Message()
    for scalar in scalars {
      // Summary.Value: tag, simple_value.
      var value = Message()
      value.add(1, Array(scalar.name.utf8))
      value.add(2, Float(scalar.value))
      summary.add(1, value.bytes)
    }
    // Event: wall_time, step, summary.
    var event = Message()
    event.add(1, Self.now)
    event.add(2, step)
    event.add(5, summary.bytes)
    return file.append(Self.record(event.bytes))
  }

  /// Seconds since 1970.
  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func record(_ message: [UInt8]) -> [UInt8] {
    let length = littleEndian(UInt64(message.count))
    return length + littleEndian(maskedChecksum(length)) + message
      + littleEndian(maskedChecksum(message))
  }

  /// CRC-32C (Castagnoli), rotated and moved, so that a checksum of data with checksums stays a good one.
  static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
    var checksum = UInt32.max
    for byte in bytes {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0x82F6_3B78 : checksum >> 1 }
    }
    checksum = ~checksum
    return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
  }
}

/// A protocol buffer as it grows, field by field.
private struct Message {
  private(set) var bytes: [UInt8] = []

  private enum WireType: Int {
    case varint = 0
    case eightBytes = 1
    case lengthAndBytes = 2
    case fourBytes = 5
  }

  mutating func add(_ field: Int, _ value: Double) {
    addKey(field, .eightBytes)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: Int, _ value: Float) {
    addKey(field, .fourBytes)
    bytes += littleEndian(value.bitPattern)
  }

  mutating func add(_ field: Int, _ value: Int) {
    addKey(field, .varint)
    addVarint(UInt64(bitPattern: Int64(value)))
  }

  /// A text or a message.
  mutating func add(_ field: Int, _ value: [UInt8]) {
    addKey(field, .lengthAndBytes)
    addVarint(UInt64(value.count))
    bytes += value
  }

  private mutating func addKey(_ field: Int, _ type: WireType) {
    addVarint(UInt64(field << 3 | type.rawValue))
  }

  /// Seven bits a byte, the lowest first; the eighth says that more follow.
  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

private func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
