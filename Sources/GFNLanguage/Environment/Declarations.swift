package import GFNParameters

/// The environments that statements have declared, in the order in which they came.
package struct Declarations: Sendable {
  package private(set) var all: [EnvironmentDeclaration] = []

  package init() {}

  package subscript(name: String) -> EnvironmentDeclaration? {
    get { all.first { $0.name == name } }
    set {
      let index = all.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): all[index] = value
      case (let index?, nil): all.remove(at: index)
      case (nil, let value?): all.append(value)
      case (nil, nil): break
      }
    }
  }
}

extension CommandTable {
  /// The command that makes environments.
  private static let maker = "env"

  /// The commands that know these environments too.
  func declaring(_ declarations: Declarations) -> CommandTable {
    guard !declarations.all.isEmpty else { return self }
    return CommandTable(
      specs.map { spec in
        guard let declaring = spec.declaring else { return spec }
        return declarations.all.reduce(spec, declaring)
      }, fields: fields)
  }

  /// The names of the environments.
  var environments: [String] { self[Self.maker]?.variants.map(\.word) ?? [] }

  /// The options that every environment has: a declared one cannot have a parameter of that name.
  var environmentOptions: [String] {
    let all = self[Self.maker]?.variants.filter { !$0.options.isEmpty } ?? []
    guard let first = all.first else { return [] }
    return first.options.map(\.name).filter { name in
      all.allSatisfy { $0.options.contains { $0.name == name } }
    }
  }
}
