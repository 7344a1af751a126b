import GFNFigures
import GFNLanguage
import OrderedCollections
import Testing

@testable import GFNNotebook

@Suite struct PageTests {
  @Test func nothingThatAScriptSaysIsTakenForThePageItself() throws {
    let hostile = "</pre></style><script>alert(1)</script>{{page}}"
    let page = try Recorded.script(
      """
      # %% [markdown]
      # # \(hostile)
      # [x](javascript:alert(1)) <img src=x onerror=alert(1)>
      # %% \(hostile)
      print '\(hostile)'
      collect t '\(hostile)'=1 x='\(hostile)'
      print $t
      note '\(hostile)'
      assert false, '\(hostile)'
      """.replacing("'\(hostile)'=1", with: "a=1")
    ).file(.html)
    #expect(!page.contains("<script"))
    #expect(!page.contains("onerror"))
    #expect(!page.contains("javascript:"))
    #expect(page.contains("{{page}}"))
    #expect(page.contains("<td>&lt;/pre&gt;&lt;/style&gt;&lt;script&gt;"))
    #expect(page.ranges(of: "</style>").count == 1)
  }

  @Test func thePageNeedsNothingElseAndFitsAPhone() throws {
    let page = try Recorded.script("# %% [markdown]\n# ## About *it*\n# %%\nprint 1\n").file(.html)
    for word in ["http:", "https:", "src=", "<link", "@import", "<script"] {
      #expect(!page.contains(word))
    }
    #expect(page.hasPrefix("<!DOCTYPE html>\n"))
    #expect(page.contains("<title>About it</title>"))
    #expect(page.contains("<meta name=\"viewport\" content=\"width=device-width"))
    #expect(page.contains("prefers-color-scheme: dark"))
    #expect(page.contains("@media print"))
  }

  @Test func noImageIsFetched() throws {
    let page = try Recorded.script(
      """
      # %% [markdown]
      # ![a *b*](https://e.org/a.png "t") ![](c.png) [![d](https://e.org/d.png)](https://e.org)
      # [![](f.png)](https://e.org) ![in ![out](g.png)](h.png)
      # ![x](data:image/png;base64,AAAA) ![y](javascript:alert(1))
      """
    ).file(.html)
    #expect(page.ranges(of: "<img").count == 1)
    for html in [
      "<a href=\"https://e.org/a.png\" title=\"t\">a <em>b</em></a>", "<a href=\"c.png\">c.png</a>",
      "<a href=\"https://e.org\">d</a>", "<a href=\"https://e.org\">f.png</a>",
      "<img src=\"data:image/png;base64,AAAA\" alt=\"x\" />", "<a href=\"\">y</a>",
      "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\"",
    ] { #expect(page.contains(html), "\(html)") }
  }

  @Test func withoutAHeadingThePageHasTheNameOfItsScript() throws {
    #expect(try Recorded.script("print 1\n").file(.html).contains("<title>test</title>"))
  }

  @Test func numbersStandRightUnderHeadersWithAScope() {
    let html = HTMLTable.text(
      of: Table(
        columns: [Column("a<b"), Column("n"), Column("seconds", isTiming: true)],
        rows: [[.text("x & y"), .number(0.123456), .number(3)], [.text(""), .none, .number(4)]],
        fields: ["log_z": .number(2)], notes: ["1 < 2"]))
    #expect(
      html == """
        <table>
        <thead><tr><th scope="col">a&lt;b</th><th scope="col" class="n">n</th></tr></thead>
        <tbody>
        <tr><td>x &amp; y</td><td class="n">0.1235</td></tr>
        <tr><td></td><td class="n"></td></tr>
        </tbody>
        </table>
        <table>
        <tbody>
        <tr><th scope="row">log_z</th><td>2</td></tr>
        </tbody>
        </table>
        <p>1 &lt; 2</p>
        """)
  }

  @Test func ofALongTableTheFirstAndTheLastRowsAreShown() {
    let rows = (0..<500).map { [Value.number(Double($0))] }
    let html = HTMLTable.text(of: Table(columns: [Column("n")], rows: rows))
    #expect(html.ranges(of: "<tr>").count == 1 + 200 + 1)
    #expect(html.contains("<td colspan=\"1\">… 300 more rows</td>"))
    #expect(html.contains(">99<") && !html.contains(">100<") && html.contains(">400<"))
    let short = HTMLTable.text(of: Table(columns: [Column("n")], rows: Array(rows.prefix(201))))
    #expect(short.ranges(of: "<tr>").count == 1 + 201)
  }

  @Test func aPictureIsNoWiderThanItsPlace() {
    let svg = "<?xml version=\"1.0\"?>\n<svg \n width=\"900\" viewBox=\"0 0 9 9\"><g/></svg>"
    let html = InlinePicture.html(of: svg)
    #expect(html?.hasPrefix("<svg style=\"max-width: 100%; height: auto\" \n width=") == true)
    let styled = InlinePicture.html(of: "<svg style=\"x\"></svg>")
    #expect(styled == "<svg style=\"x\"></svg>")
  }

  @Test func picturesOfOnePageShareNoNames() throws {
    let cells = ["one", "three"].map { title -> NotebookCell in
      let figure = Figure(title, .lines([]))
      return NotebookCell(
        ScriptCell(mark: nil, body: "plot\n", firstLine: 1),
        outputs: [.value(.figure(figure), command: "plot", showing: .whole)], number: 1)
    }
    let page = try PageWriter(pictures: PictureFiles(PictureStub()))
      .text(of: Notebook(cells), name: "n")
    let names = page.matches(of: /<g id="(p[0-9a-f]+-a)"\/><use xlink:href='#(p[0-9a-f]+-a)'\/>/)
    #expect(names.count == 2)
    #expect(names.allSatisfy { $0.1 == $0.2 })
    #expect(names.first?.1 != names.last?.1)
    #expect(!page.contains("<?xml"))
  }

  @Test func anErrorIsMarked() throws {
    let page = try Recorded.script("print 1\nassert 1 > 2\n").file(.html)
    #expect(page.contains("<div class=\"failure\" role=\"group\" aria-label=\"error\">"))
    #expect(page.contains("1 &gt; 2 does not hold"))
  }

  @Test(arguments: oddScripts + exampleScripts + ["print \"a", "$", "a=b", "let x = \"\\", "\"\\"])
  func colouringShowsAllOfTheStatementsAndNothingElse(_ source: String) {
    let html = CodeColouring.html(of: source)
    let text = html.replacing(/<\/?span[^>]*>/, with: "").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
    let visible = String.UnicodeScalarView(
      source.unicodeScalars.map {
        $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" ? "\u{FFFD}" : $0
      })
    #expect(text == String(visible))
  }

  @Test func colouringTellsPiecesApart() {
    #expect(
      CodeColouring.html(of: "train 5 lr=1e-3 # c\nlet r = evaluate; print \"x {$r}\"")
        == "<span class=\"command\">train</span> <span class=\"number\">5</span> "
        + "<span class=\"option\">lr</span>=<span class=\"number\">1e-3</span> "
        + "<span class=\"comment\"># c</span>\n<span class=\"command\">let</span> r = evaluate; "
        + "<span class=\"command\">print</span> <span class=\"text\">&quot;x {$r}&quot;</span>")
  }
}
