// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "gfn",
  products: [.executable(name: "gfn", targets: ["gfn"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
  ],
  targets: [
    .systemLibrary(name: "CReadline"),
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CCmark"),
    .systemLibrary(name: "CWidth"),
    .target(name: "CFiles"),
    .target(name: "CKernels"),
    .target(name: "CPrograms"),
    .target(name: "GFNParameters", swiftSettings: settings),
    .target(
      name: "GFNCore", dependencies: ["GFNParameters", "COneDNN", "CKernels"],
      swiftSettings: settings),
    .target(
      name: "GFNPrograms",
      dependencies: [
        "GFNParameters", "CPrograms", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNLanguage",
      dependencies: [
        "GFNParameters", "CFiles",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNCommands",
      dependencies: [
        "GFNLanguage", "GFNCore", "GFNParameters",
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNFigures",
      dependencies: [
        "GFNLanguage", "GFNParameters", "CWidth",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNTerminal",
      dependencies: [
        "GFNFigures", "GFNLanguage", "GFNParameters", "CReadline",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNNotebook",
      dependencies: [
        "GFNFigures", "GFNLanguage", "GFNParameters", "CCmark",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "gfn",
      dependencies: [
        "GFNTerminal", "GFNNotebook", "GFNCommands", "GFNFigures", "GFNPrograms", "GFNLanguage",
        "GFNCore", "GFNParameters",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "CAllocations"),
    .executableTarget(
      name: "gfn-bench",
      dependencies: [
        "GFNCore", "GFNLanguage", "GFNPrograms", "GFNParameters", "COneDNN", "CAllocations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNTestSupport", dependencies: ["GFNLanguage"], path: "Tests/Support",
      swiftSettings: settings),
    .target(
      name: "GFNFuzzing",
      dependencies: ["GFNCommands", "GFNNotebook", "GFNLanguage", "GFNCore", "GFNParameters"],
      path: "Tests/Fuzzing", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests", dependencies: ["GFNFuzzing", "GFNTestSupport"],
      exclude: ["Findings"], swiftSettings: settings),
    .testTarget(
      name: "GFNCoreTests",
      dependencies: ["GFNCore", "GFNLanguage", "GFNParameters", "CAllocations"],
      resources: [.copy("Fixtures")],
      swiftSettings: settings),
    .testTarget(
      name: "GFNProgramsTests",
      dependencies: ["GFNPrograms", "GFNParameters", "GFNTestSupport", "CPrograms"],
      swiftSettings: settings),
    .testTarget(
      name: "GFNLanguageTests",
      dependencies: [
        "GFNLanguage", "GFNParameters", "GFNTestSupport",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      resources: [.copy("Goldens")],
      swiftSettings: settings),
    .testTarget(
      name: "GFNCommandsTests",
      dependencies: [
        "GFNCommands", "GFNLanguage", "GFNCore", "GFNPrograms", "GFNParameters", "GFNTestSupport",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      resources: [.copy("Goldens")],
      swiftSettings: settings),
    .testTarget(
      name: "GFNFiguresTests",
      dependencies: ["GFNFigures", "GFNLanguage", "GFNParameters", "GFNTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "GFNNotebookTests",
      dependencies: [
        "GFNNotebook", "GFNFigures", "GFNCommands", "GFNLanguage", "GFNParameters",
        "GFNTestSupport", "gfn",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GFNTerminalTests",
      dependencies: [
        "GFNTerminal", "GFNFigures", "GFNCommands", "GFNLanguage", "GFNParameters",
        "GFNTestSupport", "gfn",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
  ]
)

// Only scripts/fuzz builds it, with libFuzzer linked in.
if Context.environment["GFN_FUZZ"] != nil {
  package.targets += [
    .executableTarget(
      name: "gfn-fuzz", dependencies: ["GFNFuzzing"], swiftSettings: settings)
  ]
}
