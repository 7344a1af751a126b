import Foundation
import GFNTestSupport
import Testing

/// `gfn export`, `gfn import` and `export` at the prompt.
@Suite struct ExportTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: ["ipynb", "html", "md", "gfn"])
  func aScriptThatRunsIsWrittenAndZero(kind: String) throws {
    try folder.write("# %% A\nlet n ?= 3\nprint $n + 1\n", to: "a.gfn")
    let run = try ProgramUnderTest.run(
      "export", "a.gfn", "-o", "out/b.\(kind)", "n=5", in: folder.url)
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    #expect(run.errors.isEmpty)
    #expect(try folder.read("out/b.\(kind)").contains(kind == "gfn" ? "let n" : "6"))
  }

  @Test func thereAndBackIsTheScript() throws {
    let script = "#!/usr/bin/env -S gfn run\n# %% [markdown]\n# # T\n\n# %% A\nprint 1\n"
    try folder.write(script, to: "a.gfn")
    #expect(
      try ProgramUnderTest.run("export", "a.gfn", "-o", "a.ipynb", in: folder.url).status == 0)
    #expect(
      try ProgramUnderTest.run("import", "a.ipynb", "-o", "b.gfn", in: folder.url).status == 0)
    #expect(try folder.read("b.gfn") == script)
  }

  @Test func aFailingStatementIsOneAndInTheFile() throws {
    try folder.write("print 1\nassert 1 > 2\nprint 3\n", to: "a.gfn")
    let run = try ProgramUnderTest.run("export", "a.gfn", "-o", "a.md", in: folder.url)
    #expect(run.status == 1)
    #expect(run.errors.contains("a.gfn:2:8: error: 1 > 2 does not hold"))
    #expect(try folder.read("a.md").contains("1\na.gfn:2:8: error: 1 > 2 does not hold"))
    let going = try ProgramUnderTest.run(
      "export", "a.gfn", "-o", "a.md", "--keep-going", in: folder.url)
    #expect(going.status == 1)
    #expect(try folder.read("a.md").contains("\n3\n"))
  }

  @Test func aScriptThatFailsTheCheckIsTwoAndWritesNothing() throws {
    try folder.write("print 1\nprnt 2\n", to: "a.gfn")
    let run = try ProgramUnderTest.run("export", "a.gfn", "-o", "a.md", in: folder.url)
    #expect(run.status == 2)
    #expect(run.errors.contains("a.gfn:2:1: error:"))
    #expect(throws: (any Error).self) { try folder.read("a.md") }
  }

  @Test func wrongUsageIsTwo() throws {
    try folder.write("print 1\n", to: "a.gfn")
    for arguments in [["a.gfn"], ["a.gfn", "-o", "a.txt"], ["a.gfn", "-o", "./a.gfn"]] {
      let run = try ProgramUnderTest.run(["export"] + arguments, in: folder.url)
      #expect(run.status == 2)
      #expect(!run.errors.isEmpty)
    }
    #expect(try folder.read("a.gfn") == "print 1\n")
  }

  @Test func whatCannotBeReadOrWrittenIsOne() throws {
    try folder.write("print 1\n", to: "a.gfn")
    for arguments in [
      ["export", "none.gfn", "-o", "a.md"], ["export", "a.gfn", "-o", "a.gfn/b.md"],
      ["import", "none.ipynb", "-o", "b.gfn"], ["import", "a.gfn", "-o", "b.gfn"],
    ] {
      let run = try ProgramUnderTest.run(arguments, in: folder.url)
      #expect(run.status == 1)
      #expect(run.errors.hasPrefix("gfn: "))
    }
  }

  @Test func aForeignNotebookIsReadWithAWarning() throws {
    try folder.write(
      #"{"nbformat": 4, "metadata": {"kernelspec": {"name": "python3"}}, "cells": []}"#,
      to: "a.ipynb")
    let run = try ProgramUnderTest.run("import", "a.ipynb", "-o", "b.gfn", in: folder.url)
    #expect(run.status == 0)
    #expect(run.errors.contains("its code is in 'python3', not in gfn"))
  }

  @Test func exitKeepsItsStatusAndTheFile() throws {
    try folder.write("print 1\nexit 7\n", to: "a.gfn")
    #expect(
      try ProgramUnderTest.run("export", "a.gfn", "-o", "a.md", in: folder.url).status == 7)
    #expect(try folder.read("a.md").contains("```text\n1\n```"))
  }

  @Test func thePromptExportsWhatWasTyped() throws {
    let typist = try Typist(home: folder)
    try typist.expect("gfn> ")
    for line in ["let x = 20", "print $x + 1", "note \"done\"", "export \"s.md\""] {
      typist.type(line + "\n")
      try typist.expect("gfn> ")
    }
    typist.type("quit\n")
    #expect(try typist.end() == 0)
    #expect(
      try folder.read("s.md")
        == "```gfn\nlet x = 20\n```\n\n```gfn\nprint $x + 1\n```\n\n```text\n21\n```\n\ndone\n")
  }
}
