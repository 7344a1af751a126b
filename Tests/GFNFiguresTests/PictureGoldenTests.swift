import GFNLanguage
import Testing

@testable import GFNFigures

/// Pictures in black and white, as they are read.
@Suite struct PictureGoldenTests {
  private func text(_ figure: Figure, isASCII: Bool = false) -> String {
    PictureText.lines(of: figure, PictureStyle(isASCII: isASCII)).joined(separator: "\n")
  }

  @Test func linesAreToldApartByLetters() {
    #expect(
      text(Figure("TV", .lines([Gallery.curves])), isASCII: true) == #"""
        TV
        tv
        1.0 +
            |a
            |bbb
        0.8 +  abb
            |   a bb
            |    a  bbbbb
        0.6 +     aa     bbbbbb
            |       a          bbbbbbb
            |        aaaa             bbbbbbbbbbb
        0.4 +            aaaaaa                  bbbbbbbbbbbbbbbbbbbbbb
            |                  aaaaa                                   bbbbbbbbbbbbbbbbb
            |                       aaaaaaaaaaaaa
        0.2 +                                    aaaaaaaaaaaaaaaaaaaaaaaaaa
            |                                                              aaaaaaaaaaaaa
            |
        0.0 +
            ++--------+---------+--------+--------+--------+---------+--------+--------+
             0       50        100      150      200      250       300      350     400
                                                step
         a RL-G   b TB-U
        """#)
  }

  @Test func barsOfSeveralSeriesHaveTheirOwnFilling() {
    #expect(
      text(Figure("rewards", .bars([Gallery.histogram]))) == """
        rewards
        reward · share
        0.1▕███████████████████████████████████████████████████████████████████ 0.4
           ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 0.41
        0.6▕███████████████████████████████████████████████████████████ 0.35
           ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 0.39
        2.6▕██████████████████████████████████████████ 0.25
           ▕▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 0.2
         ██ target   ▒▒ learned
        """)
  }

  @Test func matricesShowTheirNumbersAndMarks() {
    #expect(
      text(Figure("edges", .heatMaps([Gallery.matrix]))) == """
        edges
        learned
                Raf   Mek  Plcg  PIP2  PIP3
        Raf   0.00  0.04* 0.08  0.12  0.16
        Mek   0.20  0.24  0.28* 0.32  0.36
        Plcg  0.40  0.44  0.48  0.52  0.56
        PIP2  0.60  0.64  0.68  0.72  0.76
        PIP3  0.80  0.84  0.88  0.92  0.96
             effect →, cause ↓
        0 ···░░░░░░▒▒▒▒▒▒▓▓▓▓▓▓███ 1
        """)
  }

  @Test func namesStandBelowTheirPoints() {
    let chart = LineChart(
      xLabel: "method", yLabel: "tv",
      [.init("tv", [.init(1, 2, error: 1), .init(2, 3), .init(3, 1)])], names: ["TB", "RL", "FM"])
    let style = PictureStyle(isASCII: true, width: 28)
    #expect(
      PictureText.lines(of: Figure("", .lines([chart])), style).joined(separator: "\n") == """
        tv
        4 +
          |
          |    |       *
        2 +    |
          |    *
          |    |               *
          |
        0 +
          +----+-------+-------+----
              TB      RL      FM
                    method
        """)
  }

  @Test(arguments: [22, 30, 60])
  func aLimitedHeightIsKept(_ height: Int) {
    let curve = LineChart(
      xLabel: "step", yLabel: "y", [.init("a", [.init(0, 0), .init(9, 1)])], reference: 1)
    let map = HeatMap(
      "target", rows: 20, columns: 20, (0..<400).map(Double.init),
      scale: .sequential(low: 0, high: 399), xLabel: "x0", yLabel: "x1")
    let style = PictureStyle(colours: .true24, width: 79, height: height)
    for content in [
      Figure.Content.lines([curve, curve, curve]), .heatMaps([map, map]),
    ] {
      #expect(PictureText.lines(of: Figure("title", content), style).count <= height)
    }
  }

  @Test func betweenWholeNumbersNoneIsNamed() {
    let chart = LineChart(xLabel: "n", yLabel: "y", [.init("y", [.init(1, 0), .init(3, 1)])])
    let lines = PictureText.lines(of: Figure("", .lines([chart])), PictureStyle(width: 60))
    #expect(
      lines.contains { $0.split(separator: " ").map(String.init) == ["1", "2", "3"] })
  }

  @Test func aPolicyOfOneCoordinateKnowsNoUp() {
    let field = PolicyField(
      rows: 1, columns: 3,
      [Double](arrayLiteral: 1, 1, 0).map { .init(right: $0, up: 0, stop: 1 - $0) },
      xLabel: "x0", yLabel: "")
    #expect(
      text(Figure("policy", .arrows(field))) == """
        policy
        0 → → •
          0 1 2
          x0 →
        → right   • mostly stop
        """)
  }

  @Test func anEdgeOverALayerGoesAroundItsNodes() {
    let ways = GraphWays(layers: [[(0, 0)], [(10, 5), (10, -5)], [(20, 10), (20, 0)]], 10)
    // Straight on it would go through the node at (10, 5).
    let corners = ways.corners(from: (0, 0), to: (20, 10), 0, 2)
    #expect(corners.map(\.x) == [10] && corners.map(\.y) == [10])
    #expect(ways.corners(from: (0, 0), to: (20, 0), 0, 2).isEmpty)
  }

  @Test func arrowsPointWhereThePolicyGoes() {
    #expect(
      text(Figure("policy", .arrows(Gallery.policy))) == """
        policy
          → → → → •
        2 → → ↗ ↗ ↑
          ↗ ↗ ↗ ↗ ↑
        0 ↗ ↗ ↗ ↑ ↑
          0 1 2 3 4
          x0 →, x1 ↑
        → right   ↑ up   ↗ either   • mostly stop
        """)
  }

  @Test func edgesOfASmallGraphAreLines() {
    #expect(
      text(Figure("graph", .graph(Gallery.graph))) == """
        graph
                               ┌────────┐                ┌─────┐
                             ⣀▸│ a      │⢤⠤⣀⣀⣀0.60       │ d   │
                          ⣀⠔⠊  │ F 3.75 │ ⠑⢄   ⠉⠉⠉⠑⠒⠒⠒⠢⠤▸│ F 3 │
                       ⣀⠔⠊     └────────┘   ⠑⠢⡀          │ R 3 │
                    0.62                      0.40       └─────┘
        ┌─────┐  ⣀⠔⠊                            ⠈⠢⡀                             ┌─────┐
        │ s0  │⢴⣊⣀                                ⠈⠢⣀    ┌─────┐                │ e   │
        │ F 6 │ ⠑⢄⠉⠉0.38⣀⡀     ┌────────┐            ⠑⢄  │ c   │              ⣀▸│ F 1 │
        └─────┘   ⠑⠢⡀    ⠈⠉⠑⠒⠢▸│ b      │⢤⡤⠤⠤⠤0.20⠤⠤⠤⠤⠤⠵▸│ F 2 │           ⣀⢔⠞⠁ │ R 1 │
                    0.01       │ F 2.25 │ ⠈⠑⠢⢄⡀          │ R 2 │        ⣀⠔⡪⠒⠁   └─────┘
                      ⠈⠢⡀      └────────┘     0.80       └─────┘     ⣀⠔⠊⡠⠊
                        ⠈⠢⣀                       ⠉⠒⠤⣀            ⣀⠔⠊ ⡠⠊
                           ⠑⢄                         ⠉⠒⠤⠤⠤⠤⠤⠤⠤⠤⠔⠊ ⢀⡠⠊
                             ⠑⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀                  ⢀⠔⠁
                                               ⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤⠤⠔⠁
        F is the flow, R the reward, on the lines stands π_F
        """)
  }

  @Test func lettersAreAsHighAsTheirInformation() {
    #expect(
      text(Figure("logos", .logos([Gallery.logo]))) == """
        logos
        target
           2│
            │                     TT
            │                  AA TT
        bits│               CC AA TT
            │            TT CC AA TT
            │         AA TT CC AA GG
            │      CC AA GG GG GG GG
           0│   TT GG GG GG GG CC CC
            └────────────────────────
             0  1  2  3  4  5  6  7
        """)
  }

  @Test func theSignOfADifferenceIsSeenWithoutColours() {
    let map = HeatMap(
      "d", rows: 2, columns: 3, [-1, -0.5, 0, 0.4, 1, .nan], scale: .diverging(limit: 1),
      xLabel: "x", yLabel: "y")
    let lines = PictureText.lines(
      of: Figure("", .heatMaps([map])), PictureStyle(isASCII: true, width: 12))
    #expect(lines.prefix(5) == ["d", "  ++##", "0 %%==..", "  0 1 2", "  x right,.."])
  }

  @Test func aLargeGraphIsAList() {
    let graph = LayeredGraph(
      nodes: (0..<20).map { .init("n\($0)", layer: $0 / 4, flow: Double($0)) },
      edges: [.init(from: 0, to: 4, probability: 0.4), .init(from: 0, to: 5, probability: 0.6)])
    let lines = PictureText.lines(of: Figure("", .graph(graph)), PictureStyle())
    #expect(lines[..<2] == ["layer 0", "  n0 (flow 0) → n4 0.40, n5 0.60"])
    #expect(lines.count == 25)
  }
}
