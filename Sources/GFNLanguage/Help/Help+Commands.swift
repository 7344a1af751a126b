import GFNParameters

extension Help {
  /// Synopsis, arguments, options, details and examples of a command.
  func text(on spec: CommandSpec) -> String {
    let signature = Signature(spec, variant: nil)
    var lines = [synopsis(signature, hasVariants: !spec.variants.isEmpty), "  \(spec.summary)"]
    if !spec.aliases.isEmpty { lines.append("  also: \(spec.aliases.joined(separator: ", "))") }
    if spec.variants.isEmpty {
      lines += section("arguments", signature.positionals, isOption: false)
    } else {
      lines += ["", "one of"]
      let width = spec.variants.map(\.word.count).max() ?? 0
      lines += spec.variants.map { "  \($0.word.padded(to: width))  \($0.summary)" }
      lines.append("  'help WORD' lists the options of each")
    }
    lines += section("options", signature.options, isOption: true)
    if !spec.details.isEmpty { lines += ["", spec.details] }
    if !spec.examples.isEmpty { lines += ["", "examples"] }
    for example in spec.examples {
      lines.append("  # \(example.note)")
      lines += example.source.split(separator: "\n").map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  /// A variant with what it takes.
  func text(on variant: CommandVariant, of spec: CommandSpec) -> String {
    var signature = Signature(spec, variant: variant)
    signature.positionals = variant.positionals
    signature.command = "\(spec.name) \(variant.word)"
    var lines = [synopsis(signature, hasVariants: false), "  \(variant.summary)"]
    lines += section("arguments", variant.positionals, isOption: false)
    lines += section("options", signature.options, isOption: true)
    if !variant.details.isEmpty { lines += ["", variant.details] }
    return lines.joined(separator: "\n")
  }

  /// A `def` as a command.
  func text(on definition: Definition) -> String {
    var line = definition.name.text
    for parameter in definition.parameters {
      if let value = parameter.defaultValue {
        line += " [\(parameter.name.text)=\(value.span.text)]"
      } else {
        line += " \(parameter.name.text.uppercased())"
      }
    }
    let origin = "defined in \(definition.name.span.source.name), line \(definition.name.span.line)"
    return ([line, "  \(definition.summary)"].filter { $0 != "  " } + ["  \(origin)"])
      .joined(separator: "\n")
  }

  /// What a parameter takes, with its default and its words.
  func lines(on parameter: Parameter, indent: String) -> [String] {
    var facts = [parameter.kind.fullDescription]
    if let unit = parameter.unit { facts.append("in \(unit)") }
    if let value = parameter.standard?.text { facts.append("default \(value)") }
    if parameter.isRequired { facts.append("required") }
    let choices = parameter.kind.choices
    let width = choices.map(\.word.count).max() ?? 0
    return [
      indent
        + [parameter.help.nonEmpty, facts.joined(separator: ", ")]
        .compactMap { $0 }.joined(separator: "; ")
    ]
      + choices.map { "\(indent)  \($0.word.padded(to: width))  \($0.help)" }
  }

  func synopsis(_ signature: Signature, hasVariants: Bool) -> String {
    var words = [signature.command]
    for parameter in signature.positionals {
      let word = parameter.name.uppercased() + (parameter.isVariadic ? "…" : "")
      words.append(parameter.isRequired ? word : "[\(word)]")
    }
    for option in signature.options where option.isRequired {
      words.append("\(option.name)=\(option.name.uppercased())")
    }
    if signature.takesAnyOption { words.append("KEY=VALUE …") }
    if hasVariants || signature.options.contains(where: { !$0.isRequired }) {
      words.append("[option=value …]")
    }
    return words.joined(separator: " ")
  }

  private func section(_ title: String, _ parameters: [Parameter], isOption: Bool) -> [String] {
    guard !parameters.isEmpty else { return [] }
    let width = parameters.map(\.name.count).max() ?? 0
    return ["", title]
      + parameters.flatMap { parameter in
        let label = isOption ? "\(parameter.name)=" : parameter.name.uppercased()
        var lines = lines(on: parameter, indent: String(repeating: " ", count: width + 5))
        lines[0] = "  " + label.padded(to: width + 3) + lines[0].dropFirst(width + 5)
        return lines
      }
  }
}

extension ParameterKind {
  /// With the range of numbers.
  var fullDescription: String {
    switch self {
    case .integer(let range): "an integer \(Self.describe(range))"
    case .number(let range):
      range.lower.isFinite || range.upper.isFinite
        ? "a number \(Self.describe(range))" : "a number"
    case .either(let kinds): kinds.map(\.fullDescription).joined(separator: " or ")
    default: description
    }
  }

  /// The words that it takes, also as a part of it.
  var choices: [Choice] {
    switch self {
    case .enumeration(let choices): choices
    case .list(let element): element.choices
    case .either(let kinds): kinds.flatMap(\.choices)
    default: []
    }
  }

  var words: [String] { choices.map(\.word) }

  func choice(named name: String) -> Choice? {
    choices.first { $0.word.lowercased() == name.lowercased() }
  }
}
