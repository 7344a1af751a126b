import Foundation
import Testing

@Suite struct PromptTests {
  @Test func firstSessionIsShownOnceAndThenOneLine() throws {
    let first = try Typist()
    let greeting = try first.expect("gfn> ")
    #expect(greeting.contains("env hypergrid dim=2 side=16"))
    first.type("\u{4}")
    #expect(try first.end() == 0)

    let second = try Typist(home: first.home)
    let shorter = try second.expect("gfn> ")
    #expect(shorter.contains("'help' lists the commands"))
    #expect(!shorter.contains("env hypergrid"))
  }
}
