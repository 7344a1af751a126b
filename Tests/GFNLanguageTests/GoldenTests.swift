import GFNTestSupport
import Testing

@Suite struct GoldenTests {
  private static let goldens = Goldens(besides: #filePath)

  @Test func thereAreGoldens() { #expect(Self.goldens.names.count > 20) }

  @Test(arguments: goldens.names)
  func scriptSaysWhatItsGoldenHolds(name: String) throws {
    try Self.goldens.expect(name, from: Transcript())
  }
}
