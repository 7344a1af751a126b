import GFNCommands
import GFNLanguage
import GFNTestSupport
import Testing

/// Nothing in these depends on training.
@Suite struct GoldenTests {
  private static let goldens = Goldens(besides: #filePath)

  @Test func thereAreGoldens() { #expect(Self.goldens.names.count >= 3) }

  @Test(arguments: goldens.names)
  func scriptSaysWhatItsGoldenHolds(name: String) throws {
    try Self.goldens.expect(
      name, from: Transcript(Session(commands: .program(), bench: Workbench())))
  }
}
