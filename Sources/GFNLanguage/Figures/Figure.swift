/// A picture as data: what `plot` returns. Renderers make coloured text, plain text, JSON or a file of it.
public struct Figure: Sendable {
  public enum Content: Sendable {
    /// Panels side by side or one above the other.
    case lines([LineChart])
    case bars([BarChart])
    case heatMaps([HeatMap])
    case arrows(PolicyField)
    case graph(LayeredGraph)
    case logos([SequenceLogo])
  }

  public var title: String
  public var content: Content
  /// Lines for a reader, shown below.
  public var notes: [String]

  public init(_ title: String, _ content: Content, notes: [String] = []) {
    self.title = title
    self.content = content
    self.notes = notes
  }
}

/// Numbers over numbers, as lines.
public struct LineChart: Sendable {
  public struct Point: Sendable {
    public var x: Double
    public var y: Double
    /// Half the length of the bar around `y`: a standard deviation or error.
    public var error: Double?

    public init(_ x: Double, _ y: Double, error: Double? = nil) {
      self.x = x
      self.y = y
      self.error = error
    }
  }

  public struct Series: Sendable {
    public var name: String
    /// In the order of `x`; points that are not finite are gaps.
    public var points: [Point]

    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  public var xLabel: String
  public var yLabel: String
  public var series: [Series]
  /// The y axis is logarithmic; what is not positive is left out.
  public var isLogarithmic: Bool
  /// A dashed horizontal line, as the exact log Z.
  public var reference: Double?
  /// What stands across at 1, 2 and so on, where that is no number; then no points are joined.
  public var names: [String]

  public init(
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
  public var spreadOut: LineChart {
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
public struct BarChart: Sendable {
  public struct Series: Sendable {
    public var name: String
    /// As many as there are labels.
    public var values: [Double]

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  public var xLabel: String
  public var yLabel: String
  public var labels: [String]
  public var series: [Series]
  public var isLogarithmic: Bool

  public init(
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
public struct HeatMap: Sendable {
  public enum Scale: Sendable, Equatable {
    /// From little to much.
    case sequential(low: Double, high: Double)
    /// Around zero, from −limit to limit.
    case diverging(limit: Double)
  }

  public var title: String
  public var rows: Int
  public var columns: Int
  /// `[rows, columns]`, row-major; nan where there is nothing.
  public var values: [Double]
  /// Row 0 is on top, as in a matrix; else it is at the bottom, as y = 0 of a grid is.
  public var startsOnTop: Bool
  public var scale: Scale
  public var xLabel: String
  public var yLabel: String
  /// Names of the rows and columns; empty where they are numbered from 0.
  public var rowLabels: [String]
  public var columnLabels: [String]
  /// Indices of cells that are marked, as the edges of the true graph.
  public var marks: [Int]

  public init(
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
public struct PolicyField: Sendable {
  public struct Cell: Sendable {
    public var right: Double
    public var up: Double
    public var stop: Double

    public init(right: Double, up: Double, stop: Double) {
      self.right = right
      self.up = up
      self.stop = stop
    }
  }

  public var rows: Int
  public var columns: Int
  /// `[rows, columns]`, row-major, row 0 at the bottom.
  public var cells: [Cell]
  public var xLabel: String
  public var yLabel: String

  public init(rows: Int, columns: Int, _ cells: [Cell], xLabel: String, yLabel: String) {
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.xLabel = xLabel
    self.yLabel = yLabel
  }
}

/// A directed acyclic graph in layers.
public struct LayeredGraph: Sendable {
  public struct Node: Sendable {
    public var label: String
    /// From 0; edges lead to higher layers.
    public var layer: Int
    /// The flow through it.
    public var flow: Double?
    /// The reward, where a trajectory may end.
    public var reward: Double?

    public init(_ label: String, layer: Int, flow: Double? = nil, reward: Double? = nil) {
      self.label = label
      self.layer = layer
      self.flow = flow
      self.reward = reward
    }
  }

  public struct Edge: Sendable {
    /// Indices of nodes.
    public var from: Int
    public var to: Int
    /// π_F of the edge.
    public var probability: Double?

    public init(from: Int, to: Int, probability: Double? = nil) {
      self.from = from
      self.to = to
      self.probability = probability
    }
  }

  public var nodes: [Node]
  public var edges: [Edge]

  public init(nodes: [Node], edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges
  }
}

/// How much each letter stands out at each place of a sequence (Schneider and Stephens, 1990): the
/// height of a place is its information, log2 of the alphabet's size minus the entropy, and its letters
/// share it by their frequencies.
public struct SequenceLogo: Sendable {
  public struct Letter: Sendable {
    public var letter: String
    /// In bits.
    public var height: Double

    public init(_ letter: String, height: Double) {
      self.letter = letter
      self.height = height
    }
  }

  public var title: String
  /// One a place, each from the lowest letter to the highest.
  public var places: [[Letter]]
  /// The greatest information a place can have, in bits.
  public var limit: Double
  /// All letters in their order, by which they are coloured.
  public var alphabet: [String]

  public init(_ title: String, places: [[Letter]], limit: Double, alphabet: [String]) {
    self.title = title
    self.places = places
    self.limit = limit
    self.alphabet = alphabet
  }
}
