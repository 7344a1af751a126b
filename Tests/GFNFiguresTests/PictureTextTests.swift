import Foundation
import GFNLanguage
import Testing

@testable import GFNFigures

@Suite struct PictureTextTests {
  private static let styles: [PictureStyle] = [
    PictureStyle(), PictureStyle(isASCII: true), PictureStyle(colours: .sixteen),
    PictureStyle(colours: .many), PictureStyle(colours: .true24),
    PictureStyle(colours: .true24, isASCII: true),
  ]

  @Test(arguments: [1, 5, 12, 25, 40, 57, 80, 100, 160, 200, 1000])
  func noLineIsWiderThanTheStyle(width: Int) {
    for figure in Gallery.ordinary + Gallery.degenerate {
      for var style in Self.styles {
        style.width = width
        for line in PictureText.lines(of: figure, style) {
          let shown = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
          #expect(displayWidth(shown) <= width)
          #expect(!style.isASCII || shown.utf8.allSatisfy { (32..<127).contains($0) })
          #expect(style.colours != .none || shown == line)
        }
      }
    }
  }

  @Test func gallery() throws {
    guard let kind = ProcessInfo.processInfo.environment["GALLERY"] else { return }
    var style = PictureStyle(width: Int(ProcessInfo.processInfo.environment["COLUMNS"] ?? "") ?? 80)
    style.isASCII = kind.contains("ascii")
    style.colours = kind.contains("24") ? .true24 : kind.contains("16") ? .sixteen : kind.contains("256") ? .many : .none
    for figure in Gallery.ordinary {
      for line in PictureText.lines(of: figure, style) { print(line) }
      print()
    }
  }
}
