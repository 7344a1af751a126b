import Foundation
import GFNTestSupport
import Testing

@testable import GFNTerminal

@Suite struct HistoryFileTests {
  private let folder: TemporaryFolder
  private let file: HistoryFile

  init() throws {
    folder = try TemporaryFolder()
    file = HistoryFile(path: folder.url.path + "/state/gfn/history")
  }

  @Test func entriesComeBackWhole() {
    let entries = [
      HistoryFile.Entry(text: "repeat 3 {\n  print 1\n\n}", time: 1_700_000_000),
      HistoryFile.Entry(text: "print \"ü\"", time: 1_700_000_001),
    ]
    for entry in entries { file.append(entry) }
    #expect(file.load() == entries)
  }

  @Test func aNumberedCommentDoesNotSplitItsEntry() {
    file.append(HistoryFile.Entry(text: "if true {\n#1\n}", time: 7))
    #expect(file.load().map(\.text) == ["if true {\n #1\n}"])
  }

  @Test func onlyItsUserMayReadIt() throws {
    file.append(HistoryFile.Entry(text: "print 1", time: 7))
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func truncationDropsTheOldestEntriesWhole() throws {
    let count = HistoryFile.limit * 3 / 2 + 1
    let lines = (0..<count).map {
      HistoryFile.line(for: .init(text: "print \($0)\nexit", time: $0))
    }
    #expect(throws: Never.self) { try folder.write(lines.joined(), to: "state/gfn/history") }
    file.truncate()
    let kept = file.load()
    #expect(kept.count == HistoryFile.limit)
    #expect(kept.first?.text == "print \(count - HistoryFile.limit)\nexit")
    #expect(kept.last?.text == "print \(count - 1)\nexit")
    let text = try folder.read("state/gfn/history")
    #expect(text == lines.suffix(HistoryFile.limit).joined())
  }

  @Test func anUnwritableFolderIsNoError() {
    let nowhere = HistoryFile(path: "/proc/gfn/history")
    nowhere.append(HistoryFile.Entry(text: "print 1", time: 7))
    #expect(nowhere.load().isEmpty)
  }
}
