import GFNCore
import GFNParameters
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// The page of Markdown that is generated from the commands.
@Suite struct CommandReferenceTests {
  private static let commands = CommandTable.program()
  private static let lines = CommandReference(commands).markdown
    .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)

  @Test(arguments: commands.specs.map(\.name))
  func everyCommandHasItsSectionWithAllItTakes(name: String) throws {
    let spec = try #require(Self.commands[name])
    let start = try #require(Self.lines.firstIndex(of: "### \(name)"))
    let end = Self.lines[(start + 1)...].firstIndex { $0.hasPrefix("### ") || $0.hasPrefix("## ") }
    let section = Self.lines[start..<(end ?? Self.lines.endIndex)]
    for parameter in spec.options + spec.variants.flatMap(\.options) {
      #expect(section.contains { $0.hasPrefix("| `\(parameter.name)=` |") }, "\(parameter.name)=")
    }
    for parameter in spec.positionals where spec.variants.isEmpty {
      let label = "| `\(parameter.name.uppercased())` |"
      #expect(section.contains { $0.hasPrefix(label) }, "\(parameter.name)")
    }
    for variant in spec.variants {
      #expect(section.contains { $0.hasPrefix("| `\(name) \(variant.word)` |") }, "\(variant.word)")
    }
    for example in spec.examples {
      let source = example.source.split(separator: "\n").map(String.init)
      #expect(source.allSatisfy(section.contains), "\(example.source)")
    }
  }

  @Test func everyRowOfATableHasTheCellsOfItsHeader() {
    var width: Int?
    for line in Self.lines {
      guard line.hasPrefix("|") else {
        width = nil
        continue
      }
      let cells = line.replacing("\\|", with: "").count { $0 == "|" }
      if let width { #expect(cells == width, "\(line)") }
      width = width ?? cells
    }
  }

  @Test func theContentsLinkToEverySection() {
    let headings = Set(
      Self.lines.filter { $0.hasPrefix("#") }
        .map { $0.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-") })
    for line in Self.lines where line.hasPrefix("- ") {
      for link in line.matches(of: /\(#([^)]*)\)/) {
        #expect(headings.contains(String(link.output.1)), "\(link.output.0)")
      }
    }
  }

  @Test func fieldsAndCodesAreExplained() {
    for field in FieldText.science {
      #expect(Self.lines.contains { $0.hasPrefix("| `\(field.name)` |") }, "\(field.name)")
    }
    for code in HelpTexts.codes {
      #expect(Self.lines.contains { $0.hasPrefix("| `\(code.code)` |") }, "\(code.code)")
    }
  }
}
