/// The value of one option of an environment or a method, already checked against its `Parameter`.
package enum OptionValue: Sendable {
  case number(Double)
  case text(String)
  case boolean(Bool)
  case formula(StateFormula)
  case integers([Int])
  case numbers([Double])

  /// As it would be typed after `NAME=`.
  package var source: String {
    switch self {
    case .number(let value): formatted(value)
    case .text(let text): isWord(text) ? text : quoted(text)
    case .boolean(let value): value ? "true" : "false"
    case .formula(let formula): quoted(formula.source)
    case .integers(let list): listed(list)
    case .numbers(let list): "[" + list.map(formatted).joined(separator: ", ") + "]"
    }
  }
}

/// Options by name, in the order in which they were given.
package struct Options: Sendable {
  package private(set) var entries: [(name: String, value: OptionValue)]
  /// Rewards come from elsewhere than these options say.
  package var hasOtherRewards = false
  /// What the files are that options name: `Fingerprint`s by the option's name.
  package var fingerprints: [String: String] = [:]

  package init(_ entries: [(name: String, value: OptionValue)] = []) {
    self.entries = entries
  }

  package subscript(name: String) -> OptionValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): entries[index].value = value
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }

  package func number(_ name: String) -> Double? {
    if case .number(let value)? = self[name] { value } else { nil }
  }

  package func integer(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  package func boolean(_ name: String) -> Bool? {
    if case .boolean(let flag)? = self[name] { flag } else { nil }
  }

  package func integers(_ name: String) -> [Int]? {
    if case .integers(let list)? = self[name] { list } else { nil }
  }

  package func text(_ name: String) -> String? {
    if case .text(let value)? = self[name] { value } else { nil }
  }

  package func formula(_ name: String) -> StateFormula? {
    if case .formula(let value)? = self[name] { value } else { nil }
  }
}

/// A number as it would be typed, the shortest text that reads back as the same one: integers without a
/// fraction.
package func formatted(_ value: Double) -> String {
  // The sign of a NaN means nothing.
  if value.isNaN { return "nan" }
  if abs(value) < 1e16, let integer = Int(exactly: value) { return String(integer) }
  return String(describing: value)
}

/// `1..853` where each is one more than the one before, else `[3, 1, 4]`.
private func listed(_ list: [Int]) -> String {
  if let first = list.first, let last = list.last, list.count > 1,
    zip(list, list.dropFirst()).allSatisfy({ $0 + 1 == $1 })
  {
    return "\(first)..\(last)"
  }
  return "[" + list.map(String.init).joined(separator: ", ") + "]"
}

/// Whether a text is a word of the language, which means itself without quotes.
package func isWord(_ text: String) -> Bool {
  guard let first = text.unicodeScalars.first else { return false }
  let opens =
    first.properties.isAlphabetic || first == "_" || text.hasPrefix("./") || text.hasPrefix("../")
  return opens
    && !text.unicodeScalars.contains { " \t\n\r;()[]{},\"'=#$\\".unicodeScalars.contains($0) }
}

/// A text between quotes, as the language reads it.
package func quoted(_ text: String) -> String {
  var result = "\""
  for character in text {
    switch character {
    case "\"", "\\", "{": result += "\\\(character)"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    default: result.append(character)
    }
  }
  return result + "\""
}
