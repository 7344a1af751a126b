/// A picture as data: what `plot` returns. Renderers make coloured text, plain text, JSON or a file of it.
package struct Figure: Sendable {
  package enum Content: Sendable {
    /// Panels side by side or one above the other.
    case lines([LineChart])
    case bars([BarChart])
    case heatMaps([HeatMap])
    case arrows(PolicyField)
    case graph(LayeredGraph)
    case logos([SequenceLogo])
  }

  package var title: String
  package var content: Content
  /// Lines for a reader, shown below.
  package var notes: [String]

  package init(_ title: String, _ content: Content, notes: [String] = []) {
    self.title = title
    self.content = content
    self.notes = notes
  }
}

/// Numbers over numbers, as lines.
package struct LineChart: Sendable {
  package struct Point: Sendable {
    package var x: Double
    package var y: Double
    /// Half the length of the bar around `y`: a standard deviation or error.
    package var error: Double?

    package init(_ x: Double, _ y: Double, error: Double? = nil) {
      self.x = x
      self.y = y
      self.error = error
    }
  }

  package struct Series: Sendable {
    package var name: String
    /// In the order of `x`; points that are not finite are gaps.
    package var points: [Point]

    package init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  package var xLabel: String
  package var yLabel: String
  package var series: [Series]
  /// The y axis is logarithmic; what is not positive is left out.
  package var isLogarithmic: Bool
  /// A dashed horizontal line, as the exact log Z.
  package var reference: Double?
  /// What stands across at 1, 2 and so on, where that is no number; then no points are joined.
  package var names: [String]

  package init(
    xLabel: String, yLabel: String, _ series: [Series], isLogarithmic: Bool = false,
    reference: Double? = nil, names: [String] = []
  ) {
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.reference = reference
    self.names = names
  }

  /// The chart as it is drawn: at a name the points of several series stand side by side.
  package var spreadOut: LineChart {
    guard !names.isEmpty, series.count > 1 else { return self }
    var chart = self
    for place in series.indices {
      let shift = (Double(place) - Double(series.count - 1) / 2) * 0.5 / Double(series.count)
      for point in series[place].points.indices { chart.series[place].points[point].x += shift }
    }
    return chart
  }
}

/// A number for each of some labels, or several side by side: histograms.
package struct BarChart: Sendable {
  package struct Series: Sendable {
    package var name: String
    /// As many as there are labels.
    package var values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package var xLabel: String
  package var yLabel: String
  package var labels: [String]
  package var series: [Series]
  package var isLogarithmic: Bool

  package init(
    xLabel: String, yLabel: String, labels: [String], _ series: [Series],
    isLogarithmic: Bool = false
  ) {
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.labels = labels
    self.series = series
    self.isLogarithmic = isLogarithmic
  }
}

/// A number for every cell of a rectangle, as colours.
package struct HeatMap: Sendable {
  package enum Scale: Sendable, Equatable {
    /// From little to much.
    case sequential(low: Double, high: Double)
    /// Around zero, from −limit to limit.
    case diverging(limit: Double)
  }

  package var title: String
  package var rows: Int
  package var columns: Int
  /// `[rows, columns]`, row-major; nan where there is nothing.
  package var values: [Double]
  /// Row 0 is on top, as in a matrix; else it is at the bottom, as y = 0 of a grid is.
  package var startsOnTop: Bool
  package var scale: Scale
  package var xLabel: String
  package var yLabel: String
  /// Names of the rows and columns; empty where they are numbered from 0.
  package var rowLabels: [String]
  package var columnLabels: [String]
  /// Indices of cells that are marked, as the edges of the true graph.
  package var marks: [Int]

  package init(
    _ title: String, rows: Int, columns: Int, _ values: [Double], scale: Scale,
    startsOnTop: Bool = false, xLabel: String, yLabel: String, rowLabels: [String] = [],
    columnLabels: [String] = [], marks: [Int] = []
  ) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.values = values
    self.startsOnTop = startsOnTop
    self.scale = scale
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.marks = marks
  }
}

/// What a policy does in every cell of a grid: how probable it is to go right, to go up and to stop.
package struct PolicyField: Sendable {
  package struct Cell: Sendable {
    package var right: Double
    package var up: Double
    package var stop: Double

    package init(right: Double, up: Double, stop: Double) {
      self.right = right
      self.up = up
      self.stop = stop
    }
  }

  package var rows: Int
  package var columns: Int
  /// `[rows, columns]`, row-major, row 0 at the bottom.
  package var cells: [Cell]
  package var xLabel: String
  package var yLabel: String

  package init(rows: Int, columns: Int, _ cells: [Cell], xLabel: String, yLabel: String) {
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.xLabel = xLabel
    self.yLabel = yLabel
  }
}

/// A directed acyclic graph in layers.
package struct LayeredGraph: Sendable {
  package struct Node: Sendable {
    package var label: String
    /// From 0; edges lead to higher layers.
    package var layer: Int
    /// The flow through it.
    package var flow: Double?
    /// The reward, where a trajectory may end.
    package var reward: Double?

    package init(_ label: String, layer: Int, flow: Double? = nil, reward: Double? = nil) {
      self.label = label
      self.layer = layer
      self.flow = flow
      self.reward = reward
    }
  }

  package struct Edge: Sendable {
    /// Indices of nodes.
    package var from: Int
    package var to: Int
    /// π_F of the edge.
    package var probability: Double?

    package init(from: Int, to: Int, probability: Double? = nil) {
      self.from = from
      self.to = to
      self.probability = probability
    }
  }

  package var nodes: [Node]
  package var edges: [Edge]

  package init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges
  }
}

/// How much each letter stands out at each place of a sequence (Schneider and Stephens, 1990): the
/// height of a place is its information, log2 of the alphabet's size minus the entropy, and its letters
/// share it by their frequencies.
package struct SequenceLogo: Sendable {
  package struct Letter: Sendable {
    package var letter: String
    /// In bits.
    package var height: Double

    package init(_ letter: String, height: Double) {
      self.letter = letter
      self.height = height
    }
  }

  package var title: String
  /// One a place, each from the lowest letter to the highest.
  package var places: [[Letter]]
  /// The greatest information a place can have, in bits.
  package var limit: Double
  /// All letters in their order, by which they are coloured.
  package var alphabet: [String]

  package init(_ title: String, places: [[Letter]], limit: Double, alphabet: [String]) {
    self.title = title
    self.places = places
    self.limit = limit
    self.alphabet = alphabet
  }
}
