import FoundationEssentials
import GFNParameters

/// What a program may say in one line, checked against the question.
struct ProgramAnswer: Decodable {
  private let id: Int?
  private let scores: [Score]?
  private let error: String?

  /// A number, or what stands in its place.
  private enum Score: Decodable {
    case number(Double)
    case other(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .other("the text '\(text)'")
      } else if container.decodeNil() {
        self = .other("null")
      } else {
        self = .other("no number")
      }
    }
  }

  /// What is wrong with an answer: `object` is the place of the one concerned, where it is one.
  struct Fault: Error {
    var reason: String
    var object: Int?
  }

  private static let shownBytes = 80

  /// The scores of a line that answers a question.
  /// - Throws: `Fault`.
  static func scores(_ line: [UInt8], id: Int, count: Int, returns: String) throws -> [Double] {
    let answer: ProgramAnswer
    do {
      answer = try JSONDecoder().decode(ProgramAnswer.self, from: Data(line))
    } catch {
      let text = String(decoding: line.prefix(shownBytes), as: UTF8.self)
      let shown = line.count > shownBytes ? text + "…" : text
      if ["NaN", "Infinity"].contains(where: { String(decoding: line, as: UTF8.self).contains($0) })
      {
        throw Fault(reason: "answered a score that is no finite number: \(shown)")
      }
      throw Fault(
        reason:
          "wrote '\(shown)' to its standard output, which is for answers, a JSON object a line; what "
          + "else it has to say belongs on standard error (print(…, file=sys.stderr))")
    }
    if let error = answer.error { throw Fault(reason: "said: \(error)") }
    guard let scores = answer.scores else {
      throw Fault(reason: "answered without \"scores\"")
    }
    guard answer.id == id else {
      throw Fault(
        reason:
          "answered question \(answer.id.map(String.init) ?? "without an id"), not question \(id)")
    }
    guard scores.count == count else {
      throw Fault(
        reason: "answered \(counted(scores.count, "score")) for \(counted(count, "object"))")
    }
    return try scores.enumerated().map { place, score in
      switch score {
      case .other(let what): throw Fault(reason: "answered \(what) as a score", object: place)
      case .number(let number):
        guard number.isFinite else {
          throw Fault(reason: "answered the score \(formatted(number))", object: place)
        }
        guard returns != "reward" || number >= 0 else {
          throw Fault(
            reason: "answered the reward \(formatted(number)), and a reward is not negative "
              + "(returns=log_reward takes log R, returns=score any number)",
            object: place)
        }
        return number
      }
    }
  }
}
