import Testing

@testable import GFNCommands
@testable import GFNLanguage

@Suite struct CompletionTests {
  @Test func elementsOfAListThatIsAPositionalArgumentAreCompleted() throws {
    let session = try Lab().session
    func candidates(_ text: String) -> [String] {
      session.completions(for: text, at: text.utf8.count).candidates.map(\.text)
    }
    #expect(candidates("compare [PPO-") == ["PPO-U", "PPO-B", "PPO-G"])
    #expect(candidates("compare [TB-U, rl-t") == ["RL-T", "RL-TLM"])
    #expect(candidates("print [TB-") == [])
    // No blank comes between an element and its comma or bracket.
    let text = "train 5 measure=[tv, hel"
    let element = session.completions(for: text, at: text.utf8.count).candidates.first
    #expect(element?.text == "hellinger" && element?.isFinal == false)
  }
}
