/// Describes one argument of a command, an environment or a method, as data: help, usage errors,
/// completion, the static check and the reference are all generated from it.
package struct Parameter: Sendable {
  package var name: String
  package var kind: ParameterKind
  /// What holds where the argument is not given.
  package var standard: ParameterDefault?
  package var unit: String?
  /// One line, lower case, no full stop.
  package var help: String
  package var isRequired: Bool
  /// Takes every remaining positional argument.
  package var isVariadic: Bool

  package init(
    _ name: String, _ kind: ParameterKind, default standard: ParameterDefault? = nil,
    unit: String? = nil,
    help: String, required isRequired: Bool = false, variadic isVariadic: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.unit = unit
    self.help = help
    self.isRequired = isRequired
    self.isVariadic = isVariadic
  }
}

/// The type and range of an argument.
package indirect enum ParameterKind: Sendable {
  /// An integer; `1e4` and `10_000` are accepted spellings.
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  case boolean
  /// A word or a quoted text.
  case text
  /// One of the words, whatever its case.
  case enumeration([Choice])
  case path(PathUse)
  /// A state of the environment: a list, a number or a word.
  case state
  /// A text in the expression grammar over these bare names.
  case formula(variables: [String])
  case list(ParameterKind)
  /// The first kind that fits: `log_z=auto` or `log_z=0.7`.
  case either([ParameterKind])
  /// Any value, evaluated.
  case any
  /// The name of a snapshot.
  case snapshot
}

package struct Choice: Sendable {
  package var word: String
  package var help: String

  package init(_ word: String, _ help: String) {
    self.word = word
    self.help = help
  }
}

package enum PathUse: Sendable {
  case read
  /// A file that is replaced.
  case write
  /// A file or a folder that is gone on with.
  case extend
}

/// An interval of real numbers whose ends may be excluded.
package struct NumberRange: Sendable {
  package var lower: Double
  package var upper: Double
  package var excludesLower: Bool
  package var excludesUpper: Bool

  package init(
    _ lower: Double, _ upper: Double, excludesLower: Bool = false, excludesUpper: Bool = false
  ) {
    self.lower = lower
    self.upper = upper
    self.excludesLower = excludesLower
    self.excludesUpper = excludesUpper
  }

  package static let any = NumberRange(-.infinity, .infinity)
  package static let positive = NumberRange(0, .infinity, excludesLower: true)
  package static let nonNegative = NumberRange(0, .infinity)
  package static let unit = NumberRange(0, 1)

  package func contains(_ value: Double) -> Bool {
    (excludesLower ? value > lower : value >= lower)
      && (excludesUpper ? value < upper : value <= upper)
  }
}
