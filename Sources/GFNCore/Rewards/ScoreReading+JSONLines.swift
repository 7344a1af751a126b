import FoundationEssentials
import GFNParameters

extension ScoreReading {
  /// Reads JSON Lines: `{"object": "ACGT", "score": 1.5}`, other names beside these being ignored.
  mutating func readJSONLines(_ text: UTF8Text) throws {
    let decoder = JSONDecoder()
    for (line, row) in text.lines where !row.isEmpty {
      let entry: Entry
      do {
        entry = try decoder.decode(Entry.self, from: Data(row))
      } catch let error as Entry.Mistake {
        throw refuse(line, error.reason)
      } catch {
        throw refuse(line, "is no JSON object; write {\"object\": \"…\", \"score\": 1.5}")
      }
      isProven = true
      try take(entry.object, entry.score, line: line, "")
    }
  }
}

private struct Entry: Decodable {
  let object: String
  let score: Double

  struct Mistake: Error {
    let reason: String
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func key(_ names: [String], _ what: String) throws -> Key {
      guard
        let key = container.allKeys.first(where: { names.contains($0.stringValue.lowercased()) })
      else {
        throw Mistake(reason: "has no \(what): name it '\(names.joined(separator: "', '"))'")
      }
      return key
    }
    let objectKey = try key(RewardTable.objectNames, "object")
    let scoreKey = try key(RewardTable.scoreNames, "score")
    guard let object = try? container.decode(String.self, forKey: objectKey) else {
      throw Mistake(reason: "the '\(objectKey.stringValue)' is no text between quotes")
    }
    guard let score = try? container.decode(Double.self, forKey: scoreKey), score.isFinite else {
      throw Mistake(reason: "the '\(scoreKey.stringValue)' is no finite number")
    }
    self.object = object
    self.score = score
  }
}
