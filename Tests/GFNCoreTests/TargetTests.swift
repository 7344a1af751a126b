import Testing

/// Which target may import which: the arrows of docs/architecture.md.
@Suite struct TargetTests {
  private static let arrows: [String: Set<String>] = [
    "GFNParameters": [],
    "GFNCore": ["GFNParameters", "COneDNN", "CKernels"],
    "GFNPrograms": ["GFNParameters", "CPrograms"],
    "GFNLanguage": ["GFNParameters", "CFiles"],
    "GFNFigures": ["GFNLanguage", "GFNParameters", "CWidth"],
    "GFNCommands": ["GFNLanguage", "GFNCore", "GFNParameters"],
    "GFNTerminal": ["GFNFigures", "GFNLanguage", "GFNParameters", "CReadline"],
    "GFNNotebook": ["GFNFigures", "GFNLanguage", "GFNParameters", "CCmark"],
    "gfn": [
      "GFNTerminal", "GFNNotebook", "GFNCommands", "GFNFigures", "GFNPrograms", "GFNLanguage",
      "GFNCore", "GFNParameters",
    ],
    "gfn-fuzz": ["GFNFuzzing"],
    "gfn-bench": [
      "GFNCore", "GFNLanguage", "GFNPrograms", "GFNParameters", "COneDNN", "CAllocations",
    ],
  ]
  /// What comes from elsewhere.
  private static let libraries: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Dispatch", "Synchronization",
    "HeapModule", "OrderedCollections", "ArgumentParser", "Mustache", "GRDB",
  ]

  @Test func everyImportIsAnArrowThatIsDrawn() throws {
    let tree = try SourceTree(at: "Sources")
    #expect(tree.folders.isSuperset(of: Self.arrows.keys))
    #expect(Self.faults(of: tree) == [])
  }

  @Test func aTurnedImportIsFound() {
    let tree = SourceTree([
      "GFNLanguage/A.swift": "// import GFNCore\nimport GFNParameters\npackage import GFNCore\n",
      "GFNCore/B.swift": "@preconcurrency import struct Foundation.Data\nimport GFNCommands",
      "gfn/C.swift": "import Telnet",
    ])
    #expect(
      Self.faults(of: tree) == [
        "GFNCore/B.swift:2: GFNCore → GFNCommands", "GFNLanguage/A.swift:3: GFNLanguage → GFNCore",
        "gfn/C.swift:1: gfn → Telnet",
      ])
  }

  private static func faults(of tree: SourceTree) -> [String] {
    var faults: [String] = []
    for file in tree.files {
      let allowed = (arrows[file.folder] ?? []).union(libraries)
      for (number, line) in file.lines.enumerated() {
        guard let module = imported(by: line), !allowed.contains(module) else { continue }
        faults.append("\(file.path):\(number + 1): \(file.folder) → \(module)")
      }
    }
    return faults
  }

  /// The module that a line imports, whole or a declaration of it.
  private static func imported(by line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
      words[..<place].allSatisfy({ $0.hasPrefix("@") || ["package", "public"].contains($0) }),
      let last = words[(place + 1)...].last
    else { return nil }
    return last.split(separator: ".").first.map(String.init)
  }
}
