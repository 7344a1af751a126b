/// What `ask` wants to know from whoever sits at the terminal.
public struct Question: Sendable {
  public var text: String
  /// What an empty answer means.
  public var standard: String?
  /// The answers that count, as typed; empty where any does.
  public var choices: [String]

  public init(_ text: String, standard: String? = nil, choices: [String] = []) {
    self.text = text
    self.standard = standard
    self.choices = choices
  }
}
