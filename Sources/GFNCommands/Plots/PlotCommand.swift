import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let plot = CommandSpec(
    "plot", group: .look, summary: "draw a picture: curves, heat maps, arrows, graphs, histograms",
    options: [
      Parameter("to", .path(.write), help: "a file for the picture: .svg, .png or .pdf")
    ],
    variants: PlotKind.all.map(\.variant),
    details: """
      A picture is a value: 'let p = plot learned' keeps it, a notebook shows it, to=FILE.svg writes it \
      (in place of showing it). Looking draws from a stream of its own and never changes later training.

      target, learned, error, flow and policy look at grids: axes= chooses the coordinates across and up, \
      the others are summed over or, with fixed=, held. graph shows small environments of any kind, logo \
      sequences, edges Bayesian networks; curve, histogram, compare and table work everywhere. What has too \
      many states to be listed is sampled, and a note says so.
      """,
    examples: [
      CommandExample("env hypergrid side=8; train 20 every=5; plot curve", "the run so far"),
      CommandExample("env hypergrid side=8; plot error", "target, learned and the difference"),
      CommandExample("env hypergrid side=8; plot policy", "arrows"),
      CommandExample(
        "env graph edges='s0 -> a b; a -> x; b -> x y' rewards='x 1; y 2'; plot graph", "flows"),
      CommandExample(
        "env hypergrid side=8; train 4 every=2; snapshot before\ntrain 4 every=2; "
          + "plot curve before now measure=loss", "two runs in one picture"),
      CommandExample(
        "for n in 1..4 { collect squares n=$n square=($n^2) }\nplot table $squares x=n y=square",
        "any table"),
    ],
    result: .open,
    judge: { _, name, value, span in
      guard name == "to", case .text(let path) = value else { return }
      _ = try FigureFile.format(of: path, at: span)
    },
    judgeAll: { _, arguments in
      guard arguments.variant == nil, !arguments.has("kind") else { return }
      throw arguments.error(
        "missing-argument", "'plot' needs a kind of picture",
        fix: "write one of " + PlotKind.all.map(\.variant.word).joined(separator: ", ")
          + ", as in 'plot curve'")
    }
  ) { session, arguments in
    guard let kind = PlotKind.all.first(where: { $0.variant.word == arguments.variant }) else {
      return .none
    }
    let file = try FigureFile(session, arguments)
    let figure = try kind.figure(session, arguments)
    guard let file else { return .figure(figure) }
    try file.write(figure)
    // Written, it is not shown too; who asks for its value gets it.
    return session.showsValues ? .none : .figure(figure)
  }
}
