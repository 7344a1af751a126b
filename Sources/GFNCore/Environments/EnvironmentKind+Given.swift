import GFNParameters

extension EnvironmentKind {
  /// What every kind takes, where it does not take something else by that name.
  static func givenParameters(formulasOver variables: [String]) -> [Parameter] {
    [
      Parameter("reward", .formula(variables: variables), help: "the reward by a formula"),
      Parameter(
        "rewards", .path(.read), help: "a table of objects and scores: .tsv, .csv or .jsonl"),
      Parameter("missing", .number(.any), help: "the score of what the table does not list"),
      Parameter(
        "program", .text,
        help: "a program that scores objects, as \"python3 score.py\" (help programs)"),
      Parameter(
        "workers", .integer(1...256), default: 1, help: "copies of the program that score at once"),
      Parameter(
        "cache", .path(.extend), help: "a file that keeps the program's scores from run to run"),
      Parameter(
        "timeout", .number(.positive), default: 60, unit: "s",
        help: "silence after which the program counts as hanging"),
      Parameter(
        "returns",
        .enumeration([
          Choice("reward", "R, not negative"), Choice("log_reward", "log R"),
          Choice("score", "a score, which min=, exponent= and sigmoid= make a reward"),
        ]), default: "reward", help: "what the program answers"),
      Parameter("exponent", .number(.positive), default: 1, help: "power of the score"),
      Parameter(
        "max", .either([.number(.positive), .enumeration([Choice("none", "do not scale")])]),
        default: "none", help: "the greatest reward of a table"),
      Parameter(
        "min", .number(.nonNegative), default: .described("none"),
        help: "scores are raised to at least this"),
      Parameter(
        "normalize",
        .enumeration([
          Choice("none", "scores as they are"), Choice("minmax", "scores scaled to 0…1 first"),
        ]), default: "none", help: "what happens to the scores of a table first"),
      Parameter(
        "sigmoid", .number(.nonNegative), default: 0,
        help: "then y becomes 1/(1 + exp(−sigmoid·y)); 0 leaves it as it is"),
      Parameter(
        "modes", .formula(variables: variables), help: "a condition that holds in the modes"),
    ]
  }
}
