import Foundation
import GFNFuzzing
import GFNTestSupport
import Testing

/// Bytes that nobody meant: those that once were found to be too much, and some thousands of changed ones.
/// A crash ends the whole test run; `scripts/fuzz` looks for more of them.
@Suite struct FuzzTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// Enough to take every branch near the seeds, and over in seconds.
  private static let seconds = 2.0
  private static let longest = 20.0

  /// The repository's own files of a kind.
  private static func seeds(of target: FuzzTarget) -> [[UInt8]] {
    var seeds = target.examples
    for folder in ["docs", "Tests"] {
      let files = FileManager.default.enumerator(
        at: root.appending(path: folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        for (suffix, prefixes) in target.seeds where file.lastPathComponent.hasSuffix(suffix) {
          guard let data = try? Data(contentsOf: file), data.count < 200_000 else { continue }
          seeds += prefixes.isEmpty ? [Array(data)] : prefixes.map { [$0] + Array(data) }
        }
      }
    }
    return seeds.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(arguments: FuzzTarget.allCases)
  func nothingThatIsChangedIsTooMuch(_ target: FuzzTarget) throws {
    let seeds = Self.seeds(of: target)
    #expect(!seeds.isEmpty)
    let clock = ContinuousClock()
    let start = clock.now
    for seed in seeds { target.take(seed) }
    var count = 0
    var mutation = Mutation(seed: 1)
    while clock.now - start < .seconds(Self.seconds) {
      let bytes = mutation.of(seeds)
      let before = threadTime()
      target.take(bytes)
      let seconds = threadTime() - before
      #expect(seconds < Self.longest, "\(seconds) s for \(Data(bytes).base64EncodedString())")
      count += 1
    }
    print("fuzz: \(target.rawValue): \(seeds.count) seeds, \(count) changed ones")
  }

  /// What was found once, in `Tests/FuzzTests/Findings/TARGET-…`.
  @Test func whatWasFoundOnceIsTakenNow() throws {
    let folder = Self.root.appending(path: "Tests/FuzzTests/Findings")
    let files =
      (try? FileManager.default.contentsOfDirectory(
        at: folder, includingPropertiesForKeys: nil)) ?? []
    for file in files {
      let name = file.lastPathComponent.prefix { $0 != "-" }
      let target = try #require(FuzzTarget(rawValue: String(name)), "\(file)")
      target.take(Array(try Data(contentsOf: file)))
    }
  }
}
