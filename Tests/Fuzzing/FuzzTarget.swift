import FoundationEssentials
import GFNCommands
import GFNCore
import GFNLanguage
import GFNNotebook
import GFNParameters

/// A way in for bytes that someone else wrote. Whatever they are, the program refuses them with an error
/// or takes them: it never crashes, and never takes much longer than for what it wrote itself.
package enum FuzzTarget: String, CaseIterable, Sendable {
  /// A script on its way through the check, the completion and the help.
  case script
  /// Requests of a front end, one a line.
  case requests
  /// Weights and training states.
  case safetensors
  case numpy
  /// Rewards, observations and modes; the first byte says as which of them.
  case tables
  case notebook
  case graph
  case trajectories

  /// Files of the repository that are such bytes: paths, and what stands before them.
  package var seeds: [(suffix: String, prefixes: [UInt8])] {
    switch self {
    case .script: [(".gfn", [])]
    case .requests, .numpy: []
    case .safetensors: [(".safetensors", [])]
    case .tables: [(".csv", Array(0..<UInt8(Self.tableKinds.count)))]
    case .notebook: [(".ipynb", [])]
    case .graph: [(".txt", [])]
    case .trajectories: [("_trajectories.json", [])]
    }
  }

  /// Small ones, for formats of which the repository has no file.
  package var examples: [[UInt8]] {
    switch self {
    case .script, .safetensors: []
    case .requests:
      [
        #"{"id": 1, "type": "complete", "code": "env hyp", "cursor": 7}"#,
        #"{"id": "a", "type": "inspect", "code": "train", "cursor": 2}"#,
        #"{"id": 1.5, "type": "is_complete", "code": "for x in [1, 2] {"}"#,
        #"{"id": null, "type": "answer", "text": "7"}"# + "\n" + #"{"type": "info", "id": 2}"#,
        #"{"id": 3, "type": "reset"}"#,
      ].map { Array($0.utf8) }
    case .numpy: [Self.array("<f8", count: 16), Self.array("<f4", count: 16)]
    case .tables:
      [
        "\u{0}sequence,score\nACGT,1.5\nAAAA,0.25\n", "\u{1}sequence\tscore\nACGT\t1.5\n",
        "\u{2}{\"sequence\": \"ACGT\", \"score\": 2}\n", "\u{3}a,b\n1,2\n2,3\n3,5\n",
        "\u{4}mode\n0110\n1001\n",
      ].map { Array($0.utf8) }
    case .notebook:
      [
        #"{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "id": "a", "#
          + #""metadata": {}, "execution_count": null, "outputs": [], "source": ["print 1\n", "print 2"]}, "#
          + ##"{"cell_type": "markdown", "id": "b", "metadata": {}, "source": "# A title"}]}"##
      ].map { Array($0.utf8) }
    case .graph:
      ["s0 -> a b\na -> x\nb -> x y\nrewards x 1; y 2\n", "s0 -> a; a -> b; b -> a\n"]
        .map { Array($0.utf8) }
    case .trajectories:
      [
        #"{"forward_trajectories": [{"states": [[0, 0], [1, 0]], "actions": [0, 2]}], "#
          + #""backward_trajectories": []}"#
      ].map { Array($0.utf8) }
    }
  }

  private static func array(_ type: String, count: Int) -> [UInt8] {
    var header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (4, 4), }".utf8)
    header += [UInt8](repeating: 0x20, count: 64 - (header.count + 11) % 64) + [0x0A]
    let size = type.hasSuffix("8") ? 8 : 4
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(truncatingIfNeeded: header.count), 0]
      + header
      + [UInt8](repeating: 0x3F, count: count * size)
  }

  // MARK: - What is done with them

  package func take(_ bytes: [UInt8]) {
    switch self {
    case .script: Self.takeScript(String(decoding: bytes, as: UTF8.self))
    case .requests: Self.takeRequests(bytes)
    case .safetensors: Self.takeTensors(bytes)
    case .numpy: Self.make("sequence", Self.short, "rewards", "x.npy", bytes)
    case .tables: Self.takeTable(bytes)
    case .notebook: _ = (try? JupyterReader(bytes))?.script
    case .graph: Self.make("graph", [], "file", "x.txt", bytes)
    case .trajectories: _ = try? TrajectoryFile(bytes, path: "x.json")
    }
  }

  private static func session() -> Session {
    let session = Session(
      commands: .program(), bench: Workbench(threads: 1), options: SessionOptions())
    session.releaseBindings()
    return session
  }

  private static func takeScript(_ text: String) {
    let session = session()
    for diagnostic in session.check(Cell(source: text, name: "fuzz.gfn")) {
      _ = diagnostic.rendered()
    }
    _ = session.needsMoreInput(text)
    let place = text.utf8.count / 2
    _ = session.completions(for: text, at: place)
    _ = session.inspection(of: text, at: place)
  }

  private static func takeRequests(_ bytes: [UInt8]) {
    // What a cell executes is the script's business.
    var lines = bytes.split(separator: 0x0A).filter { line in
      !String(decoding: line, as: UTF8.self).contains("execute") && !line.contains(0x5C)
    }[...]
    let server = SessionServer(
      version: "gfn", makeSession: session,
      nextLine: { lines.popFirst().map { .line(Array($0)) } ?? .end }, sendLine: { _ in true })
    _ = server.run()
  }

  private static func takeTensors(_ bytes: [UInt8]) {
    guard let file = try? SafeTensors(bytes, path: "x") else { return }
    if let again = try? file.encoded() {
      precondition((try? SafeTensors(again, path: "x")) != nil, "what is written cannot be read")
    }
    guard let kind = EnvironmentKind.named("hypergrid"),
      let grid = try? kind.make(Options([("side", .number(8))]), FileReader { _ in [] })
    else { return }
    var configuration = Configuration()
    configuration.policy = NetworkSettings(layers: 1, hidden: 4)
    guard var state = try? TrainingState(configuration, in: grid, seed: 0) else { return }
    _ = try? state.load(file, path: "x", in: grid)
    _ = try? TrainingState(resuming: file, path: "x", configuration, in: grid)
  }

  private static let short: [(name: String, value: OptionValue)] = [
    ("length", .number(2)), ("alphabet", .text("ACGT")),
  ]

  private static let tableKinds = ["x.csv", "x.tsv", "x.jsonl", "data.csv", "modes.csv"]

  private static func takeTable(_ bytes: [UInt8]) {
    let name = tableKinds[Int(bytes.first ?? 0) % tableKinds.count]
    let rest = Array(bytes.dropFirst())
    switch name {
    case "data.csv": make("bayesnet", [], "data", name, rest)
    case "modes.csv": make("bitsequence", [("length", .number(4))], "modes", name, rest)
    default:
      make(
        "sequence", [("length", .number(4)), ("alphabet", .text("ACGT"))], "rewards", name, rest)
    }
  }

  private static func make(
    _ kind: String, _ options: [(name: String, value: OptionValue)], _ option: String,
    _ path: String, _ bytes: [UInt8]
  ) {
    _ = try? EnvironmentKind.named(kind)?.make(
      Options(options + [(option, .text(path))]), FileReader { _ in bytes })
  }
}
