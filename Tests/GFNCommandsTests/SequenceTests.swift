import Foundation
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// Sequences as they are used at the prompt.
@Suite struct SequenceTests {
  private let fours = ["AA", "AB", "BA", "BB"]

  @Test func aTableOfAnyFormatIsTheSameTable() throws {
    let lab = try Lab()
    try lab.write("AA\t1\nAB\t2\nBA\t3\nBB\t4\n", to: "t.tsv")
    try lab.write("n,score,object\n1,4,BB\n2,3,BA\n3,2,AB\n4,1,AA\n", to: "t.csv")
    try lab.write(
      fours.indices.map { "{\"x\": \"\(fours[$0])\", \"y\": \($0 + 1)}\n" }.joined(), to: "t.jsonl")
    let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n".utf8)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
    for value: Float in [1, 2, 3, 4] { withUnsafeBytes(of: value) { bytes += Array($0) } }
    try Data(bytes).write(to: lab.folder.appendingPathComponent("t.npy"))
    var seen: Set<String> = []
    for name in ["t.tsv", "t.csv", "t.jsonl", "t.npy"] {
      seen.insert(
        lab.result("env sequence length=2 alphabet=AB rewards=\(name); top 4 by=target"))
      #expect(lab.failures.isEmpty)
    }
    #expect(seen.count == 1)
  }

  @Test func wrongFilesAreNamed() throws {
    let lab = try Lab()
    let env = "env sequence length=2 alphabet=AB rewards="
    try lab.write("AA\t1\nAB\tmuch\n", to: "word.tsv")
    #expect(lab.code(env + "word.tsv") == "file")
    #expect(
      lab.failures.first?.message == "word.tsv:2: the score 'much' is no number (column 2)")
    try lab.write("{}\n", to: "empty.jsonl")
    #expect(lab.code(env + "empty.jsonl") == "file")
    try lab.write("AA\t1\n", to: "text.npy")
    #expect(lab.code(env + "text.npy") == "file")
    try lab.write("", to: "nothing.npy")
    #expect(lab.code(env + "nothing.npy") == "file")
    #expect(lab.code(env + "nowhere.npy") == "file-not-found")
    #expect(lab.code(env + "\".\"") == "file-unreadable")
    #expect(lab.code("env sequence length=20 alphabet=0123456789 rewards=word.tsv") == "too-large")
    #expect(lab.code("env sequence preset=qm9 rewards=word.tsv") == "file")
    #expect(lab.code("env sequence preset=qm8 rewards=word.tsv") == "unknown-word")
  }

  @Test func bitSequencesTakeModesFromANumberOrAFile() throws {
    let lab = try Lab()
    try lab.write("0000\n1111\n", to: "modes.txt")
    lab.run("env bitsequence length=4 modes=modes.txt alpha=2; env")
    #expect(lab.number("modes") == 2)
    // Every sequence is its own mode.
    lab.run("reward modes=16; evaluate")
    #expect(abs(lab.number("log_z_exact") - 4 * 0.6931471805599453) < 1e-9)
    lab.run("reward modes=modes.txt; evaluate")
    #expect(abs(lab.number("modes_total") - 2) < 1e-12)
    #expect(lab.code("reward modes=0") == "option")
    #expect(lab.code("reward modes=17") == "option")
    #expect(lab.code("reward modes=nowhere.txt") == "file-not-found")
    #expect(lab.code("reward exponent=2") == "option")
    #expect(lab.code("env bitsequence length=65") == "out-of-range")
    #expect(lab.code("env bitsequence modes=0") == "option")
    #expect(lab.code("env bitsequence alpha=0") == "out-of-range")
    #expect(
      lab.code("env bitsequence length=64 modes=5; inspect \"01\"; sample 2; trace") == "none")
  }

  @Test func everyMethodRunsOnBitSequences() throws {
    for method in ["TB-U", "TB-B", "RL-U", "RL-B", "RL-T", "RL-G"] {
      let lab = try Lab()
      let code = lab.code(
        """
        policy layers=1 hidden=8; critic layers=1 hidden=8
        env bitsequence length=13 modes=3
        method \(method); train 3; sample 3; trace; gradient; modes; evaluate samples=100
        """)
      #expect(code == "none", "\(method): \(lab.failures.map { $0.rendered() })")
    }
  }
}
