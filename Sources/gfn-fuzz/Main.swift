import CFuzzer
import GFNFuzzing
import Glibc

/// `gfn-fuzz TARGET [libFuzzer's arguments]`: gives a target bytes until one of them is too much. It is
/// built by scripts/fuzz, with libFuzzer in it.
@main
enum Main {
  nonisolated(unsafe) private static var target = FuzzTarget.script

  static func main() {
    guard let name = CommandLine.arguments.dropFirst().first,
      let target = FuzzTarget(rawValue: name)
    else {
      for target in FuzzTarget.allCases { print(target.rawValue) }
      return
    }
    // `gfn-fuzz TARGET --examples DIR` writes the first seeds.
    if CommandLine.arguments.count == 4, CommandLine.arguments[2] == "--examples" {
      return write(target.examples, to: CommandLine.arguments[3])
    }
    self.target = target
    var count = CommandLine.argc - 1
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      CommandLine.unsafeArgv + 1
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
        Main.target.take(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      })
  }

  private static func write(_ examples: [[UInt8]], to folder: String) {
    for (number, example) in examples.enumerated() {
      guard let file = fopen("\(folder)/example-\(number)", "w") else { continue }
      fwrite(example, 1, example.count, file)
      fclose(file)
    }
  }
}
