/// The commands of a session, by name and by alias.
package struct CommandTable: Sendable {
  package let specs: [CommandSpec]
  /// What the fields of their results mean.
  package let fields: [FieldText]
  private let indices: [String: Int]

  /// Where two specs share a name, the later one holds.
  package init(_ specs: [CommandSpec], fields: [FieldText] = []) {
    self.specs = specs
    self.fields = fields
    var indices: [String: Int] = [:]
    for (index, spec) in specs.enumerated() {
      for name in [spec.name] + spec.aliases { indices[name] = index }
    }
    self.indices = indices
  }

  /// The command of this name or alias.
  package subscript(name: String) -> CommandSpec? {
    indices[name].map { specs[$0] }
  }

  /// All names and aliases, sorted.
  package var names: [String] { indices.keys.sorted() }

  /// The commands of a group, in the order in which they were given.
  package func specs(in group: CommandGroup) -> [CommandSpec] {
    specs.filter { $0.group == group }
  }
}
