/// A source in which `⟦` and `⟧` mark where a diagnostic must land.
struct Marked {
  var source: String
  var line: Int
  var column: Int
  var length: Int

  init(_ text: String) {
    let parts = text.split(separator: "⟦", maxSplits: 1, omittingEmptySubsequences: false)
    let before = String(parts[0])
    let inner = parts.count > 1 ? String(parts[1]) : ""
    let rest = inner.split(separator: "⟧", maxSplits: 1, omittingEmptySubsequences: false)
    source = before + rest.joined()
    line = before.count { $0 == "\n" } + 1
    column = (before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0) + 1
    length = max(1, rest.first?.count ?? 1)
  }
}
