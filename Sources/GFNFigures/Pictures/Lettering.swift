import GFNLanguage

/// Texts of a picture: without control characters, in ASCII where nothing else can be shown.
enum Lettering {
  private static let spelling: [Character: String] = [
    "−": "-", "–": "-", "—": "-", "→": "->", "←": "<-", "↑": "^", "↓": "v", "…": "...", "·": ".",
    "×": "x", "±": "+-", "≤": "<=", "≥": ">=", "≈": "~", "∑": "sum", "Σ": "sum", "π": "pi",
    "λ": "lambda",
    "ε": "epsilon", "α": "alpha", "β": "beta", "τ": "tau", "∞": "inf", "’": "'", "“": "\"",
    "”": "\"",
    "∅": "{}", "∖": "\\", "²": "^2", "‖": "||", "¬": "not ", "½": "1/2", "ä": "ae", "ö": "oe",
    "ü": "ue", "é": "e", "è": "e", "Δ": "d",
  ]

  static func shown(_ text: String, isASCII: Bool) -> String {
    let text = visible(text)
    guard isASCII, !text.utf8.allSatisfy({ $0 < 128 }) else { return text }
    return text.reduce(into: "") { result, character in
      if character.isASCII {
        result.append(character)
      } else {
        result += spelling[character] ?? "?"
      }
    }
  }

  /// A text on a line of `width` columns, its end left out where it does not fit.
  static func fitted(_ text: String, to width: Int, isASCII: Bool) -> String {
    let text = shown(text, isASCII: isASCII)
    guard isASCII else { return GFNFigures.fitted(text, to: width) }
    guard text.count > width else { return text }
    return width > 3 ? text.prefix(width - 2) + ".." : String(text.prefix(max(width, 0)))
  }

  /// A text in as many lines as it needs, broken at blanks.
  static func wrapped(_ text: String, to width: Int, isASCII: Bool) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in shown(text, isASCII: isASCII).split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if displayWidth(longer) <= width || line.isEmpty {
        line = longer
      } else {
        lines.append(line)
        line = "  " + word
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.map { fitted($0, to: width, isASCII: isASCII) }
  }
}
