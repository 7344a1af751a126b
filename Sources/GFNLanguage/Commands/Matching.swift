import GFNParameters

/// An argument with the parameter that takes it.
struct Match {
  var parameter: Parameter
  var argument: Argument
}

extension Signature {
  /// Assigns the arguments of a call to the parameters, and reports what does not fit.
  func match(_ call: CommandCall, report: (CommandError) -> Void) -> [Match] {
    var matches: [Match] = []
    var given: Set<String> = []
    var next = 0
    for argument in call.arguments {
      guard let parameter = parameter(for: argument, next: &next, report: report) else { continue }
      if !given.insert(parameter.name).inserted, !parameter.isVariadic {
        report(CommandError(.duplicateArgument(parameter.name), at: argument.span))
        continue
      }
      matches.append(Match(parameter: parameter, argument: argument))
    }
    for parameter in positionals + options where parameter.isRequired {
      guard !given.contains(parameter.name) else { continue }
      report(
        CommandError(
          .missingArgument(
            positionals.contains { $0.name == parameter.name }
              ? parameter.name.uppercased() : "\(parameter.name)=",
            command: command, help: parameter.help),
          at: call.name.span))
    }
    return matches
  }

  /// The parameter of an argument; `next` is the first positional that is not taken yet.
  private func parameter(
    for argument: Argument, next: inout Int, report: (CommandError) -> Void
  ) -> Parameter? {
    if let name = argument.name {
      if let parameter = parameter(named: name.text) { return parameter }
      report(
        CommandError(.unknownOption(name.text, command: command, known: names), at: name.span))
      return nil
    }
    guard next < positionals.count else {
      // Said once.
      if next == positionals.count {
        report(
          CommandError(
            .tooManyArguments(command: command, limit: positionals.count), at: argument.span))
        next += 1
      }
      return nil
    }
    let parameter = positionals[next]
    if !parameter.isVariadic { next += 1 }
    return parameter
  }
}
