import FoundationEssentials
import Testing

@testable import GFNLanguage

/// Every `Goldens/NAME.gfn` says what `NAME.out` holds. `GFN_RECORD=1` rewrites the files and fails.
@Suite struct GoldenTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Goldens"

  static let names = scripts(in: folder)
  static let scienceNames = scripts(in: folder + "/Science").map { "Science/" + $0 }

  private static func scripts(in folder: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".gfn") }.map { String($0.dropLast(4)) }.sorted()
  }

  @Test func thereAreGoldens() {
    #expect(Self.names.count > 20)
    #expect(Self.scienceNames.count >= 3)
  }

  @Test(arguments: names)
  func scriptSaysWhatItsGoldenHolds(name: String) throws {
    try compare(name, Transcript())
  }

  /// With the real commands; nothing in these depends on training.
  @Test(arguments: scienceNames)
  func scienceSaysWhatItsGoldenHolds(name: String) throws {
    try compare(name, Transcript(commands: CommandSpec.science))
  }

  private func compare(_ name: String, _ transcript: Transcript) throws {
    let script = try String(contentsOfFile: "\(Self.folder)/\(name).gfn", encoding: .utf8)
    transcript.run(script, name: "\(name).gfn")
    let said = (transcript.lines + ["(\(transcript.outcome))"]).joined(separator: "\n") + "\n"
    let output = "\(Self.folder)/\(name).out"
    if ProcessInfo.processInfo.environment["GFN_RECORD"] == "1" {
      try said.write(toFile: output, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name).out")
      return
    }
    #expect(said == (try String(contentsOfFile: output, encoding: .utf8)))
  }
}
