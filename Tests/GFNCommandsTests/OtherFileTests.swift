import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// A file that is named by mistake, or by a stranger's script, is not told.
@Suite struct OtherFileTests {
  @Test(arguments: [
    "env graph file=FILE", "env sequence length=2 alphabet=AB rewards=FILE",
    "env bitsequence length=4 modes=FILE", "env bayesnet data=FILE",
    "env hypergrid side=4; train 1; evaluate heldout=FILE",
    "env bayesnet data=table.csv; edges truth=FILE", "trajectories load FILE", "load FILE",
    "env hypergrid side=4; compare [TB-U] seeds=1 steps=1 to=folder",
  ])
  func nothingOfItStandsInTheMessage(command: String) throws {
    for text in [
      "hunter:2\n", "hunter\n", "hunter 2\n", "hunter x\n", "hunter -> 2:hunter\n",
      "a hunter -> b\n",
      "hunter,hunter\nhunter,hunter\n", "hunter,b\nx,hunter\n", "hunter\thunter\n",
      "{\"hunter\": \"hunter\"}\n",
    ] {
      let lab = try Lab()
      try lab.write("a,b\n1,2\n2,1\n", to: "table.csv")
      for name in ["file.txt", "file.jsonl", "folder/runs.csv"] { try lab.write(text, to: name) }
      for name in ["file.txt", "file.jsonl"] {
        lab.run(command.replacing("FILE", with: name))
        let messages = lab.failures.map { $0.message + ($0.fix ?? "") }.joined()
        #expect(!messages.contains("hunter"), "\(text)")
      }
    }
  }
}
