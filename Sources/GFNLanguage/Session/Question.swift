/// What `ask` wants to know from whoever sits at the terminal.
package struct Question: Sendable {
  package var text: String
  /// What an empty answer means.
  package var standard: String?
  /// The answers that count, as typed; empty where any does.
  package var choices: [String]

  package init(_ text: String, standard: String? = nil, choices: [String] = []) {
    self.text = text
    self.standard = standard
    self.choices = choices
  }

  /// What a typed answer means, and why it does not count.
  package enum Meaning: Equatable, Sendable {
    case answer(String)
    case refusal(String)
  }

  /// - Parameter typed: the line; blanks around it and the case of a choice do not matter.
  package func meaning(of typed: String) -> Meaning {
    let answer = typed.trimmingBlanks
    if answer.isEmpty { return standard.map { .answer($0) } ?? .refusal("an answer is needed") }
    guard !choices.isEmpty else { return .answer(answer) }
    if choices.contains(answer) { return .answer(answer) }
    let meant = choices.first { $0.lowercased() == answer.lowercased() }
    return meant.map { .answer($0) }
      ?? .refusal("'\(answer)' is none of \(choices.joined(separator: ", "))")
  }
}
