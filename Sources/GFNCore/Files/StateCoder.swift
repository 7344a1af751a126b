import GFNParameters

/// A part of the training state that a checkpoint keeps.
///
/// One method both writes and reads, with one line a field, so that no field can be written and not
/// read back. A test holds the lines against the stored properties: a new property without its line
/// fails it.
protocol Checkpointed {
  mutating func code(_ coder: inout StateCoder) throws
}

/// Walks the fields of a training state and writes them to a safetensors file, or reads them from one:
/// single numbers as metadata, arrays as tensors `state.NAME`. A field's name is its property's in
/// snake_case, behind those of the values around it: `discoveries.evaluations`.
struct StateCoder {
  private(set) var file: SafeTensors
  /// How errors name the file.
  let path: String
  let isReading: Bool
  /// The fields that have had their line.
  private(set) var visited: Set<String> = []
  /// The values around the field, each with a point behind it.
  private var prefix = ""

  /// Every integer up to here is a Float64 too, and a step can be added to it.
  static let largest = 1 << 53

  init(writing file: SafeTensors) {
    self.file = file
    path = ""
    isReading = false
  }

  init(reading file: SafeTensors, path: String) {
    self.file = file
    self.path = path
    isReading = true
  }

  // MARK: - Single values

  mutating func code(
    _ name: String, _ value: inout Int, in range: ClosedRange<Int> = 0...Self.largest
  ) throws {
    try text(name, &value, { String($0) }, { Int($0).flatMap { range.contains($0) ? $0 : nil } })
  }

  mutating func code(_ name: String, _ value: inout UInt64) throws {
    try text(name, &value, { String($0) }, { UInt64($0) })
  }

  mutating func code(_ name: String, _ value: inout Bool) throws {
    try text(name, &value, { String($0) }, { Bool($0) })
  }

  /// Digits enough that every bit comes back.
  mutating func code(_ name: String, _ value: inout Double) throws {
    try text(
      name, &value, { String(describing: $0) },
      { Double($0).flatMap { $0.isFinite ? $0 : nil } })
  }

  mutating func code(_ name: String, _ value: inout Double?) throws {
    try text(name, &value, { $0.map { String(describing: $0) } ?? Self.none }) { text in
      if text == Self.none { return .some(nil) }
      guard let number = Double(text), number.isFinite else { return nil }
      return .some(number)
    }
  }

  mutating func code(
    _ name: String, _ value: inout Int?, in range: ClosedRange<Int> = 0...Self.largest
  ) throws {
    try text(name, &value, { $0.map { String($0) } ?? Self.none }) { text in
      if text == Self.none { return .some(nil) }
      guard let number = Int(text), range.contains(number) else { return nil }
      return .some(number)
    }
  }

  private static let none = "none"

  mutating func code(_ name: String, _ value: inout RandomStream) throws {
    try text(
      name, &value, { $0.words.map(String.init).joined(separator: " ") },
      { RandomStream(words: $0.split(separator: " ").compactMap { UInt64($0) }) })
  }

  private mutating func text<Field>(
    _ name: String, _ value: inout Field, _ written: (Field) -> String,
    _ read: (String) -> Field?
  ) throws {
    let key = visit(name)
    guard isReading else {
      file.metadata[key] = written(value)
      return
    }
    guard let text = file.metadata[key] else { throw missing(key) }
    guard let field = read(text) else { throw broken(key, "is '\(text.prefix(40))'") }
    value = field
  }

  // MARK: - Arrays

  /// - Parameter count: how many there must be, where that is known.
  mutating func code(_ name: String, _ values: inout [Double], count: Int? = nil) throws {
    try array(name, &values, count, { RawTensor($0) }, \.doubles)
    guard values.allSatisfy(\.isFinite) else {
      throw broken(prefix + name, "holds a number that is not finite")
    }
  }

  mutating func code(_ name: String, _ values: inout [Int], count: Int? = nil) throws {
    try array(name, &values, count, { RawTensor($0) }, \.integers)
  }

  /// Bits, which a file keeps as I64.
  /// - Parameter count: how many there must be, where that is known.
  mutating func code(_ name: String, bits: inout [UInt64], count: Int?) throws {
    var words = bits.map { Int(truncatingIfNeeded: $0) }
    try code(name, &words, count: count)
    bits = words.map { UInt64(bitPattern: Int64($0)) }
  }

  /// Cells of states, `[states, width]`.
  mutating func code(_ name: String, cells: inout [Int32], width: Int) throws {
    try array(name, &cells, nil, { RawTensor($0, width: width) }, \.smallIntegers)
    guard width > 0, cells.count % width == 0 else {
      throw broken(prefix + name, "has no rows of \(counted(width, "cell"))")
    }
  }

  /// Ascending.
  mutating func code(_ name: String, _ values: inout Set<Int>) throws {
    var list = values.sorted()
    try code(name, &list)
    values = Set(list)
  }

  private mutating func array<Element>(
    _ name: String, _ values: inout [Element], _ count: Int?, _ written: ([Element]) -> RawTensor,
    _ read: (RawTensor) -> [Element]?
  ) throws {
    let key = visit(name)
    guard isReading else {
      file.arrays["state." + key] = written(values)
      return
    }
    guard let tensor = file.arrays["state." + key] else { throw missing(key) }
    guard let elements = read(tensor) else {
      throw broken(key, "has the type \(tensor.type.rawValue)")
    }
    if let count, elements.count != count {
      throw broken(key, "has \(counted(elements.count, "number")), not \(count)")
    }
    values = elements
  }

  // MARK: - Values of several fields

  mutating func code(_ name: String, _ value: inout some Checkpointed) throws {
    let outer = prefix
    prefix += name + "."
    defer { prefix = outer }
    try value.code(&self)
  }

  /// Reads a value that may be missing as if it were.
  mutating func omit(_ name: String) { file.metadata[prefix + name] = String(false) }

  /// - Parameter make: what the file's fields are read into, where the value is there.
  mutating func code<Part: Checkpointed>(
    _ name: String, _ value: inout Part?, make: () -> Part?
  ) throws {
    var isPresent = value != nil
    try code(name, &isPresent)
    guard isPresent else {
      value = nil
      return
    }
    guard var part = isReading ? make() : value else {
      throw broken(prefix + name, "is there, but has no place in this environment")
    }
    try code(name, &part)
    value = part
  }

  // MARK: - Fields that earlier files lack

  /// Whether the file that is read has nothing under a name. A field that was added later is coded only
  /// where this is false, and else stays as the new state has it:
  ///
  ///     if !coder.lacks("history") { try coder.code("history", &history) }
  mutating func lacks(_ name: String) -> Bool {
    let key = visit(name)
    func isPart(_ other: String, _ key: String) -> Bool {
      other == key || other.hasPrefix(key + ".")
    }
    return isReading && !file.metadata.keys.contains { isPart($0, key) }
      && !file.arrays.keys.contains { isPart($0, "state." + key) }
  }

  // MARK: - Tensors under names of their own

  /// Notes a field whose tensors the caller codes.
  @discardableResult
  mutating func visit(_ name: String) -> String {
    visited.insert(prefix + name)
    return prefix + name
  }

  mutating func write(_ tensors: [String: SafeTensors.Tensor]) {
    file.tensors.merge(tensors) { $1 }
  }

  func missing(_ key: String) -> CoreError {
    .file(
      path: path, line: nil,
      reason:
        "holds no training state to resume ('\(key)' is missing); 'load FILE' takes its weights"
    )
  }

  func broken(_ key: String, _ fault: String) -> CoreError {
    .file(path: path, line: nil, reason: "'\(key)' \(fault)")
  }
}
