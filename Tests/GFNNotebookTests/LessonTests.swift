import Foundation
import GFNFigures
import GFNLanguage
import GFNTestSupport
import Testing

@testable import GFNNotebook

/// Lessons as steps, where they lie, and the way through them and back.
@Suite struct LessonTests {
  private static let script = """
    #!/usr/bin/env -S gfn run
    # %% [markdown]
    # # A title
    # What is it? It is this.

    # %% First
    let x = 1

    # %% [markdown]
    # More.
    # %% [markdown]
    # And more.
    # %%
    # why
    let x = $x + 1
    if true {
      print $x
    }
    # %%
    # Nothing runs here.
    # %% [markdown]
    # The end.
    """

  private var lesson: Lesson { Lesson(path: "docs/07-a-b.gfn", script: Self.script) }

  private var session: Session { Session(commands: CommandTable(LanguageCommands.all)) }

  @Test func aStepIsTheTextsBeforeACellAndTheCell() {
    #expect(
      lesson.steps.map(\.text) == ["# A title\nWhat is it? It is this.", "More.\n\nAnd more."])
    #expect(lesson.steps.map(\.title) == ["First", ""])
    #expect(lesson.steps.map(\.code.firstLine) == [7, 14])
    #expect(lesson.closing == "The end.")
  }

  @Test func aLessonHasNumberNameTitleAndFirstSentence() {
    #expect(lesson.number == 7)
    #expect(lesson.name == "a-b")
    #expect(lesson.title == "A title")
    #expect(lesson.about == "What is it?")
    #expect(Lesson.label(of: "x/tour.gfn") == (nil, "tour"))
    #expect(Lesson.label(of: "99999999999999999999-a.gfn").number == nil)
  }

  @Test func aCellIsTypedInEntriesThatAreWholeStatements() {
    let entries = Lesson.entries(of: lesson.steps[1].code, in: session)
    #expect(entries.map(\.source) == ["# why\nlet x = $x + 1", "if true {\n  print $x\n}"])
    #expect(entries.map(\.firstLine) == [14, 16])
  }

  @Test func goingBackMakesTheSessionWhatItWas() {
    let session = session
    var progress = LessonProgress(lesson)
    func x() -> [String] {
      var printed: [String] = []
      _ = session.execute(Cell(source: "print $x")) {
        if case .printed(let text, _) = $0 { printed.append(text) }
      }
      return printed
    }
    for step in lesson.steps {
      progress.begin(session)
      #expect(session.execute(step.code) { _ in } == .done)
      progress.finish(session)
    }
    #expect(progress.isAtEnd)
    #expect(progress.label == "7: end")
    #expect(x() == ["2"])
    let isBack1 = progress.goBack(session)
    #expect(isBack1)
    #expect(progress.label == "7: 2/2")
    #expect(x() == ["1"])
    let isBack2 = progress.goBack(session)
    #expect(isBack2)
    #expect(x() == [])
    let isBack3 = progress.goBack(session)
    #expect(!isBack3)
  }

  @Test func goingBackFirstTakesBackACellThatIsNotDone() {
    let session = session
    var progress = LessonProgress(lesson)
    progress.skip(session)
    progress.begin(session)
    _ = session.execute(Cell(source: "let y = 1")) { _ in }
    let isBack4 = progress.goBack(session)
    #expect(isBack4)
    #expect(progress.position == 1)
    #expect(session.effectiveStatements.isEmpty)
    let isBack5 = progress.goBack(session)
    #expect(isBack5)
    #expect(progress.position == 0)
  }

  @Test func anExportHoldsTextsCellsAndDetoursAndNothingTakenBack() throws {
    let recorded = try Recorded()
    var progress = LessonProgress(lesson)
    func enter() throws {
      progress.begin(recorded.session)
      let step = try #require(progress.step)
      #expect(recorded.session.execute(step.code) { _ in } == .done)
      progress.finish(recorded.session)
    }
    try enter()
    recorded.run("let y = 5", name: "input")
    let before = try recorded.file(.gfn, isWhole: false)
    #expect(
      before == """
        # %% [markdown]
        # # A title
        # What is it? It is this.

        # %% First
        let x = 1

        # %%
        let y = 5

        """)
    try enter()
    recorded.run("print 7", name: "input")
    let whole = """
      \(before)
      # %% [markdown]
      # More.

      # %% [markdown]
      # And more.

      # %%
      # why
      let x = $x + 1
      if true {
        print $x
      }

      # %% [markdown]
      # The end.

      # %%
      print 7

      """
    #expect(try recorded.file(.gfn, isWhole: false) == whole)
    #expect(recorded.recorder.notebook(isWhole: false).script == whole)
    let isBack = progress.goBack(recorded.session)
    #expect(isBack)
    #expect(try recorded.file(.gfn, isWhole: false) == before)
    #expect(recorded.recorder.notebook(isWhole: false).script == before)
    try enter()
    recorded.run("print 7", name: "input")
    #expect(try recorded.file(.gfn, isWhole: false) == whole)
  }

  @Test func aCellTypedEntryByEntryIsOneCellUnlessSomethingComesInBetween() throws {
    func script(detour: String?) throws -> String {
      let recorded = try Recorded()
      var progress = LessonProgress(Lesson(path: "a.gfn", script: "# %%\nlet a = 1\nlet b = 2\n"))
      let code = try #require(progress.step).code
      for entry in Lesson.entries(of: code, in: recorded.session) {
        progress.begin(recorded.session)
        _ = recorded.session.execute(entry) { _ in }
        progress.finishEntry()
        if let detour { recorded.run(detour, name: "input") }
      }
      return try recorded.file(.gfn, isWhole: false)
    }
    #expect(try script(detour: nil) == "# %%\nlet a = 1\nlet b = 2\n")
    #expect(
      try script(detour: "print 3")
        == "# %%\nlet a = 1\n\n# %%\nprint 3\n\n# %%\nlet b = 2\n\n# %%\nprint 3\n")
  }

  @Test func aLessonIsFoundByNumberNamePartAndPath() throws {
    let folder = try folder()
    let shelf = LessonShelf(folder: folder.path)
    #expect(shelf.entries.map(\.name) == ["flows", "trust-regions", "trees"])
    for word in ["2", "02", "trust-regions", "TRUST", "regions"] {
      #expect(try shelf.path(for: word) == folder.path + "/02-trust-regions.gfn")
    }
    #expect(try shelf.path(for: "./x.gfn") == "./x.gfn")
    func message(_ word: String) -> String {
      do {
        return try shelf.path(for: word)
      } catch let error as CommandError {
        return error.message + "; " + (error.fix ?? "")
      } catch { return "" }
    }
    #expect(message("tr") == "'tr' is a part of several lessons; say which: trust-regions, trees")
    #expect(message("flwos") == "there is no lesson 'flwos'; did you mean 'flows'?")
    #expect(message("9") == "there is no lesson '9'; there are flows, trust-regions, trees")
  }

  @Test func theListSaysWhatEachLessonIsAbout() throws {
    let folder = try folder()
    let session = Session(
      commands: CommandTable(
        LanguageCommands.all + [LessonCommand.spec(LessonShelf(folder: folder.path))]))
    var rows: [[String]] = []
    let outcome = session.execute(Cell(source: "lesson")) { event in
      if case .value(.table(let table), _, _, _) = event {
        rows = table.rows.map { $0.map { $0.text() } }
      }
    }
    #expect(outcome == .done)
    #expect(rows.first == ["1", "flows", "A title", "What is it?"])
    #expect(rows.count == 3)
  }

  @Test func awayFromThePromptALessonIsRefusedWithTheRemedy() throws {
    let folder = try folder()
    let session = Session(
      commands: CommandTable(
        LanguageCommands.all + [LessonCommand.spec(LessonShelf(folder: folder.path))]))
    let found = session.check(Cell(source: "lesson flows"))
    #expect(found.first?.rendered().contains("'gfn run \(folder.path)/01-flows.gfn'") == true)
    var opened: [String] = []
    session.lessonStarter = { opened.append($0) }
    #expect(session.execute(Cell(source: "lesson flows")) { _ in } == .done)
    #expect(opened == [folder.path + "/01-flows.gfn"])
    // It is no part of what the session did.
    #expect(session.effectiveStatements.isEmpty)
  }

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["01-flows", "02-trust-regions", "03-trees"] {
      try folder.write(Self.script, to: "\(name).gfn")
    }
    return folder
  }
}
