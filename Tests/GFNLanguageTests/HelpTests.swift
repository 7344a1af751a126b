import GFNTestSupport
import Testing

@testable import GFNLanguage

@Suite struct HelpTests {
  private let help = Help(
    commands: CommandTable(TestCommands.all + LanguageCommands.all), definitions: [:])

  @Test func theOverviewFitsAScreen() {
    let lines = help.overview.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 25)
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func everyTopicHasHelp() {
    for topic in help.topics { #expect(help.text(on: topic) != nil, "\(topic)") }
  }

  @Test func everyFunctionHasHelp() {
    #expect(Set(HelpTexts.functions.keys) == Set(Functions.names))
  }

  @Test func anUnknownTopicGetsASuggestion() {
    #expect(Transcript.of("help trian").first?.contains("did you mean 'train'?") == true)
  }

  @Test func aDefinitionHasHelpFromItsComment() {
    let lines = Transcript.of("# Runs it all.\ndef go(n, k=2) { }\nhelp go")
    #expect(lines == ["go N [k=2]\n  Runs it all.\n  defined in test.gfn, line 2"])
  }

  @Test func everyExampleRuns() throws {
    for spec in LanguageCommands.all {
      for example in spec.examples {
        let folder = try TemporaryFolder()
        let transcript = Transcript(options: SessionOptions(workingDirectory: folder.path))
        #expect(transcript.run(example.source) == .done, "\(example.source) \(transcript.lines)")
      }
    }
  }
}
