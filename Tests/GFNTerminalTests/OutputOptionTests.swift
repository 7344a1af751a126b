import Foundation
import GFNTestSupport
import Testing

/// `--output csv` and `--allow-write`.
@Suite struct OutputOptionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func tablesAndRecordsAreBlocksOfCSV() throws {
    let run = try ProgramUnderTest.run(
      "--output", "csv", "-e", "print \"one, two\"; print 3",
      "-e", "collect t n=1 name=\"a, \\\"b\\\"\"; collect t n=2 name=c; print $t", "-e",
      "print \"end\"",
      in: folder.url)
    #expect(
      run.output == "one, two\n3\n\nn,name\n1,\"a, \"\"b\"\"\"\n2,c\n\nend\n", "\(run)")
  }

  @Test func aTableAloneIsAFileOfCSVWithFullPrecision() throws {
    let run = try ProgramUnderTest.run(
      "--output", "csv", "-e", "env hypergrid dim=2 side=4; quiet { train 2 }; evaluate",
      in: folder.url)
    let blocks = run.output.split(separator: "\n\n", omittingEmptySubsequences: false)
    #expect(blocks.allSatisfy { $0.hasPrefix("field,value\n") })
    #expect(run.output.contains("\ntv,0."))
  }

  @Test func diagnosticsStayOnTheOtherStream() throws {
    let run = try ProgramUnderTest.run(
      "--output", "csv", "-e", "print 1; assert 1 > 2", in: folder.url)
    #expect(run.status == 1)
    #expect(run.output == "1\n")
    #expect(run.errors.contains("error: 1 > 2 does not hold"))
  }

  @Test func aFolderMayBeOpenedForWriting() throws {
    // The temporary directory is always open, so the program is told that it lies elsewhere.
    let refused = try ProgramUnderTest.run(
      "-e", "let t = history; save $t to=\"/var/empty-gfn/t.csv\"", in: folder.url)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("--allow-write"))
    let permitted = try ProgramUnderTest.run(
      "--allow-write", "/proc/gfn", "--allow-write=/proc/gfn2", "-e",
      "let t = history; save $t to=\"/proc/gfn2/t.csv\"", in: folder.url)
    #expect(permitted.errors.contains("cannot be written: its folder cannot be made"))
    #expect(try ProgramUnderTest.run("--allow-write", "", "-e", "print 1").status == 2)
  }
}
