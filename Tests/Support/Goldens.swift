import FoundationEssentials
import Testing

/// Scripts `NAME.gfn` in a folder, each beside what it says, `NAME.out`. `GFN_RECORD=1` rewrites these and
/// fails.
package struct Goldens: Sendable {
  private let folder: String

  /// - Parameter test: the test's file, beside which the folder `Goldens` lies.
  package init(besides test: String) {
    folder = test.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Goldens"
  }

  package var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".gfn") }.map { String($0.dropLast(4)) }.sorted()
  }

  package func expect(_ name: String, from transcript: Transcript) throws {
    let script = try String(contentsOfFile: "\(folder)/\(name).gfn", encoding: .utf8)
    transcript.run(script, name: "\(name).gfn")
    let said = (transcript.lines + ["(\(transcript.outcome))"]).joined(separator: "\n") + "\n"
    let output = "\(folder)/\(name).out"
    if ProcessInfo.processInfo.environment["GFN_RECORD"] == "1" {
      try said.write(toFile: output, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name).out")
      return
    }
    #expect(said == (try String(contentsOfFile: output, encoding: .utf8)))
  }
}
