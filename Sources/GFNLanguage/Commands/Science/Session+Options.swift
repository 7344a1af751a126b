import GFNCore

extension Session {
  func reader(_ arguments: Arguments) -> FileReader {
    let files = files
    let span = arguments.span
    return { path in try files.read(path, at: span) }
  }

  /// Given arguments over a base, as the core takes them.
  func options(
    _ parameters: [Parameter], _ arguments: Arguments, base: Options
  ) throws -> Options {
    var options = base
    for parameter in parameters {
      guard let value = arguments.value(parameter.name) else { continue }
      if let formula = arguments.formula(parameter.name) {
        options[parameter.name] = .formula(formula.overCoordinates(of: parameter.name))
        continue
      }
      switch value {
      case .number(let number, _): options[parameter.name] = .number(number)
      case .boolean(let flag): options[parameter.name] = .boolean(flag)
      case .text(let text): options[parameter.name] = .text(text)
      default: break
      }
    }
    return options
  }
}

extension Formula {
  /// The formula as a function of a grid's coordinates; conditions are 1 and 0.
  fileprivate func overCoordinates(of option: String) -> RewardFormula {
    RewardFormula(source: text) { coordinates, side in
      let span = Double(side - 1)
      let x = coordinates.map { Value.number(Double($0)) }
      let u = coordinates.map { Value.number(Double($0) / span) }
      let value = try value([
        "x": .list(x), "u": .list(u), "dim": .number(Double(coordinates.count)),
        "side": .number(Double(side)),
      ])
      switch value {
      case .number(let number, _): return number
      case .boolean(let flag): return flag ? 1 : 0
      default:
        throw CoreError.option(name: option, reason: "'\(text)' gives no number")
      }
    }
  }
}
