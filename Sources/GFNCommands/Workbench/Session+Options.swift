import GFNCore
import GFNLanguage
import GFNParameters

/// Starts programs for the core, whose closures may be called from any thread. Unchecked because this one is not:
/// an environment is made, and asks for its program, while a command runs, on the session's thread.
private struct ScorerStarter: @unchecked Sendable {
  let session: Session

  func start(_ request: ScoringRequest, at span: Span) throws -> any ObjectScorer {
    try session.startProgram(request, at: span)
  }
}

extension Session {
  func reader(_ arguments: Arguments) -> FileReader {
    let files = files
    let starter = ScorerStarter(session: self)
    return FileReader(
      { path in
        files.note(input: path, as: .data)
        return try files.read(path, at: arguments.span(ofFile: path))
      },
      mapping: { path in
        files.note(input: path, as: .data)
        return try files.map(path, at: arguments.span(ofFile: path))
      },
      scorer: { request in
        try starter.start(request, at: arguments.span(of: "program"))
      })
  }

  /// Given arguments over a base, as the core takes them.
  func options(
    _ parameters: [Parameter], _ arguments: Arguments, base: Options
  ) throws -> Options {
    var options = base
    for parameter in parameters {
      // 'reward' takes what any environment takes; here it must fit this one.
      guard let fitted = try arguments.fitted(to: parameter) else { continue }
      if let formula = fitted.formula {
        options[parameter.name] = .formula(formula.formula)
        continue
      }
      options.fingerprints[parameter.name] = nil
      if parameter.kind.namesFile, case .text(let path) = fitted.value, files.exists(path) {
        let bytes = try files.map(path, at: arguments.span(of: parameter.name))
        options.fingerprints[parameter.name] = Fingerprint.text(bytes)
      }
      switch fitted.value {
      case .number(let number, _): options[parameter.name] = .number(number)
      case .boolean(let flag): options[parameter.name] = .boolean(flag)
      case .text(let text): options[parameter.name] = .text(text)
      case .list(let elements) where parameter.kind.isListOfNumbers:
        options[parameter.name] = .numbers(
          elements.compactMap { if case .number(let number, _) = $0 { number } else { nil } })
      case .list(let elements):
        let integers = elements.compactMap { element -> Int? in
          if case .number(let number, _) = element { Int(exactly: number) } else { nil }
        }
        options[parameter.name] = .integers(integers)
      default: break
      }
    }
    return options
  }
}

extension ParameterKind {
  fileprivate var isListOfNumbers: Bool { if case .list(.number) = self { true } else { false } }

  /// Takes a file that is read.
  fileprivate var namesFile: Bool {
    switch self {
    case .path(.read): true
    case .either(let kinds): kinds.contains(where: \.namesFile)
    default: false
    }
  }

  /// The names that a formula of this kind may use.
  private var formulaVariables: [String] {
    switch self {
    case .formula(let variables): variables
    case .either(let kinds): kinds.flatMap(\.formulaVariables)
    default: []
    }
  }

  /// A kind that takes what either takes, with one formula over all names.
  func merged(with other: ParameterKind) -> ParameterKind {
    guard description != other.description else { return self }
    let all = alternatives + other.alternatives
    var variables: [String] = []
    for name in all.flatMap(\.formulaVariables) where !variables.contains(name) {
      variables.append(name)
    }
    var kinds: [ParameterKind] = []
    for kind in all where kind.formulaVariables.isEmpty {
      if !kinds.contains(where: { $0.description == kind.description }) { kinds.append(kind) }
    }
    if !variables.isEmpty { kinds.append(.formula(variables: variables)) }
    return kinds.count == 1 ? kinds[0] : .either(kinds)
  }

  private var alternatives: [ParameterKind] {
    if case .either(let kinds) = self { kinds.flatMap(\.alternatives) } else { [self] }
  }
}
