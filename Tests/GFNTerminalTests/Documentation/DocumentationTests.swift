import Foundation
import GFNTestSupport
import Testing

/// Runs what the documentation shows: the blocks of its pages, the examples, the lessons.
///
/// One after another: each of them uses all processors.
@Suite(.serialized) struct DocumentationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized

  private static let pages: [DocumentPage] = {
    let folder = root.appending(path: "docs")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    let pages = (names ?? []).filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    return (["README.md"] + pages).compactMap { path in
      // Those that cannot be read fail where they are counted.
      (try? contents(of: path)).map { DocumentPage(path: path, text: $0) }
    }
  }()

  private static let examples = scripts(in: "docs/examples")
  private static let lessons = scripts(in: "docs/lessons")

  private static func scripts(in folder: String) -> [String] {
    let path = root.appending(path: folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".gfn") }.sorted().map { "\(folder)/\($0)" }
  }

  private static func contents(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  // MARK: - Pages

  @Test(arguments: pages)
  func theBlocksOfAPageRunAndWriteWhatItShows(page: DocumentPage) throws {
    let folder = try workplace()
    for file in page.files { try folder.write(file.text, to: file.name) }
    try runSession(of: page, in: folder)
    for script in page.scripts { try run(script.name, in: folder) }
    for command in page.commands {
      let run = try folder.shell(
        "cd '\(folder.url.path)' && \(command.text)", path: folder.url.path + "/scripts")
      #expect(run.status == 0, "\(page.path):\(command.line): \(run.output)")
      if let difference = command.expected.difference(from: run.output) {
        Issue.record("\(page.path):\(command.line): \(difference)")
      }
    }
  }

  private func runSession(of page: DocumentPage, in folder: TemporaryFolder) throws {
    guard !page.session.isEmpty else { return }
    let name = URL(filePath: page.path).lastPathComponent
    try folder.write(page.script, to: name)
    let run = try ProgramUnderTest.run("run", name, in: folder.url)
    try #require(run.status == 0, "\(page.path): \(run.errors)")
    let outputs = page.outputs(of: run.output)
    try #require(outputs.count == page.session.count)
    for (block, output) in zip(page.session, outputs) {
      if let difference = block.expected?.difference(from: output) {
        Issue.record("\(page.path):\(block.firstLine): \(difference)")
      }
    }
  }

  /// `GFN_RECORD=1` rewrites the page and fails.
  @Test func thePageOfCommandsIsThatOfTheCommandTable() throws {
    let path = "docs/commands.md"
    let reference = try ProgramUnderTest.run("reference").output
    if ProcessInfo.processInfo.environment["GFN_RECORD"] == "1" {
      try Data(reference.utf8).write(to: Self.root.appending(path: path))
      Issue.record("recorded \(path)")
      return
    }
    let isCurrent = try Self.contents(of: path) == reference
    #expect(isCurrent, "write it anew: scripts/gfn reference > \(path)")
  }

  @Test(arguments: pages)
  func theLinksOfAPageLeadSomewhere(page: DocumentPage) throws {
    let folder = Self.root.appending(path: page.path).deletingLastPathComponent()
    for link in try Self.contents(of: page.path).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
      let target = folder.appending(path: String(link.output.1)).standardized.path
      #expect(FileManager.default.fileExists(atPath: target), "\(page.path): \(link.output.1)")
    }
  }

  // MARK: - Scripts

  @Test(arguments: examples.filter { !needsMeasurements($0) })
  func anExampleRuns(path: String) throws {
    try run(example: path)
  }

  @Test(
    .enabled(if: hasMeasurements, "data/SIX6_REF_R1_8mers.txt is not at hand"),
    arguments: examples.filter(needsMeasurements))
  func anExampleOfMeasuredRewardsRuns(path: String) throws {
    try run(example: path)
  }

  private static func needsMeasurements(_ path: String) -> Bool {
    (try? contents(of: path))?.contains("data/SIX6") == true
  }

  private static var hasMeasurements: Bool {
    let path = root.appending(path: "data/SIX6_REF_R1_8mers.txt").path
    return FileManager.default.fileExists(atPath: path)
  }

  /// With few steps where the script lets one say how many.
  private func run(example path: String) throws {
    let counts = try Self.contents(of: path).contains("let steps ?=")
    try run(path, counts ? ["steps=40"] : [], in: try workplace())
  }

  @Test(arguments: lessons)
  func whatALessonTellsHolds(path: String) throws {
    let clock = ContinuousClock()
    let folder = try workplace()
    let time = try clock.measure { try run(path, in: folder) }
    print("\(path): \(time.components.seconds) s")
  }

  @Test func thereIsDocumentation() {
    let blocks = Self.pages.map(\.blockCount).reduce(0, +)
    let pages = Self.pages.count { $0.blockCount > 0 }
    print("documentation: \(blocks) blocks on \(pages) pages, \(Self.lessons.count) lessons")
    #expect(blocks >= 40)
    #expect(pages >= 18)
    #expect(Self.examples.count >= 13)
    #expect(Self.lessons.count == 10)
  }

  private func run(_ script: String, _ values: [String] = [], in folder: TemporaryFolder) throws {
    let text = try String(contentsOf: folder.url.appending(path: script), encoding: .utf8)
    let startsProgram = text.contains(" program=")
    let permission = startsProgram ? ["--allow-run", "python3"] : []
    let run = try ProgramUnderTest.run(["run"] + permission + [script] + values, in: folder.url)
    #expect(run.status == 0, "\(script): \(run.errors)")
  }

  /// A folder in which a script finds what it finds in the repository's, and may write.
  private func workplace() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["docs", "data"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appending(path: name), withDestinationURL: Self.root.appending(path: name))
    }
    let scripts = folder.url.appending(path: "scripts")
    try FileManager.default.createDirectory(at: scripts, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: scripts.appending(path: "gfn"),
      withDestinationURL: URL(filePath: try ProgramUnderTest.path))
    return folder
  }
}
