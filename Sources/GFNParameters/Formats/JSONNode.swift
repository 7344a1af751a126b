/// A JSON document. Its objects keep the order of their fields; equal documents are written as equal bytes.
package enum JSONNode: Sendable, Equatable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Null where it is not finite: JSON has no other numbers.
  case number(Double)
  case text(String)
  case list([JSONNode])
  case object(Object)

  /// Fields in the order in which they were set first; no two have one name.
  package struct Object: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
      package var name: String
      package var value: JSONNode
    }

    package private(set) var fields: [Field]

    /// - Parameter fields: with names that differ.
    package init(_ fields: some Sequence<(String, JSONNode)>) {
      self.fields = fields.map { Field(name: $0, value: $1) }
    }

    package var isEmpty: Bool { fields.isEmpty }

    package subscript(name: String) -> JSONNode? {
      get { fields.first { $0.name == name }?.value }
      set {
        let index = fields.firstIndex { $0.name == name }
        switch (index, newValue) {
        case (let index?, let value?): fields[index].value = value
        case (let index?, nil): fields.remove(at: index)
        case (nil, let value?): fields.append(Field(name: name, value: value))
        case (nil, nil): break
        }
      }
    }

    /// Sets the fields of another object behind those that are there.
    package func adding(_ other: Object) -> Object {
      other.fields.reduce(into: self) { $0[$1.name] = $1.value }
    }
  }
}

extension JSONNode.Object: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONNode)...) {
    self.init(EmptyCollection())
    for (name, value) in elements { self[name] = value }
  }
}

extension JSONNode {
  /// The document without a newline at its end.
  /// - Parameters:
  ///   - isIndented: an element a line, one blank a level, as Jupyter writes notebooks; else one line.
  ///   - sortsKeys: fields stand in the order of their names' code points, not in their own.
  package func text(isIndented: Bool = false, sortsKeys: Bool = false) -> String {
    var writer = JSONWriter(isIndented: isIndented, sortsKeys: sortsKeys)
    writer.write(self)
    return writer.text
  }
}

private struct JSONWriter {
  let isIndented: Bool
  let sortsKeys: Bool
  private(set) var text = ""
  private var level = 0

  init(isIndented: Bool, sortsKeys: Bool) {
    self.isIndented = isIndented
    self.sortsKeys = sortsKeys
  }

  mutating func write(_ node: JSONNode) {
    switch node {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += "\(number)"
    case .number(let number): text += number.isFinite ? formatted(number) : "null"
    case .text(let string): write(quoted: string)
    case .list(let elements):
      begin("[")
      for (index, element) in elements.enumerated().untilGivenUp {
        separate(index)
        write(element)
      }
      end("]", isEmpty: elements.isEmpty)
    case .object(let object):
      let fields =
        sortsKeys
        ? object.fields.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        : object.fields
      begin("{")
      for (index, field) in fields.enumerated() {
        separate(index)
        write(quoted: field.name)
        text += ": "
        write(field.value)
      }
      end("}", isEmpty: fields.isEmpty)
    }
  }

  private mutating func begin(_ bracket: String) {
    text += bracket
    level += 1
  }

  private mutating func end(_ bracket: String, isEmpty: Bool) {
    level -= 1
    if !isEmpty { breakLine() }
    text += bracket
  }

  /// Before an element.
  private mutating func separate(_ index: Int) {
    if index > 0 { text += isIndented ? "," : ", " }
    breakLine()
  }

  private mutating func breakLine() {
    if isIndented { text += "\n" + String(repeating: " ", count: level) }
  }

  private mutating func write(quoted string: String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
