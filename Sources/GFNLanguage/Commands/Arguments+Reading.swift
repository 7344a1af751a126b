import GFNParameters

extension Arguments {
  /// Reads what a text gives to a command, whose literals are matched and judged like typed ones.
  /// - Parameters:
  ///   - noun: what the text is, for errors.
  ///   - example: what to write instead, for errors.
  /// - Throws: `CommandError`, whose place is one in the text.
  package init(
    of spec: CommandSpec, reading text: String, as noun: String, example: String
  ) throws {
    var parser = Parser(SourceFile(name: noun, text: "\(spec.name) \(text)"))
    let block = parser.parseScript()
    if let error = parser.errors.first { throw error }
    guard block.statements.count == 1, case .command(let call)? = block.statements.first?.kind
    else {
      throw CommandError("syntax", "'\(text)' is no \(noun)", fix: "write \(example)")
    }
    var errors: [CommandError] = []
    let signature = Signature(spec, variant: nil)
    let matches = signature.match(call) { errors.append($0) }
    if let error = errors.first { throw error }
    var bound: [String: BoundValue] = [:]
    for match in matches {
      guard let literal = match.argument.value.literalValue else {
        throw CommandError(
          "syntax", "'\(match.argument.span.text)' is no literal",
          fix: "braces in the text put values in: \"… {$lambda}\"")
      }
      bound[match.parameter.name] = try Conversion(
        parameter: match.parameter, span: match.argument.value.span
      ).convert(literal)
    }
    self.init(
      command: spec.name, variant: nil, span: call.span, bound: bound,
      declared: signature.parameters)
  }
}
