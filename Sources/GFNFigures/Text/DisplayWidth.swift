import CWidth

/// How many columns of a terminal a text takes.
package func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  if scalar.isASCII { return 1 }
  // wcwidth says -1 for what the locale cannot print; such a character still takes a column.
  let width = gfn_character_width(scalar.value)
  return width < 0 ? 1 : Int(width)
}

/// Fills with blanks up to `width` columns.
package func padded(_ text: String, to width: Int, right isRight: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - displayWidth(text)))
  return isRight ? blanks + text : text + blanks
}

/// Keeps what fits into `width` columns; the last of them shows "…" where something was cut.
package func fitted(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  guard width > 0 else { return "" }
  var kept = String.UnicodeScalarView()
  var used = 0
  for scalar in text.unicodeScalars {
    used += displayWidth(scalar)
    if used > width - 1 { break }
    kept.append(scalar)
  }
  return String(kept) + "…"
}
