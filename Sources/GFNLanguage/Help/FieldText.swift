/// What a field of results means, for `help WORD`.
package struct FieldText: Sendable {
  package var name: String
  package var text: String

  package init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }

  /// What a statistic of a field is called, by the suffix of its name.
  private static let statistics: [(suffix: String, text: String)] = [
    ("_sd", "standard deviation, over n − 1, of"),
    ("_mean", "mean of"),
    ("_n", "how many numbers there were of"),
  ]

  /// The text of a field, or of the mean or deviation of one that `summary` makes.
  static func text(on name: String, in all: [FieldText]) -> String? {
    if let field = all.first(where: { $0.name == name }) { return field.text }
    for (suffix, text) in statistics where name.hasSuffix(suffix) {
      let base = String(name.dropLast(suffix.count))
      if let field = all.first(where: { $0.name == base }) {
        return "\(text) \(base): \(field.text)"
      }
    }
    return nil
  }
}
