import Foundation
import Testing

/// A page of the documentation, as far as it can be tried: its fenced blocks.
///
/// - `gfn` blocks are one session, in order; `gfn NAME.gfn` and any other block with a second word is a
///   file of that name.
/// - An unmarked or `text` block right below a `gfn` block is what it writes to standard output; a line
///   `…` in it stands for any lines.
/// - A `console` block holds commands after `$ ` with what they write to both streams.
/// - `<!-- digits vary -->` above a block: its numbers are those of one machine.
struct DocumentPage: CustomTestStringConvertible {
  struct Block {
    var text: String
    /// The line of the page on which the text starts, from 1.
    var firstLine: Int
    /// What it should write.
    var expected: Expectation?
  }

  struct Expectation {
    var text: String
    var digitsVary: Bool
  }

  struct Command {
    var text: String
    var line: Int
    var expected: Expectation
  }

  struct File {
    var name: String
    var text: String
  }

  /// Below the repository's folder: `docs/tutorial.md`.
  let path: String
  private(set) var session: [Block] = []
  private(set) var commands: [Command] = []
  private(set) var files: [File] = []

  var testDescription: String { path }

  /// Files that are scripts count as blocks too: they are run.
  var scripts: [File] { files.filter { $0.name.hasSuffix(".gfn") } }

  /// The blocks marked as gfn.
  var blockCount: Int { session.count + scripts.count }

  init(path: String, text: String) {
    self.path = path
    var fence: (words: [Substring], firstLine: Int)?
    var content: [Substring] = []
    var digitsVary = false
    var mayShowOutput = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let (words, firstLine) = fence else {
        if line.hasPrefix("```") {
          fence = (line.dropFirst(3).split(separator: " "), index + 2)
          content = []
        } else if line == "<!-- digits vary -->" {
          digitsVary = true
        } else if !line.isEmpty {
          mayShowOutput = false
        }
        continue
      }
      guard line == "```" else {
        content.append(line)
        continue
      }
      fence = nil
      let body = content.joined(separator: "\n")
      let isSession = words == ["gfn"]
      if words.count == 2 {
        files.append(File(name: String(words[1]), text: body + "\n"))
      } else if isSession {
        session.append(Block(text: body, firstLine: firstLine))
      } else if words == ["console"] {
        addCommands(content, firstLine, digitsVary)
      } else if words.isEmpty || words == ["text"], mayShowOutput {
        session[session.count - 1].expected = Expectation(text: body, digitsVary: digitsVary)
      }
      mayShowOutput = isSession
      digitsVary = false
    }
  }

  private mutating func addCommands(_ lines: [Substring], _ firstLine: Int, _ digitsVary: Bool) {
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("$ ") {
        let expected = Expectation(text: "", digitsVary: digitsVary)
        commands.append(
          Command(text: String(line.dropFirst(2)), line: firstLine + index, expected: expected))
      } else if !commands.isEmpty {
        commands[commands.count - 1].expected.text += line + "\n"
      }
    }
  }

  // MARK: - The session as a script

  /// What stands between the outputs of two blocks.
  static let separator = "%%% end of a block %%%"

  /// Where a page shows no output, nobody sees how large the networks are: small ones take a tenth of the time.
  private static let smallNetworks = "policy layers=1 hidden=16; critic layers=1 hidden=16"

  /// The session's blocks on the lines that they have in the page, so that errors name these.
  var script: String {
    var lines: [String] = []
    if session.allSatisfy({ $0.expected == nil }), session.first?.firstLine ?? 0 > 2 {
      lines.append(Self.smallNetworks)
    }
    for block in session {
      while lines.count < block.firstLine - 2 { lines.append("") }
      lines.append("# %%")
      lines += block.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines.append("print '\(Self.separator)'")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What each block wrote.
  func outputs(of text: String) -> [String] {
    var outputs = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == Self.separator {
        outputs.append("")
      } else {
        outputs[outputs.count - 1] += line + "\n"
      }
    }
    return Array(outputs.prefix(session.count))
  }
}

extension DocumentPage.Expectation {
  /// What the page shows and what was written instead; nil where they agree.
  func difference(from output: String) -> String? {
    let wanted = lines(text)
    let found = lines(output)
    guard !matches(wanted[...], found[...]) else { return nil }
    return "the page shows\n\(wanted.joined(separator: "\n"))\nand the program wrote\n"
      + found.joined(separator: "\n")
  }

  private func matches(_ wanted: ArraySlice<String>, _ found: ArraySlice<String>) -> Bool {
    guard let line = wanted.first else { return found.isEmpty }
    if line == "…" {
      return (found.startIndex...found.endIndex).contains {
        matches(wanted.dropFirst(), found[$0...])
      }
    }
    return line == found.first && matches(wanted.dropFirst(), found.dropFirst())
  }

  /// Without blanks at the ends of lines and blank lines at the end; where digits vary a number is `#`, and
  /// blanks, which depend on how wide numbers are, count as one.
  private func lines(_ text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = String(line)
      if digitsVary {
        line.replace(/-?\d+(\.\d+)?(e[-+]?\d+)?/, with: "#")
        line.replace(/[ ]+/, with: " ")
      }
      while line.last?.isWhitespace == true { line.removeLast() }
      return line
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
