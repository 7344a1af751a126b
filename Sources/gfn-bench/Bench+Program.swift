import Foundation

extension Bench {
  /// How long the program takes to its prompt, and over many statements.
  func program(_ path: String, _ output: Output) throws {
    let prompts = try (0..<9).map { _ in try Self.secondsToPrompt(path) }
    output.program("prompt", seconds: median(prompts))
    for (name, statement) in [
      ("let", "let x% = %"), ("arithmetic", "let x = % * 2 + 1"), ("print", "print %"),
      ("if", "if % > 5 { let y = % }"),
    ] {
      let script = FileManager.default.temporaryDirectory.appending(
        path: "gfn-bench-\(UUID().uuidString).gfn")
      defer { try? FileManager.default.removeItem(at: script) }
      try (0..<100_000).map { statement.replacing("%", with: String($0)) + "\n" }.joined()
        .write(to: script, atomically: false, encoding: .utf8)
      let times = try (0..<3).map { _ in
        try Machine.seconds {
          let process = Process()
          process.executableURL = URL(filePath: path)
          process.arguments = ["run", script.path]
          process.standardOutput = FileHandle.nullDevice
          try process.run()
          process.waitUntilExit()
        }
      }
      output.program("100,000 × \(statement)", name: name, seconds: median(times))
    }
  }

  private static func secondsToPrompt(_ path: String) throws -> Double {
    var master: Int32 = -1
    var slave: Int32 = -1
    guard openpty(&master, &slave, nil, nil, nil) == 0 else { return .nan }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    let person = FileHandle(fileDescriptor: master, closeOnDealloc: true)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["--no-rc"]
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    var shown = Data()
    let seconds = try Machine.seconds {
      try process.run()
      while shown.range(of: Data("gfn> ".utf8)) == nil {
        let more = person.availableData
        if more.isEmpty { break }
        shown += more
      }
    }
    process.terminate()
    process.waitUntilExit()
    return seconds
  }
}
