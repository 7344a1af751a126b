import GFNLanguage

/// Figures of every kind, ordinary and degenerate.
enum Gallery {
  static let curves = LineChart(
    xLabel: "step", yLabel: "tv",
    [
      .init("RL-G", (0...40).map { .init(Double($0) * 10, 0.05 + 0.9 / (1 + 0.2 * Double($0))) }),
      .init("TB-U", (0...40).map { .init(Double($0) * 10, 0.2 + 0.7 / (1 + 0.1 * Double($0))) }),
    ])

  static let spread = LineChart(
    xLabel: "n", yLabel: "log_z",
    [.init("mean", (1...6).map { .init(Double($0), 3.75 - 1 / Double($0), error: 0.3) })],
    reference: 3.75)

  static let logarithmic = LineChart(
    xLabel: "step", yLabel: "loss",
    [.init("loss", (0...60).map { .init(Double($0), 100 / Double(1 + $0 * $0)) })],
    isLogarithmic: true)

  /// A grid of the corners' kind.
  static func grid(_ side: Int, _ title: String = "target", scale: HeatMap.Scale? = nil) -> HeatMap
  {
    let values = (0..<(side * side)).map { cell -> Double in
      let part = [cell / side, cell % side].map {
        abs(Double($0) / Double(max(side - 1, 1)) - 0.5)
      }
      return 0.1 + (part.allSatisfy { $0 > 0.25 } ? 0.5 : 0)
        + (part.allSatisfy { $0 > 0.3 && $0 < 0.4 } ? 2 : 0)
    }
    return HeatMap(
      title, rows: side, columns: side, values, scale: scale ?? .sequential(low: 0, high: 2.6),
      xLabel: "x0", yLabel: "x1")
  }

  static func difference(_ side: Int) -> HeatMap {
    HeatMap(
      "learned − target", rows: side, columns: side,
      (0..<(side * side)).map { Double($0 / side - $0 % side) / Double(side) },
      scale: .diverging(limit: 1), xLabel: "x0", yLabel: "x1")
  }

  static let matrix: HeatMap = {
    let names = ["Raf", "Mek", "Plcg", "PIP2", "PIP3"]
    return HeatMap(
      "learned", rows: 5, columns: 5, (0..<25).map { Double($0) / 25 },
      scale: .sequential(low: 0, high: 1), startsOnTop: true, xLabel: "effect", yLabel: "cause",
      rowLabels: names, columnLabels: names, marks: [1, 7])
  }()

  static let policy = PolicyField(
    rows: 4, columns: 5,
    (0..<20).map { cell in
      let (row, column) = (cell / 5, cell % 5)
      if row == 3, column == 4 { return .init(right: 0, up: 0, stop: 1) }
      return .init(
        right: column == 4 ? 0 : Double(4 - column), up: row == 3 ? 0 : Double(3 - row), stop: 0.1)
    }, xLabel: "x0", yLabel: "x1")

  static let graph = LayeredGraph(
    nodes: [
      .init("s0", layer: 0, flow: 6), .init("a", layer: 1, flow: 3.75),
      .init("b", layer: 1, flow: 2.25),
      .init("c", layer: 2, flow: 2, reward: 2), .init("d", layer: 2, flow: 3, reward: 3),
      .init("e", layer: 3, flow: 1, reward: 1),
    ],
    edges: [
      .init(from: 0, to: 1, probability: 0.625), .init(from: 0, to: 2, probability: 0.375),
      .init(from: 1, to: 3, probability: 0.4), .init(from: 1, to: 4, probability: 0.6),
      .init(from: 2, to: 3, probability: 0.2), .init(from: 2, to: 5, probability: 0.8),
      .init(from: 0, to: 5, probability: 0.01),
    ])

  static let logo = SequenceLogo(
    "target",
    places: (0..<8).map { place in
      let height = 2 * Double(place) / 8
      return [
        .init("C", height: 0.1 * height), .init("G", height: 0.3 * height),
        .init(["A", "T", "C"][place % 3], height: 0.6 * height),
      ]
    }, limit: 2, alphabet: ["A", "C", "G", "T"])

  static let histogram = BarChart(
    xLabel: "reward", yLabel: "share", labels: ["0.1", "0.6", "2.6"],
    [.init("target", [0.4, 0.35, 0.25]), .init("learned", [0.41, 0.39, 0.2])])

  static let bins = BarChart(
    xLabel: "length", yLabel: "share", labels: (0..<30).map(String.init),
    [.init("learned", (0..<30).map { Double($0 * (30 - $0)) / 4500 })])

  static let ordinary: [Figure] = [
    Figure("TV", .lines([curves])),
    Figure("the run", .lines([curves, spread, logarithmic]), notes: ["exact up to 65,536 states"]),
    Figure("rewards", .bars([histogram])), Figure("lengths", .bars([bins])),
    Figure("step 437", .heatMaps([grid(16), grid(16, "learned"), difference(16)])),
    Figure("small", .heatMaps([grid(4)])), Figure("large", .heatMaps([grid(100), grid(100, "b")])),
    Figure("edges", .heatMaps([matrix])), Figure("policy", .arrows(policy)),
    Figure("graph", .graph(graph)), Figure("logos", .logos([logo])),
  ]

  static let degenerate: [Figure] = {
    let odd = [0, -1, 1e308, -1e308, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 4e-308]
    func chart(_ values: [Double], isLogarithmic: Bool = false) -> LineChart {
      LineChart(
        xLabel: "", yLabel: "", [.init("", values.map { .init($0, $0, error: $0) })],
        isLogarithmic: isLogarithmic, reference: values.first)
    }
    func map(_ rows: Int, _ columns: Int, _ values: [Double], _ scale: HeatMap.Scale) -> HeatMap {
      HeatMap("", rows: rows, columns: columns, values, scale: scale, xLabel: "", yLabel: "")
    }
    let scales: [HeatMap.Scale] = [
      .sequential(low: 0, high: 0), .sequential(low: .nan, high: .infinity), .diverging(limit: 0),
      .diverging(limit: 1e308), .diverging(limit: .nan), .sequential(low: 3, high: -3),
    ]
    let contents: [Figure.Content] =
      [
        .lines([]), .lines([chart([])]), .lines([chart(odd), chart(odd, isLogarithmic: true)]),
        .lines([chart([7, 7, 7])]), .lines([LineChart(xLabel: "x", yLabel: "y", [])]),
        .bars([]), .bars([BarChart(xLabel: "", yLabel: "", labels: [], [])]),
        .bars([
          BarChart(xLabel: "", yLabel: "", labels: ["a", "b"], [.init("", [1]), .init("", odd)])
        ]),
        .bars([
          BarChart(
            xLabel: "", yLabel: "", labels: odd.map { "\($0)" }, [.init("", odd)],
            isLogarithmic: true)
        ]),
        .bars([
          BarChart(
            xLabel: "x", yLabel: "y", labels: (0..<30).map { "\($0)" },
            [.init("", [Double](repeating: 0, count: 30))])
        ]),
        .heatMaps([]), .heatMaps([map(0, 0, [], .diverging(limit: 1))]),
        .heatMaps([map(2, 3, [1], .diverging(limit: 1))]),
        .heatMaps([map(1, 1000, [Double](repeating: 1, count: 1000), .sequential(low: 0, high: 1))]
        ),
        .heatMaps([
          map(1000, 1, [Double](repeating: .nan, count: 1000), .sequential(low: 0, high: 1))
        ]),
        .arrows(PolicyField(rows: 0, columns: 0, [], xLabel: "", yLabel: "")),
        .arrows(
          PolicyField(
            rows: 1, columns: 300,
            [PolicyField.Cell](repeating: .init(right: .nan, up: .infinity, stop: 0), count: 300),
            xLabel: "a long label of an axis", yLabel: "another long label of another axis")),
        .graph(LayeredGraph(nodes: [], edges: [.init(from: 0, to: 1)])),
        .graph(LayeredGraph(nodes: [.init("", layer: .min)], edges: [])),
        .graph(
          LayeredGraph(
            nodes: [
              .init("a", layer: 5), .init("語語語語語語語語", layer: .max, flow: .nan, reward: .infinity),
            ],
            edges: [
              .init(from: 1, to: 0), .init(from: 0, to: 9), .init(from: -1, to: 1),
              .init(from: 0, to: 1, probability: .nan),
            ])),
        .graph(
          LayeredGraph(
            nodes: (0..<300).map { .init("node \($0)", layer: $0 / 10) },
            edges: (0..<200).map { .init(from: $0, to: $0 + 10, probability: 0.5) })),
        .logos([]), .logos([SequenceLogo("", places: [], limit: 2, alphabet: [])]),
        .logos([
          SequenceLogo(
            "\u{1B}[2J", places: [[.init("", height: .nan), .init("語", height: .infinity)], []],
            limit: 0, alphabet: [])
        ]),
        .logos([
          SequenceLogo(
            "long", places: (0..<300).map { _ in [.init("A", height: 1)] }, limit: 2,
            alphabet: ["A"])
        ]),
      ] + scales.map { .heatMaps([map(3, 3, odd, $0)]) }
    return contents.map { Figure("degenerate \u{7} −", $0, notes: ["a note"]) }
  }()
}
