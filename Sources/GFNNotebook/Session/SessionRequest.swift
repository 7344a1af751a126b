import FoundationEssentials
import GFNParameters

/// A request of a front end: one line, a JSON object.
struct SessionRequest {
  enum Kind: String, CaseIterable {
    case execute
    case complete
    case inspect
    case isComplete = "is_complete"
    case answer
    case reset
    case info
  }

  /// Why a line is no request that could be served.
  struct Refusal: Error {
    /// Of the request, where it gives one.
    var id: JSONNode
    var message: String
  }

  /// A text or a number, which every reply repeats; null where there is none.
  var id: JSONNode
  var kind: Kind
  private var fields: [String: Field]

  /// - Throws: `Refusal`.
  init(_ line: [UInt8]) throws {
    let decoder = JSONDecoder()
    guard let fields = try? decoder.decode([String: Field].self, from: Data(line)) else {
      throw Refusal(id: .null, message: "the line is no JSON object in UTF-8")
    }
    self.fields = fields
    id =
      switch fields["id"] {
      case .text(let text): .text(text)
      case .number(let number): .number(number)
      default: .null
      }
    guard case .text(let type) = fields["type"] else {
      throw Refusal(id: id, message: "the request has no 'type'")
    }
    guard let kind = Kind(rawValue: type) else {
      let known = Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      throw Refusal(id: id, message: "unknown type '\(type)'; there are \(known)")
    }
    self.kind = kind
  }

  /// - Throws: `Refusal`, where the field is missing or no text.
  func text(_ name: String) throws -> String {
    guard case .text(let text) = fields[name] else { throw refusal("needs '\(name)', a text") }
    return text
  }

  /// - Throws: `Refusal`, where the field is neither a text nor missing nor null.
  func optionalText(_ name: String) throws -> String? {
    switch fields[name] {
    case nil, .null: return nil
    case .text(let text): return text
    default: throw refusal("takes a text for '\(name)'")
    }
  }

  /// - Throws: `Refusal`, where the field is neither an integer of the range nor missing nor null.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    switch fields[name] {
    case nil, .null: return nil
    case .number(let number):
      if let integer = Int(exactly: number), range.contains(integer) { return integer }
    default: break
    }
    throw refusal(
      "takes an integer from \(range.lowerBound) to \(range.upperBound) for '\(name)'")
  }

  /// - Throws: `Refusal`, where the field is neither true nor false nor missing.
  func flag(_ name: String) throws -> Bool {
    switch fields[name] {
    case nil: return false
    case .boolean(let flag): return flag
    default: throw refusal("takes true or false for '\(name)'")
    }
  }

  private func refusal(_ message: String) -> Refusal {
    Refusal(id: id, message: "'\(kind.rawValue)' \(message)")
  }

  /// The value of a field. Nothing here needs lists or objects; a later version of a front end may
  /// send some in fields that are not looked at.
  private enum Field: Decodable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case null
    case other

    init(from decoder: any Decoder) throws {
      guard let container = try? decoder.singleValueContainer() else {
        self = .other
        return
      }
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .boolean(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }
  }
}
