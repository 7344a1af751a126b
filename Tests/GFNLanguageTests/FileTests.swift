import Foundation
import GFNTestSupport
import Testing

@testable import GFNLanguage

/// Where files may be written, and which.
@Suite struct FileTests {
  private let folder: TemporaryFolder
  private let files: Files

  init() throws {
    folder = try TemporaryFolder()
    // The temporary directory is permitted as a whole, so the way out has to lead further.
    files = Files(workingDirectory: folder.path)
  }

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? CommandError)?.code ?? "\(error)"
    }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/" + name, withDestinationPath: target)
  }

  // MARK: - Where

  @Test func filesAreWrittenOnlyWhereItIsPermitted() throws {
    for path in ["/etc/x.csv", "/x", "../../../../../../../etc/x", "/tmp/../etc/x"] {
      #expect(code { try files.checkWritable(path) } == "write-refused", "\(path)")
      #expect(code { try files.write(path, "x".utf8) } == "write-refused", "\(path)")
    }
    #expect(code { try files.checkWritable("/") } != nil)
    #expect(code { try files.checkWritable("a/b.csv") } == nil)
    let wider = Files(workingDirectory: folder.path, writableDirectories: ["/etc"])
    #expect(code { try wider.checkWritable("/etc/x.csv") } == nil)
  }

  @Test func aLinkOutOfThePermittedFoldersIsRefused() throws {
    try link("link", to: "/etc")
    #expect(code { try files.checkWritable("link/x.csv") } == "write-refused")
  }

  @Test func noLinkToNothingIsFollowed() throws {
    try link("a.jsonl", to: "/var/gfn-nothing.jsonl")
    #expect(code { _ = try GrowingFile("a.jsonl", files: files) } == "file-unwritable")
    #expect(!FileManager.default.fileExists(atPath: "/var/gfn-nothing.jsonl"))
    // Only the link itself could be replaced, where that is said.
    #expect(code { try files.write("a.jsonl", "x".utf8) } == "file-exists")
    try files.write("a.jsonl", "x".utf8, overwriting: true)
    #expect(try folder.read("a.jsonl") == "x")
  }

  /// What leads out is put in after the path was looked at, as another process might.
  @Test func aFolderThatBecomesALinkLeadsNowhere() throws {
    let outside = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/sub", withIntermediateDirectories: true)
    let path = folder.path + "/sub/x.csv"
    let permitted = try #require(WritableFolder(folder.path))
    _ = try permitted.place(of: path, making: true)
    try FileManager.default.removeItem(atPath: folder.path + "/sub")
    try link("sub", to: outside.path)
    #expect(throws: FileFailure.self) { try permitted.place(of: path, making: true) }
    #expect(try outside.contents("") == [])
  }

  @Test func aFolderThatIsMovedTakesItsFilesAlong() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/work", withIntermediateDirectories: true)
    let files = Files(workingDirectory: folder.path + "/work")
    try FileManager.default.moveItem(
      atPath: folder.path + "/work", toPath: folder.path + "/moved")
    try files.write("x.csv", "x".utf8)
    #expect(try folder.read("moved/x.csv") == "x")
  }

  @Test func withoutAWorkingDirectoryNothingIsWritten() throws {
    let gone = folder.path + "/gone"
    try FileManager.default.createDirectory(atPath: gone, withIntermediateDirectories: true)
    let files = Files(workingDirectory: gone)
    try FileManager.default.removeItem(atPath: gone)
    #expect(code { try files.write("x.csv", "x".utf8) } == "file-unwritable")
    #expect(code { try files.write("/etc/x.csv", "x".utf8) } == "write-refused")
    #expect(!FileManager.default.fileExists(atPath: gone))
  }

  // MARK: - Which

  @Test func whatSomeoneElseWroteIsReplacedOnlyWhereThatIsSaid() throws {
    try folder.write("precious", to: "x.csv")
    #expect(code { try files.checkWritable("x.csv") } == "file-exists")
    #expect(code { try files.write("x.csv", "new".utf8) } == "file-exists")
    #expect(try folder.read("x.csv") == "precious")
    try files.write("x.csv", "new".utf8, overwriting: true)
    try files.write("x.csv", "newer".utf8)
    // Another session knows it by its mark.
    let later = Files(workingDirectory: folder.path)
    try later.write("x.csv", "newest".utf8)
    #expect(try folder.read("x.csv") == "newest")
    // After a change in place it is no longer what gfn wrote.
    let file = try FileHandle(forWritingTo: folder.url.appending(path: "x.csv"))
    try file.write(contentsOf: Data("N".utf8))
    try file.close()
    for files in [files, later] {
      #expect(code { try files.write("x.csv", "last".utf8) } == "file-exists")
    }
    #expect(try folder.read("x.csv") == "Newest")
  }

  @Test func anEmptyFileHoldsNothingToLose() throws {
    try folder.write("", to: "x.csv")
    try files.write("x.csv", "new".utf8)
    #expect(try folder.read("x.csv") == "new")
  }

  @Test func aFileInUseIsNeverReplaced() throws {
    try folder.write("data", to: "x.csv")
    try link("y.csv", to: "x.csv")
    files.note(input: "x.csv", as: .data)
    for name in ["x.csv", "y.csv"] {
      #expect(code { try files.checkWritable(name, overwriting: true) } == "file-unwritable")
      #expect(code { try files.write(name, "".utf8, overwriting: true) } == "file-unwritable")
      #expect(code { _ = try GrowingFile(name, files: files) } == "file-unwritable")
    }
    #expect(try folder.read("x.csv") == "data")
  }

  @Test func aFileThatAnotherKeepsIsLeftAlone() throws {
    let log = try GrowingFile("x.jsonl", files: files)
    #expect(log.append(line: "{}") == nil)
    let error = #expect(throws: CommandError.self) {
      try GrowingFile("x.jsonl", files: Files(workingDirectory: folder.path))
    }
    #expect(error?.message == "'x.jsonl' cannot be written: this process keeps it open")
    #expect(code { try files.write("x.jsonl", "".utf8, overwriting: true) } == "file-unwritable")
    #expect(log.append(line: "{}") == nil)
    #expect(try folder.read("x.jsonl") == "{}\n{}\n")
  }

  // MARK: - How

  @Test func whatAKilledWriterLeftIsRemoved() throws {
    try folder.write("half", to: "x.csv.gfn-1a2b3c.tmp")
    try folder.write("mine", to: "x.csv.backup.tmp")
    try files.write("x.csv", "whole".utf8)
    #expect(try folder.contents("") == ["x.csv", "x.csv.backup.tmp"])
  }

  @Test func nothingIsWrittenOnceTheStatementIsGivenUp() throws {
    let files = Files(workingDirectory: folder.path, isAborted: { true })
    #expect(code { try files.write("x.csv", "x".utf8) } == "aborted")
    #expect(try folder.contents("") == [])
  }
}
