import FoundationEssentials

/// The names of the fields of a JSON document's objects.
enum JSONKeys {
  /// A name that one of its objects has twice, which decoders pass over in silence; nil where there is none.
  /// - Parameter document: JSON that a decoder has accepted.
  static func duplicate(in document: ArraySlice<UInt8>) -> String? {
    var objects: [Set<String>] = []
    var position = document.startIndex
    while position < document.endIndex {
      switch document[position] {
      case UInt8(ascii: "{"): objects.append([])
      case UInt8(ascii: "}"): _ = objects.popLast()
      case UInt8(ascii: "\""):
        let end = self.end(ofStringAt: position, in: document)
        let follower = document[end...].first { !isBlank($0) }
        if follower == UInt8(ascii: ":"), !objects.isEmpty {
          let name = text(document[position..<end])
          if !objects[objects.count - 1].insert(name).inserted { return name }
        }
        position = end
        continue
      default: break
      }
      position += 1
    }
    return nil
  }

  /// Behind the closing quote.
  private static func end(ofStringAt start: Int, in document: ArraySlice<UInt8>) -> Int {
    var position = start + 1
    while position < document.endIndex {
      switch document[position] {
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "\""): return position + 1
      default: position += 1
      }
    }
    return document.endIndex
  }

  /// What a string between quotes says, whatever is escaped in it.
  private static func text(_ quoted: ArraySlice<UInt8>) -> String {
    (try? JSONDecoder().decode(String.self, from: Data(quoted)))
      ?? String(decoding: quoted, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    [" ", "\t", "\n", "\r"].contains(UnicodeScalar(byte))
  }
}
