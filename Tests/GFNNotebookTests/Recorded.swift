import Foundation
import GFNCommands
import GFNLanguage
import GFNNotebook
import GFNTestSupport

/// A session whose cells are kept.
struct Recorded {
  let session: Session
  let recorder = SessionRecorder()
  private let temporary: TemporaryFolder

  init(keepsGoing: Bool = false) throws {
    temporary = try TemporaryFolder()
    session = Session(
      commands: .program(adding: [.export]), bench: Workbench(threads: 1),
      options: SessionOptions(workingDirectory: temporary.path, keepGoing: keepsGoing))
    session.observer = recorder
  }

  /// A session that has run a script.
  static func script(_ source: String, keepsGoing: Bool = false) throws -> Recorded {
    let recorded = try Recorded(keepsGoing: keepsGoing)
    recorded.run(source, name: "test.gfn")
    return recorded
  }

  /// A session in which lines were typed one after the other.
  static func lines(_ lines: String...) throws -> Recorded {
    let recorded = try Recorded()
    for line in lines { recorded.run(line, name: "input") }
    return recorded
  }

  @discardableResult
  func run(_ source: String, name: String) -> [Diagnostic] {
    var failures: [Diagnostic] = []
    _ = session.execute(Cell(source: source, name: name)) { event in
      if case .failure(let diagnostic) = event { failures.append(diagnostic) }
    }
    return failures
  }

  func file(_ format: ExportFormat, isWhole: Bool = true) throws -> String {
    try recorder.file(format, name: "test", of: session, isWhole: isWhole) { _ in }
  }

  var folder: URL { temporary.url }

  var notebook: Notebook { recorder.notebook(isWhole: true) }
}

/// The scripts that users see first.
let exampleScripts: [String] = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder = root.appending(path: "docs/examples")
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  return names.filter { $0.hasSuffix(".gfn") }.sorted().compactMap {
    try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)
  }
}()

/// Scripts that are no usual ones.
let oddScripts = [
  "", "\n", "print 1", "#!/usr/bin/env -S gfn run\nprint 1\n", "# %%", "# %%\n", "# %%\n\n\n",
  "#!/usr/bin/env -S gfn run\n\n# %% [markdown]\n# # T\n# t\n# %% A\nprint 1\n",
  "print 1\n\n\n# %% B\n# %% C\n\nprint 2", "# %%  two  blanks \nprint 1\n# %%\tTab\nprint 2\n",
  "# %% [markdown] Titled\n# # T\n#\n#%% no mark\n#  indented\nno hash\n#no blank\n\n# %%\n",
  "# %% *a* `b` \\ <c> & [d] ### e\nprint 1\n", "# %% [MARKDOWN]\n# text\n# %%tight\nprint 1\n",
  "# %% A\r\nprint 1\r\n\r\n# %% [markdown]\r\n# t\r\n# u\r\n", "# %%\n   \nprint 1   \n \t\n\n",
  "\n\n# %% A\nprint 1\n", "# %% [markdown]\n\n\n# %% [markdown]\n#\n", "\u{FEFF}# %% A\nprint 1\n",
  "print \"\u{1B}[31m \u{0} \u{2028} é 語 👩‍👩‍👧\"\n# %% 語\nprint '\\'\n",
]
