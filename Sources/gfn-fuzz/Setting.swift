import GFNFuzzing
import Glibc

/// What the environment says, as the arguments are libFuzzer's: `GFN_FUZZ_TARGET` names what is to take the
/// inputs; with `GFN_FUZZ_EXAMPLES` its first seeds are written into that folder, and nothing else is done.
enum Setting {
  static let target = variable("GFN_FUZZ_TARGET").flatMap(FuzzTarget.init(rawValue:)) ?? .script

  static func read() {
    guard variable("GFN_FUZZ_TARGET").flatMap(FuzzTarget.init(rawValue:)) != nil else {
      for target in FuzzTarget.allCases { print(target.rawValue) }
      exit(0)
    }
    guard let folder = variable("GFN_FUZZ_EXAMPLES") else { return }
    for (number, example) in target.examples.enumerated() {
      guard let file = fopen("\(folder)/example-\(number)", "w") else { continue }
      fwrite(example, 1, example.count, file)
      fclose(file)
    }
    exit(0)
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
