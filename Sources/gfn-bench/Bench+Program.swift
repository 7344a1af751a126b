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

  /// Milliseconds after which a prompt that has not shown is not waited for.
  private static let patience: Int32 = 5000

  private static func secondsToPrompt(_ path: String) throws -> Double {
    var master: Int32 = -1
    var slave: Int32 = -1
    guard openpty(&master, &slave, nil, nil, nil) == 0 else { return .nan }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    defer { close(master) }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = ["--no-rc", "--color", "never"]
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    let prompt = Data("gfn> ".utf8)
    var shown = Data()
    let seconds = try Machine.seconds {
      try process.run()
      var bytes = [UInt8](repeating: 0, count: 4096)
      var input = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      while shown.range(of: prompt) == nil, poll(&input, 1, patience) > 0 {
        let count = read(master, &bytes, bytes.count)
        if count <= 0 { break }
        shown.append(contentsOf: bytes.prefix(count))
      }
    }
    process.terminate()
    process.waitUntilExit()
    return shown.range(of: prompt) == nil ? .nan : seconds
  }
}
