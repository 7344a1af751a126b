import Foundation
import GFNTestSupport
import Testing

/// The built program, which lies beside the test bundle.
enum ProgramUnderTest {
  static var path: String { get throws { try path(of: "gfn") } }

  static func path(of name: String) throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: tests).deletingLastPathComponent().appending(path: name).path
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw TestProblem("no program at \(program)")
    }
    return program
  }

  /// Runs the program without a terminal until it ends.
  static func run(
    _ arguments: String..., input: String = "", environment: [String: String] = [:],
    in folder: URL? = nil
  ) throws -> Finished {
    try run(arguments, input: input, environment: environment, in: folder)
  }

  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    in folder: URL? = nil
  ) throws -> Finished {
    let scratch = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: try path)
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? scratch.url
    process.environment = scratch.environment.merging(environment) { $1 }
    // Files, not pipes: nobody has to read while the program runs.
    process.standardInput = try FileHandle(
      forReadingFrom: try scratch.write(input, to: "input"))
    process.standardOutput = try FileHandle(forWritingTo: try scratch.write("", to: "output"))
    process.standardError = try FileHandle(forWritingTo: try scratch.write("", to: "errors"))
    try process.run()
    process.waitUntilExit()
    return Finished(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: try scratch.read("output"), errors: try scratch.read("errors"))
  }

  struct Finished {
    var status: Int32
    var wasKilled: Bool
    var output: String
    var errors: String
  }
}

struct TestProblem: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A folder as the home of a program's user.
extension TemporaryFolder {
  /// What a program needs to know of its surroundings, and nothing of this machine's user.
  var environment: [String: String] {
    let inherited = ProcessInfo.processInfo.environment
      .filter { ["PATH", "LD_LIBRARY_PATH"].contains($0.key) }
    return inherited.merging([
      "HOME": url.path, "XDG_STATE_HOME": url.path + "/state",
      "XDG_CONFIG_HOME": url.path + "/config", "LANG": "C.UTF-8", "INPUTRC": "/dev/null",
    ]) { $1 }
  }

  /// Writes a program. A process of its own copies it into place: one that other tests start meanwhile
  /// inherits whatever this process has open, and a file that is open for writing cannot be run.
  func writeProgram(_ text: String, to name: String) throws -> URL {
    let draft = try write(text, to: name + ".draft")
    let file = url.appending(path: name)
    let copy = try shell("cp '\(draft.path)' '\(file.path)' && chmod 755 '\(file.path)'")
    try #require(copy.status == 0)
    return file
  }

  /// Runs a shell command, which looks for programs in `path` first; the output holds both streams.
  func shell(_ command: String, path: String = "") throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.environment = environment.merging(["PATH": "\(path):\(environment["PATH"] ?? "")"]) {
      $1
    }
    let output = try FileHandle(forWritingTo: try write("", to: "shell-output"))
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try read("shell-output"))
  }
}
