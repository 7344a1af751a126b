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
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.1.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CReadline"),
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CCmark"),
    .systemLibrary(name: "CWidth"),
    .target(name: "CKernels"),
    .target(name: "GFNParameters", swiftSettings: settings),
    .target(
      name: "GFNCore", dependencies: ["GFNParameters", "COneDNN", "CKernels"],
      swiftSettings: settings),
    .target(
      name: "GFNLanguage",
      dependencies: [
        "GFNParameters", .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(
      name: "GFNCommands",
      dependencies: [
        "GFNLanguage", "GFNCore", "GFNParameters",
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
        "GFNTerminal", "GFNNotebook", "GFNCommands", "GFNFigures", "GFNLanguage", "GFNCore",
        "GFNParameters",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(name: "CAllocations"),
    .executableTarget(
      name: "gfn-bench",
      dependencies: [
        "GFNCore", "GFNParameters", "COneDNN", "CAllocations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GFNCoreTests", dependencies: ["GFNCore", "CAllocations"],
      resources: [.copy("Fixtures")],
      swiftSettings: settings),
    .testTarget(
      name: "GFNLanguageTests",
      dependencies: [
        "GFNLanguage", "GFNCore",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      resources: [.copy("Goldens")],
      swiftSettings: settings),
    .testTarget(
      name: "GFNFiguresTests",
      dependencies: ["GFNFigures", "GFNLanguage", "GFNCore"],
      swiftSettings: settings),
    .testTarget(
      name: "GFNNotebookTests",
      dependencies: [
        "GFNNotebook", "GFNFigures", "GFNLanguage", "GFNCore", "gfn",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GFNTerminalTests",
      dependencies: [
        "GFNTerminal", "GFNFigures", "GFNLanguage", "gfn",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: settings),
  ]
)
