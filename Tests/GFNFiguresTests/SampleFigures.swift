import GFNLanguage

/// A picture of every kind, small, with texts that a program would like to run.
enum SampleFigures {
  static let hostile = [
    "`touch gfn-was-here`", "'a'.system(\"touch gfn-was-here\").'",
    "\"; system 'touch gfn-was-here'",
    "@macro {/Bold x} a_1^2 ~b &{c}", "back\\slash \\n \\", "line\nbreak\u{0}\u{1B}[31m",
    "%s %d %n 100%", "</text><script>alert(1)</script>", "$data1 << END\nEND", "# no comment",
  ]

  static func lines(_ names: [String]) -> Figure {
    let series = names.enumerated().map { index, name in
      LineChart.Series(
        name,
        (0..<60).map { step in
          let y = 0.9 / (1 + Double(step) * 0.08 * Double(index + 1))
          return LineChart.Point(Double(step) * 50, y, error: index == 0 ? y * 0.2 : nil)
        })
    }
    let logZ = LineChart(
      xLabel: "step", yLabel: "log_z",
      [.init("now", [.init(0, 0), .init(100, .nan), .init(500, 1.2), .init(2950, 2.7)])],
      reference: 2.772)
    return Figure(
      "Total variation of " + (names.first ?? ""),
      .lines([LineChart(xLabel: "step", yLabel: "tv", series, isLogarithmic: true), logZ]),
      notes: ["the mean of five seeds and its deviation", names.last ?? ""])
  }

  static func bars(_ names: [String]) -> Figure {
    Figure(
      "Rewards",
      .bars([
        BarChart(
          xLabel: "reward", yLabel: "objects", labels: names,
          [
            .init("target", names.indices.map { Double(($0 * 7) % 11 + 1) }),
            .init("learned", names.indices.map { Double(($0 * 5) % 9) }),
          ])
      ]))
  }

  static func heatMaps(side: Int = 8) -> Figure {
    func map(_ title: String, _ scale: HeatMap.Scale, _ value: (Double, Double) -> Double)
      -> HeatMap
    {
      let values = (0..<(side * side)).map { index in
        value(
          Double(index % side) / Double(side - 1), Double(index / side) / Double(side - 1))
      }
      return HeatMap(
        title, rows: side, columns: side, values, scale: scale, xLabel: "x0", yLabel: "x1")
    }
    let scale = HeatMap.Scale.sequential(low: 0, high: 1)
    return Figure(
      "Target, learned and error",
      .heatMaps([
        map("target", scale) { x, y in x * y },
        map("learned", scale) { x, y in x > 0.9 && y > 0.9 ? .nan : 0.8 * x * y + 0.1 },
        map("learned − target", .diverging(limit: 0.2)) { x, y in 0.1 - 0.2 * x * y },
      ]), notes: ["dimensions 2 and 3 are summed"])
  }

  static func matrix(_ names: [String]) -> Figure {
    let count = names.count
    let values = (0..<(count * count)).map { index in
      index / count == index % count ? .nan : Double((index * 37) % 101) / 100
    }
    return Figure(
      "Edge marginals",
      .heatMaps([
        HeatMap(
          "", rows: count, columns: count, values, scale: .sequential(low: 0, high: 1),
          startsOnTop: true, xLabel: "child", yLabel: "parent", rowLabels: names,
          columnLabels: names, marks: [1, count + 2])
      ]), notes: ["framed: the edges of the true graph"])
  }

  static func arrows(side: Int = 8) -> Figure {
    let cells = (0..<(side * side)).map { index -> PolicyField.Cell in
      let (x, y) = (Double(index % side), Double(index / side))
      let stop = (x + y) / Double(3 * side)
      return .init(
        right: (1 - stop) * (y + 1) / (x + y + 2), up: (1 - stop) * (x + 1) / (x + y + 2),
        stop: stop)
    }
    return Figure(
      "π_F", .arrows(PolicyField(rows: side, columns: side, cells, xLabel: "x0", yLabel: "x1")))
  }

  static func graph(_ names: [String]) -> Figure {
    let nodes = [
      LayeredGraph.Node(names[0], layer: 0, flow: 6), .init(names[1], layer: 1, flow: 4),
      .init(names[2], layer: 1, flow: 2), .init("a, b", layer: 2, flow: 3, reward: 3),
      .init("a, c", layer: 2, flow: 2, reward: 2), .init("b, c", layer: 2, flow: 1, reward: 1),
    ]
    let edges = [
      LayeredGraph.Edge(from: 0, to: 1, probability: 0.667),
      .init(from: 0, to: 2, probability: 0.333),
      .init(from: 1, to: 3, probability: 0.5), .init(from: 1, to: 4, probability: 0.5),
      .init(from: 2, to: 3, probability: 0.5), .init(from: 2, to: 5, probability: 0.5),
    ]
    return Figure("Flows", .graph(LayeredGraph(nodes: nodes, edges: edges)))
  }

  static func logos(_ alphabet: [String]) -> Figure {
    func logo(_ title: String, _ sharpness: Double) -> SequenceLogo {
      SequenceLogo(
        title,
        places: (0..<8).map { place in
          alphabet.indices.map { letter in
            let height = Double((letter * 3 + place * 5) % 7) / 14 * sharpness
            return SequenceLogo.Letter(alphabet[letter], height: height)
          }.sorted { $0.height < $1.height }
        }, limit: 2, alphabet: alphabet)
    }
    return Figure("What binds", .logos([logo("target", 1), logo("learned", 0.7)]))
  }

  /// One of each, named as the terminal of a person would.
  static var usual: [(name: String, figure: Figure)] {
    [
      ("lines", lines(["TB", "RL-U, λ = 0.99", "TRPO"])), ("bars", bars((0..<20).map { "\($0)" })),
      ("maps", heatMaps()), ("large", heatMaps(side: 100)),
      ("matrix", matrix(["Raf", "Mek", "Plcg", "PIP2", "PIP3", "Erk", "Akt", "PKA"])),
      ("arrows", arrows()), ("graph", graph(["s0", "a", "b"])),
      ("logos", logos(["A", "C", "G", "T"])),
    ]
  }

  /// One of each with hostile names.
  static var adverse: [Figure] {
    var figures = [
      lines(hostile), bars(hostile), matrix(hostile), graph(hostile), logos(hostile), heatMaps(),
      arrows(),
    ]
    for index in figures.indices {
      figures[index].title = hostile[index]
      figures[index].notes = hostile
    }
    return figures
  }

  /// Of each kind one with nothing to show, and some whose numbers cannot be shown.
  static var empty: [Figure] {
    let contents: [Figure.Content] = [
      .lines([]), .lines([LineChart(xLabel: "", yLabel: "", [])]),
      .lines([
        LineChart(
          xLabel: "x", yLabel: "y",
          [.init("a", [.init(.nan, 1), .init(1, .infinity), .init(2, -1)])], isLogarithmic: true)
      ]),
      .lines([LineChart(xLabel: "x", yLabel: "y", [.init("a", [.init(1, 5)])])]),
      .lines([LineChart(xLabel: "x", yLabel: "y", [.init("a", [.init(1, 1e300), .init(2, 0)])])]),
      .lines([
        LineChart(xLabel: "x", yLabel: "y", [.init("a", [.init(1, 5)])], reference: .infinity)
      ]),
      .bars([]), .bars([BarChart(xLabel: "", yLabel: "", labels: [], [])]),
      .bars([BarChart(xLabel: "", yLabel: "", labels: ["a"], [.init("n", [0, 1])])]),
      .bars([
        BarChart(xLabel: "", yLabel: "", labels: ["a"], [.init("n", [0])], isLogarithmic: true)
      ]),
      .heatMaps([]),
      .heatMaps([
        HeatMap(
          "", rows: 0, columns: 0, [], scale: .diverging(limit: 0), xLabel: "", yLabel: "",
          marks: [0, -1])
      ]),
      .heatMaps([
        HeatMap(
          "", rows: 1, columns: 1, [.nan], scale: .sequential(low: 1, high: 1), xLabel: "",
          yLabel: "")
      ]),
      .heatMaps([
        HeatMap(
          "", rows: 2, columns: 2, [1], scale: .sequential(low: .nan, high: 1), xLabel: "",
          yLabel: "")
      ]),
      .arrows(PolicyField(rows: 0, columns: 0, [], xLabel: "", yLabel: "")),
      .arrows(
        PolicyField(
          rows: 1, columns: 1, [.init(right: .nan, up: 0, stop: 1)], xLabel: "", yLabel: "")),
      .graph(LayeredGraph(nodes: [], edges: [.init(from: 0, to: 3)])),
      .graph(LayeredGraph(nodes: [.init("s", layer: -3, flow: .nan)], edges: [])),
      .logos([]), .logos([SequenceLogo("", places: [], limit: 0, alphabet: [])]),
      .logos([SequenceLogo("", places: [[], [.init("A", height: .nan)]], limit: 2, alphabet: [])]),
    ]
    return contents.map { Figure("", $0) }
  }
}
