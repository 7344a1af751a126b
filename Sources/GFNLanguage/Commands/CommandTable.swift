/// The commands of a session, by name and by alias.
public struct CommandTable: Sendable {
  public let specs: [CommandSpec]
  private let indices: [String: Int]

  /// Where two specs share a name, the later one holds.
  public init(_ specs: [CommandSpec]) {
    self.specs = specs
    var indices: [String: Int] = [:]
    for (index, spec) in specs.enumerated() {
      for name in [spec.name] + spec.aliases { indices[name] = index }
    }
    self.indices = indices
  }

  /// The command of this name or alias.
  public subscript(name: String) -> CommandSpec? {
    indices[name].map { specs[$0] }
  }

  /// All names and aliases, sorted.
  public var names: [String] { indices.keys.sorted() }

  /// The commands of a group, in the order in which they were given.
  public func specs(in group: CommandGroup) -> [CommandSpec] {
    specs.filter { $0.group == group }
  }
}
