/// Shows what would command a terminal, or turn the order in which a line is read, instead of obeying it.
/// Lines and tabs stay.
package func harmless(_ text: String) -> String {
  shown(text.replacing("\r\n", with: "\n"), where: { $0.commands && $0 != "\n" && $0 != "\t" })
}

/// The same for a text that has to stay on its line.
package func visible(_ text: String) -> String {
  shown(text, where: \.commands)
}

private func shown(_ text: String, where isShown: (Unicode.Scalar) -> Bool) -> String {
  guard text.unicodeScalars.contains(where: isShown) else { return text }
  return text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case _ where !isShown(scalar): result.unicodeScalars.append(scalar)
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    default: result += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
}

extension Unicode.Scalar {
  /// Does something where it should be something to read: control characters, breaks of lines, and what
  /// overrides the direction of writing.
  fileprivate var commands: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: properties.isBidiControl
    default: false
    }
  }
}
