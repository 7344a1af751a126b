import Testing

/// The folders of the core form a line: a file refers to what its own folder declares, or one below it.
@Suite struct FolderTests {
  /// The lowest first.
  private static let order = [
    "Errors", "Numerics", "Files", "States", "Settings", "Rewards", "Environments", "Declared",
    "Given",
    "Measures", "Batches", "Policies", "Sampling", "Objectives", "Training", "Checkpoint",
    "Evaluation",
  ]

  @Test func everyArrowBetweenFoldersGoesDown() throws {
    let tree = try SourceTree(at: "Sources/GFNCore")
    #expect(tree.declarations().count > 100)
    #expect(Self.faults(of: tree, Self.order) == [])
  }

  @Test func aTurnedReferenceAndAnUnknownFolderAreFound() {
    var texts = [
      "Low/Bird.swift": """
      struct Bird {}
      struct Twice {}
      """,
      "High/Nest.swift": """
      /// Of a `Bird`.
      struct Nest { var bird: Bird }
      struct Egg { enum Shell {} }
      struct Twice {}
      func hatch(_ egg: Egg) {}
      """,
      "Low/Harmless.swift": ##"""
      // Nest
      /* Nest /* Egg */ Nest */
      let text = "Nest \("Egg") \(1 + (2)) Nest" + #"Nest " \(Nest)"# + Twice.Nest.text
      enum Shell {}
      let hatch = Shell.hatch(Twice())
      """##,
    ]
    #expect(Self.faults(of: SourceTree(texts), ["Low", "High"]) == [])
    texts["Low/Turned.swift"] = """
      extension Bird {
        func lay(_ nest: Nest) -> String { "\\(hatch(Egg()))" }
      }
      """
    #expect(
      Self.faults(of: SourceTree(texts), ["Low", "High"]) == [
        "Low/Turned.swift:2: Low → High (Nest)", "Low/Turned.swift:2: Low → High (hatch)",
        "Low/Turned.swift:2: Low → High (Egg)",
      ])
    #expect(
      Self.faults(of: SourceTree(texts), ["High"]) == ["the folder Low has no place in the order"])
  }

  private static func faults(of tree: SourceTree, _ order: [String]) -> [String] {
    let unknown = tree.folders.subtracting(order).sorted()
    guard unknown.isEmpty else {
      return unknown.map { "the folder \($0) has no place in the order" }
    }
    let declared = tree.declarations()
    var faults: [String] = []
    for file in tree.files {
      for (number, line) in file.lines.enumerated() {
        for name in SourceTree.names(in: line) {
          guard let folder = declared[name], let own = order.firstIndex(of: file.folder),
            let other = order.firstIndex(of: folder), other > own
          else { continue }
          faults.append("\(file.path):\(number + 1): \(file.folder) → \(folder) (\(name))")
        }
      }
    }
    return faults
  }
}
