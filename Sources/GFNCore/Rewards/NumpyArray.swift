import FoundationEssentials
import GFNParameters

/// A file of NumPy's `.npy` format that holds one score for every sequence, in index order: the first
/// letter the most significant, as an array of shape `(N^L,)` or `(N, …, N)` in C order.
///
/// Scores are read where they lie, so that a mapped file takes no memory of the process. Format:
/// NumPy Enhancement Proposal 1, versions 1.0 to 3.0; elements are little-endian float32 or float64.
struct NumpyArray: Sendable {
  enum Element: Sendable {
    case float32
    case float64

    var size: Int { self == .float32 ? 4 : 8 }
  }

  let element: Element
  let count: Int
  private let bytes: FileBytes
  /// Where the first score lies.
  private let start: Int

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func isOne(_ bytes: FileBytes) -> Bool { bytes.data.starts(with: magic) }

  /// - Throws: `CoreError.file` where it is no such array of this alphabet and length.
  init(_ bytes: FileBytes, path: String, letters: Int, length: Int) throws {
    func refuse(_ reason: String) -> CoreError { .file(path: path, line: nil, reason: reason) }
    guard Self.isOne(bytes) else {
      throw refuse("is no NumPy array: it does not begin with '\\x93NUMPY'")
    }
    let prefix = [UInt8](bytes.data.prefix(12))
    guard prefix.count == 12 else { throw refuse("ends within its header") }
    let header: Range<Int>
    switch prefix[6] {
    case 1: header = 10..<(10 + Int(prefix[8]) + Int(prefix[9]) << 8)
    case 2, 3:
      let count = (8..<12).reduce(0) { $0 + Int(prefix[$1]) << (8 * ($1 - 8)) }
      header = 12..<(12 + count)
    default: throw refuse("has version \(prefix[6]) of the npy format, 1 to 3 are known")
    }
    guard bytes.data.count >= header.upperBound else { throw refuse("ends within its header") }
    let text = String(
      decoding: bytes.data.dropFirst(header.lowerBound).prefix(header.count), as: UTF8.self)

    let remedy = "save it with numpy.save(FILE, array.astype('<f4'))"
    switch Self.quoted(Self.value("descr", text)) {
    case "<f4": element = .float32
    case "<f8": element = .float64
    case let type?:
      throw refuse("holds numbers of type '\(type)', not '<f4' or '<f8'; \(remedy)")
    case nil: throw refuse("holds no plain numbers of type '<f4' or '<f8'; \(remedy)")
    }
    guard let objects = power(letters, length) else {
      throw refuse("cannot hold all sequences of length \(length) over \(letters) letters")
    }
    let shape = Self.shape(Self.value("shape", text))
    guard let shape, shape == [objects] || shape == [Int](repeating: letters, count: length)
    else {
      throw refuse(
        "has the shape \(shape.map(Self.text) ?? "'?'"), the sequences here need (\(objects),) or "
          + Self.text([Int](repeating: letters, count: length)))
    }
    guard shape.count == 1 || Self.value("fortran_order", text).hasPrefix("False") else {
      throw refuse("is in Fortran order; save it with numpy.save(FILE, array.copy(order='C'))")
    }
    let (needed, overflow) = objects.multipliedReportingOverflow(by: element.size)
    let found = bytes.data.count - header.upperBound
    guard !overflow, found == needed else {
      throw refuse(
        "is \(found < needed || overflow ? "cut short" : "too long"): \(objects) scores take "
          + "\(needed) bytes, there are \(found)")
    }
    count = objects
    start = header.upperBound
    self.bytes = bytes
  }

  /// The score of the sequence at an index.
  subscript(index: Int) -> Double {
    withScores { scores in
      switch element {
      case .float32: Double(Scores<Float>(base: scores)[index])
      case .float64: Scores<Double>(base: scores)[index]
      }
    }
  }

  /// Calls `body` with the place of the first score.
  func withScores<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
    try bytes.data.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array without data") }
      return try body(base + start)
    }
  }

  // MARK: - The header: a literal of a Python dictionary

  /// What follows on a key, or nothing.
  private static func value(_ key: String, _ header: String) -> Substring {
    for quote in ["'", "\""] {
      let mark = "\(quote)\(key)\(quote)"
      guard let range = header.firstRange(of: mark) else { continue }
      return header[range.upperBound...].drop { $0 == " " || $0 == ":" }
    }
    return ""
  }

  private static func quoted(_ value: Substring) -> String? {
    guard let quote = value.first, quote == "'" || quote == "\"" else { return nil }
    return String(value.dropFirst().prefix { $0 != quote })
  }

  private static func shape(_ value: Substring) -> [Int]? {
    guard value.first == "(", let end = value.firstIndex(of: ")") else { return nil }
    var shape: [Int] = []
    for field in value[..<end].dropFirst().split(separator: ",") {
      let digits = field.filter { $0 != " " }
      guard let size = Int(digits) else { return nil }
      shape.append(size)
    }
    return shape
  }

  private static func text(_ shape: [Int]) -> String {
    let sizes = shape.map(String.init).joined(separator: ", ")
    return shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
  }
}

/// Consecutive numbers in raw memory, which need not be aligned.
struct Scores<Element: BitwiseCopyable> {
  let base: UnsafeRawPointer

  subscript(index: Int) -> Element {
    base.loadUnaligned(fromByteOffset: index * MemoryLayout<Element>.stride, as: Element.self)
  }
}
