import GFNParameters

/// What a command takes, once the word is known that chooses among its variants.
struct Signature: Sendable {
  var command: String
  var positionals: [Parameter]
  var options: [Parameter]
  /// A `key=value` that is not declared is one too.
  var takesAnyOption = false

  /// The places of the positionals by name, where there are many.
  private var places: [String: Int] = [:]
  /// So many are looked through one by one.
  private static let few = 32

  /// The parameters of a `def`.
  init(of name: Name, _ parameters: [Definition.Parameter]) {
    command = name.text
    positionals = parameters.map { parameter in
      Parameter(
        parameter.name.text, .any, default: parameter.defaultValue.map { .described($0.span.text) },
        help: "",
        required: parameter.defaultValue == nil)
    }
    options = []
    if positionals.count > Self.few {
      places = Dictionary(
        positionals.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// - Parameter variant: the word in the first positional, where it is known.
  init(_ spec: CommandSpec, variant: CommandVariant?) {
    command = spec.name
    positionals = spec.allPositionals + (variant?.positionals ?? [])
    let left = variant?.leavesOut ?? []
    options = spec.options.filter { !left.contains($0.name) } + (variant?.options ?? [])
    takesAnyOption = spec.takesAnyOption
    if spec.canWriteTable { options.append(Self.tableFile) }
    if parameters.contains(where: { $0.kind.replacesFile }) { options.append(Self.overwrite) }
  }

  /// The option that every command has which returns a table.
  static let tableFile = Parameter(
    "to", .path(.write), help: "write the table as CSV, TSV, JSON or JSON Lines, by extension")

  /// The option that every command has which replaces a file.
  static let overwrite = Parameter(
    "overwrite", .boolean, default: false, help: "replace also a file that gfn did not write")

  func parameter(named name: String) -> Parameter? {
    options.first { $0.name == name }
      ?? (places.isEmpty
        ? positionals.first { $0.name == name } : places[name].map { positionals[$0] })
      ?? (takesAnyOption ? Parameter(name, .any, help: "a field") : nil)
  }

  var parameters: [Parameter] { options + positionals }

  /// What may stand before `=`.
  var names: [String] { parameters.map(\.name) }
}

extension ParameterKind {
  fileprivate var replacesFile: Bool {
    if case .path(.write) = self { true } else { false }
  }
}

extension Arguments {
  /// A file may be replaced that gfn did not write.
  package var overwrites: Bool { boolean(Signature.overwrite.name) ?? false }
}

extension CommandSpec {
  /// The declared positionals, with that of the variants where it is not declared.
  var allPositionals: [Parameter] {
    guard positionals.isEmpty, !variants.isEmpty else { return positionals }
    let choices = variants.map { Choice($0.word, $0.summary) }
    return [Parameter("kind", .enumeration(choices), help: "")]
  }

  /// The variant that a word chooses, whatever its case.
  func variant(named word: String) -> CommandVariant? {
    variants.first { $0.word.lowercased() == word.lowercased() }
  }

  /// Takes the universal `to=FILE`.
  var canWriteTable: Bool {
    let declared = (options + positionals + variants.flatMap { $0.options + $0.positionals })
    guard !declared.contains(where: { $0.name == Signature.tableFile.name }) else { return false }
    switch result {
    case .table, .open: return true
    case .nothing, .record: return false
    }
  }
}
