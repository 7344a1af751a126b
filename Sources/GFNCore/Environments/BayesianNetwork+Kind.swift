import GFNParameters
import Glibc

extension BayesianNetwork {
  /// What an edge is worth with prior=edge unless it is said: half.

  static func prior(_ options: Options) throws -> GraphPrior {
    let name = options.text("prior", of: .bayesnet)
    if options["beta"] != nil, name != "edge" {
      throw CoreError.option(name: "beta", reason: "means something with prior=edge only")
    }
    switch name {
    case "edge": return .edge(logBeta: log(options.number("beta", of: .bayesnet)))
    case "fair": return .fair
    default: return .uniform
    }
  }
}

extension EnvironmentKind {
  /// Beyond these, scores are no numbers in floating point.
  private static let hyperparameters = NumberRange(1e-9, 1e9)
  private static let temperatures = NumberRange(1e-6, 1e9)

  static let bayesnet = EnvironmentKind(
    name: "bayesnet",
    summary: "the graphs of a Bayesian network on the variables of a data set",
    parameters: [
      Parameter(
        "data", .path(.read), help: "table of numbers, the first line names the variables",
        required: true),
      Parameter(
        "score", .enumeration([Choice("bge", "Bayesian Gaussian equivalent, linear relations")]),
        default: "bge", help: "how a graph explains the data"),
      Parameter(
        "prior",
        .enumeration([
          Choice("uniform", "every graph alike"),
          Choice("edge", "every edge multiplies by beta"),
          Choice("fair", "every number of parents alike: 1/C(n−1, l) for each variable"),
        ]), default: "uniform", help: "what graphs are worth before the data"),
      Parameter(
        "beta", .number(.positive), default: 0.5, help: "factor of an edge (prior=edge)"),
      Parameter(
        "max_parents", .integer(1...63), default: .described("all others"),
        help: "most parents of a variable"),
      Parameter(
        "alpha_mu", .number(hyperparameters), default: 1, help: "weight of the prior mean (bge)"),
      Parameter(
        "alpha_w", .number(hyperparameters), default: .described("n + 2"),
        help: "degrees of freedom of the prior, above n + 1 (bge)"),
      Parameter(
        "transform",
        .enumeration([
          Choice("none", "numbers as they are"), Choice("log", "their natural logarithms"),
        ]), default: "none", help: "what happens to the numbers first"),
      Parameter(
        "standardize", .boolean, default: false,
        help: "then give every column mean 0 and deviation 1, over N − 1"),
      Parameter(
        "rows", .list(.integer(1...(1 << 40))), default: .described("all"),
        help: "data rows to use, from 1: 1..853"),
      Parameter("temperature", .number(temperatures), default: 1, help: "divides log R"),
      clip,
    ],
    rewardParameters: [
      "score", "prior", "beta", "alpha_mu", "alpha_w", "transform", "standardize", "rows",
      "temperature", "clip",
    ],
    formulasOver: ["x"],
    details: """
      A state is a directed acyclic graph, written "0>1 1>2" or with names, "PKA>P38", or empty; \
      an action adds an edge that closes no cycle, or exits, anywhere. \
      log R = (score − score of the empty graph + log prior) / temperature; R itself may be too large \
      to show, so log R is shown. Up to 5 variables the 29,281 graphs are enumerated. The guide holds \
      exits back where log R ≤ threshold, 0 unless said otherwise. Many rows make log R range over \
      hundreds of nats, which training reaches from afar only: begin with a temperature that brings it to \
      some tens, with 'method … log_z=auto' and 'optimizer lr_z=1'.
      """,
    make: { options, read in try BayesianNetwork(options, read) })
}
