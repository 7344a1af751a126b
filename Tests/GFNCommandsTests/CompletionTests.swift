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
  }
}
