import GFNCore
import GFNLanguage
import GFNParameters

/// A kind of `plot`: what it takes, and how its picture is made.
struct PlotKind: Sendable {
  var variant: CommandVariant
  var figure: @Sendable (Session, Arguments) throws -> Figure

  static let all: [PlotKind] =
    [PlotKind(variant: curve) { try CurvePlot($0, $1).figure() }]
    + grids.map { variant in PlotKind(variant: variant) { try GridPlot($0, $1).figure() } } + [
      PlotKind(variant: graph) { try GraphPlot($0, $1).figure() },
      PlotKind(variant: histogram) { try HistogramPlot($0, $1).figure() },
      PlotKind(variant: compare) { try ComparisonPlot($0, $1).figure() },
      PlotKind(variant: logo) { try LogoPlot($0, $1).figure() },
      PlotKind(variant: edges) { try $0.edgesFigure($1) },
      PlotKind(variant: table) { try TablePlot($0, $1).figure() },
    ]

  /// Objects that are drawn where nobody says how many.
  static let usualSamples = 1000

  private static let axes = Parameter(
    "axes", .list(.integer(0...1023)), default: .described("(0, 1)"),
    help: "the coordinates across and up; one makes a curve")
  private static let fixed = Parameter(
    "fixed", .list(.integer(0...(1 << 24))), default: .described("summed over"),
    help: "values of the other coordinates, in their order")
  private static let samples = Parameter(
    "samples", .integer(2...10_000_000),
    default: .described("exact, or \(usualSamples) where too many states"),
    unit: "objects", help: "look at this many draws of the learned policy")

  private static let curve = CommandVariant(
    "curve", summary: "what training measured, by step",
    positionals: [
      Parameter(
        "NAMES",
        .either([.enumeration([Choice("now", "the present state")]), .snapshot]),
        default: "now", help: "snapshots to compare, or now", variadic: true)
    ],
    options: [
      Parameter(
        "measure",
        .list(.enumeration(Measure.choices)),
        default: .described("[tv, jsd, loss, log_z], what was measured"),
        help: "what to draw, a panel each")
    ],
    details: """
      The rows that 'train' measured since 'env' or 'reset', however many 'train's it took, and the steps of \
      'step'. tv and jsd share a panel; log_z has the exact log Z as a dashed line where it can be worked out.
      """)

  private static let grids = [
    CommandVariant(
      "target", summary: "P* of a grid as a heat map", options: [axes, fixed]),
    CommandVariant(
      "learned", summary: "P_F of a grid as a heat map", options: [axes, fixed, samples]),
    CommandVariant(
      "error", summary: "target, learned and learned − target of a grid, side by side",
      options: [axes, fixed, samples]),
    CommandVariant(
      "flow", summary: "log10 of the learned flow through the states of a grid",
      options: [axes, fixed],
      details: """
        F(s) is what 'inspect' shows: the learned state flow where the objective has one (db, subtb, fm), \
        else Z times the probability that a trajectory passes, with the learned Z.
        """),
    CommandVariant(
      "policy", summary: "where π_F goes on a grid, as arrows", options: [axes, fixed],
      details: """
        Where other coordinates are not fixed, π_F is averaged over them, weighted by how probable a visit \
        is.
        """),
  ]

  private static let graph = CommandVariant(
    "graph", summary: "a small environment's graph in layers, with flows and probabilities",
    details: """
      Up to \(GraphPlot.mostNodes) states. Each node with its flow and its reward, each edge with π_F; what \
      is left to 1 is the probability of stopping.
      """)

  private static let histogram = CommandVariant(
    "histogram", summary: "how rewards, errors or lengths are distributed",
    options: [
      Parameter(
        "of",
        .enumeration([
          Choice("reward", "the mass of target and learned by R(x), or log R(x)"),
          Choice("error", "learned − target over all objects"),
          Choice("length", "actions in a trajectory"),
        ]), default: "reward", help: "what is counted"),
      Parameter("bins", .integer(1...1000), default: 20, help: "how many bars at most"),
      samples,
    ])

  private static let compare = CommandVariant(
    "compare", summary: "the variants of a 'compare', with their spread over seeds",
    positionals: [
      Parameter(
        "FROM", .either([.path(.read), .any]),
        help: "the table that 'compare' returned, or the folder of its to=", required: true)
    ],
    options: [
      Parameter(
        "measure", .text, default: .described("the first there"), help: "the column that is drawn")
    ],
    details:
      "Mean and standard deviation over seeds: by step from a folder, at the end from a table.")

  private static let logo = CommandVariant(
    "logo", summary: "target and learned letters of sequences, place by place", options: [samples],
    details: """
      A place is as high as it is informative, in bits (Schneider and Stephens, 1990); its letters share \
      the height by their probabilities.
      """)

  private static let edges = CommandVariant(
    "edges", summary: "how probable each edge of a bayesnet is, as a matrix",
    options: [
      Parameter(
        "samples", .integer(2...10_000_000),
        default: .described("exact, or \(usualSamples) where too many graphs"),
        unit: "graphs", help: "estimate by this many draws"),
      Parameter(
        "truth", .path(.read), help: "the true edges, which are marked: a table Cause,Effect"),
    ])

  private static let table = CommandVariant(
    "table", summary: "columns of any table, as lines or bars",
    positionals: [Parameter("TABLE", .any, help: "a table or a list of records", required: true)],
    options: [
      Parameter("x", .text, help: "the column across; texts make bars", required: true),
      Parameter("y", .list(.text), help: "the columns up", required: true),
      Parameter("by", .text, help: "a column that parts the rows into series"),
      Parameter(
        "error", .text,
        help: "the column of the error bars; sd is y_sd, or the spread of rows with the same x"),
    ],
    details: "Rows with the same x, in the same series, are averaged.")
}
