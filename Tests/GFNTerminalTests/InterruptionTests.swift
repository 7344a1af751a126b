import Foundation
import GFNCommands
import GFNLanguage
import GFNParameters
import GFNTestSupport
import Testing

@testable import gfn

/// Ctrl-C ends every command soon, whatever it is doing.
@Suite(.serialized) struct InterruptionTests {
  /// How a command is made to last.
  private enum Work {
    /// Statements before it, and the command.
    case long(String, String)
    /// Why none can last.
    case instant(String)
  }

  private static let grid = "env hypergrid dim=4 side=32; policy layers=2 hidden=64"
  private static let table = "for i in 1..20000 { collect t a=$i b=1 }"
  private static let rows = "env hypergrid side=8; policy layers=1 hidden=8"

  private static let works: [String: Work] = [
    "env": .long("", "env hypergrid dim=2 side=4000 reward=\"exp(-sum(u))\"; evaluate"),
    "reward": .instant("it checks an option"), "method": .instant("it sets options"),
    "objective": .instant("it sets options"), "backward": .instant("it sets options"),
    "policy": .instant("it makes networks, bounded by memory"),
    "critic": .instant("it makes networks, bounded by memory"),
    "optimizer": .instant("it sets options"), "explore": .instant("it sets options"),
    "seed": .instant("it sets a number"), "reset": .instant("it makes networks"),
    "show": .instant("it prints settings"),
    "train": .long(grid, "train 100 batch=300000"),
    "step": .long("\(grid); method RL-G", "step batch=1000000"),
    "snapshot": .instant("an assignment"), "restore": .instant("an assignment"),
    "undo": .instant("an assignment"),
    "sample": .long(grid, "sample 1000000"),
    "trace": .instant("at most some trajectories"), "inspect": .instant("one state"),
    "top": .long(grid, "top 1000000"), "modes": .instant("a list of modes"),
    "edges": .instant("at most five nodes"),
    "plot": .long("env hypergrid dim=4 side=32", "plot error"),
    "evaluate": .long(grid, "evaluate samples=10000000"),
    "verify": .long("env hypergrid side=256; method RL-G", "verify"),
    "solve": .long("env hypergrid dim=4 side=32", "solve"),
    "gradient": .long(grid, "gradient batch=1000000"),
    "compare": .long(grid, "compare [TB-U, RL-T] seeds=1..3 steps=1000 batch=100000"),
    "summary": .long(table, "repeat 1000 { summary $t by=a }"),
    "save": .long("\(rows); let t = sample 600000", "save $t to=t.json"),
    "load": .instant("it reads a file, bounded by memory"),
    "log": .instant("it opens files"),
    "trajectories": .long("\(rows); trajectories save t.json 200000", "trajectories load t.json"),
    "collect": .long("", "for i in 1..10000000 { collect t a=$i }"),
    "record": .long("", "for i in 1..10000000 { let a = $i }"),
    "history": .instant("a list of statements"),
    "export": .instant("as long as the session was; it looks between cells"),
    "help": .instant("a text"), "apropos": .instant("a list"), "note": .instant("a text"),
    "ask": .instant("Ctrl-C gives no answer"), "lesson": .instant("a list"),
  ]

  @Test func everyCommandHasItsCase() {
    let known = Set(Self.works.keys)
    let all = Set(commands.specs.map(\.name))
    #expect(all.subtracting(known) == [], "say how these last, or why they cannot")
    #expect(known.subtracting(all) == [])
  }

  /// Seconds from the first interrupt to the end.
  private func seconds(_ setUp: String, _ command: String, requests: Int) throws -> Double {
    let folder = try TemporaryFolder()
    let session = Session(
      commands: commands, bench: Workbench(threads: 2),
      options: SessionOptions(workingDirectory: folder.path))
    _ = session.execute(Cell(source: setUp)) { _ in }
    let interruption = session.interruption
    let clock = ContinuousClock()
    let asked = clock.now + .milliseconds(400)
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.4)
      interruption.request()
      guard requests > 1 else { return }
      Thread.sleep(forTimeInterval: 0.2)
      interruption.request()
    }
    let outcome = session.execute(Cell(source: command)) { _ in }
    let ended = clock.now
    #expect(outcome == .interrupted, "'\(command)' was over before it was interrupted")
    if requests > 1 {
      #expect(try folder.contents("").allSatisfy { !$0.hasSuffix(".tmp") })
    }
    return (ended - asked).inSeconds
  }

  private static let long = works.sorted { $0.key < $1.key }.compactMap { name, work in
    if case .long(let setUp, let command) = work { (name, setUp, command) } else { nil }
  }

  /// A machine that runs other tests beside these takes its time; a command that hangs takes ever so long.
  private static let patience = 6.0

  @Test(arguments: long)
  func oneRequestEndsIt(_ name: String, _ setUp: String, _ command: String) throws {
    let seconds = try seconds(setUp, command, requests: 1)
    print("interrupted: \(name): \((seconds * 100).rounded() / 100) s")
    #expect(seconds < Self.patience)
  }

  @Test(arguments: long)
  func twoRequestsTakeItBack(_ name: String, _ setUp: String, _ command: String) throws {
    let seconds = try seconds(setUp, command, requests: 2)
    print("aborted: \(name): \((seconds * 100).rounded() / 100) s")
    #expect(seconds < Self.patience)
  }
}
