import GFNFigures

/// What stands above the first prompt.
enum FirstScreen {
  static let short = [
    StyledLine("gfn: 'help' lists the commands, 'lesson' the lessons, Tab completes, Ctrl-D leaves")
  ]

  /// For a user without a history.
  static var long: [StyledLine] {
    let steps = [
      ("env hypergrid dim=2 side=16", "a grid whose corners are rewarded"),
      ("method RL-G", "policy gradients with a guided backward policy"),
      ("train 500 watch=learned", "500 updates before your eyes; Ctrl-C stops and keeps them"),
      ("evaluate", "how far the sampler is from its target"),
      ("trace", "one trajectory, step by step"),
    ]
    let width = steps.map(\.0.count).max() ?? 0
    let introduction = "A first session with generative flow networks, line by line:"
    let remarks = [
      "'help' lists the commands, 'help train' or '?train' explains one, Tab completes.",
      "'lesson' lists ten lessons, from flows on six nodes to learning a Bayesian network.",
      "Ctrl-C stops a command, Ctrl-D or 'exit' leaves.",
    ]
    return [StyledLine(introduction)]
      + steps.map { step, meaning in
        StyledLine("  ") + StyledLine(padded(step, to: width), .heading)
          + StyledLine("  \(meaning)")
      } + remarks.map { StyledLine($0) }
  }
}
