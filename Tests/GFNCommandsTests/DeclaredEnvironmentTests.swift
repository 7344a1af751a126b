import GFNCore
import GFNParameters
import GFNTestSupport
import Testing

@testable import GFNCommands
@testable import GFNLanguage

/// Environments that are declared in the language.
@Suite struct DeclaredEnvironmentTests {
  /// A shipped environment, the same as a declaration, and what its cells are there.
  private struct Twin: Sendable, CustomTestStringConvertible {
    var shipped: String
    var declaration: String
    var declared: String
    var guide: String
    var cells: @Sendable ([Int32]) -> [Int32]
    /// Backward actions of one state are one in the shipped environment.
    var mergesParents = false

    var testDescription: String { shipped }
  }

  private static let twins = [
    Twin(
      shipped: "env hypergrid dim=2 side=12",
      declaration: """
        environment grid(dim=2, side=16, r0=0.01) {
          cells x[dim] in 0..side-1
          action up(i in 0..dim-1) { x[i]: +1 }
          reward r0 + 0.5 * all(2*abs(2*x[i]-side+1) > side-1 for i in 0..dim-1) \
            + 2 * all(5*abs(2*x[i]-side+1) > 3*(side-1) and 5*abs(2*x[i]-side+1) < 4*(side-1) \
            for i in 0..dim-1)
        }
        """, declared: "env grid side=12", guide: "threshold=0.01", cells: { $0 }),
    Twin(
      shipped: "env set size=6 choose=3",
      declaration: """
        environment subsets(size=6, choose=3) {
          cells x[size] in 0..1 inputs 1..1
          action add(i in 0..size-1) when sum(x) < choose { x[i]: 0 -> 1 }
          exit when sum(x) == choose
          reward 1 + sum(i * x[i] for i in 0..size-1)
        }
        """, declared: "env subsets", guide: "", cells: { $0 }),
    Twin(
      shipped: "env bitsequence length=5 modes=3 alpha=0.5",
      declaration: """
        environment bits(length=5, alpha=1) {
          cells b[length] in -1..1 inputs 0..1 letters "_01"
          action put(c in 0..1, i in 0..length-1) { b[i]: -1 -> c }
          exit when count(b, -1) == 0
          log_reward -alpha * min(MODES)
        }
        """, declared: "env bits alpha=0.5", guide: "", cells: { $0 }),
    Twin(
      shipped: "env perfect-tree depth=3 branching=2",
      declaration: """
        environment tree(depth=3, branching=2) {
          cells path[depth] in -1..branching-1 inputs 0..branching-1
          cells level in 0..depth inputs none
          action child(c in 0..branching-1) when level < depth { path[level]: -1 -> c; level: +1 }
          exit when level == depth
          reward 1 + sum(path[i] * branching^(depth-1-i) for i in 0..depth-1)
        }
        """, declared: "env tree", guide: "",
      cells: { cells in
        var path: [Int32] = []
        var node = cells[0]
        while node > 0 {
          path.insert((node - 1) % 2, at: 0)
          node = (node - 1) / 2
        }
        return path + [Int32](repeating: -1, count: 3 - path.count) + [Int32(path.count)]
      }, mergesParents: true),
  ]

  /// The distances to the modes that the shipped environment has drawn, as a formula.
  private static func complete(_ twin: Twin, _ lab: Lab) throws -> String {
    guard twin.declaration.contains("MODES") else { return twin.declaration }
    let environment = try #require(lab.session.workbench.environment)
    let count = try #require(environment.enumeration).terminating
    let modes = (0..<count).map { environment.terminatingState(at: $0) }
      .filter { environment.logReward($0) == 0 }
    let distances = modes.map { mode in
      mode.enumerated().map { "(b[\($0.offset)] != \($0.element))" }.joined(separator: " + ")
    }
    return twin.declaration.replacing("MODES", with: distances.joined(separator: ", "))
  }

  @Test(arguments: twins) private func aDeclaredTwinHasTheSameStatesMasksAndTarget(twin: Twin)
    throws
  {
    let lab = try Lab()
    #expect(lab.run(twin.shipped) == .done)
    let shipped = try #require(lab.session.workbench.environment)
    let declaration = try Self.complete(twin, lab)
    #expect(
      lab.run("\(declaration)\n\(twin.declared)") == .done,
      "\(lab.failures.map { $0.rendered() })")
    let declared = try #require(lab.session.workbench.environment)
    #expect(declared.enumeration == shipped.enumeration)
    #expect(declared.featureCount == shipped.featureCount)
    #expect(declared.maximumLength == shipped.maximumLength)
    let target = try TargetDistribution(shipped)
    let other = try TargetDistribution(declared)
    #expect(abs(target.logZ - other.logZ) < 1e-12)
    for index in 0..<(try #require(shipped.enumeration).states) {
      let state = shipped.state(at: index)
      let cells = twin.cells(state)
      #expect(declared.forwardMask(cells) == shipped.forwardMask(state))
      let parents = declared.backwardMask(cells)
      if twin.mergesParents {
        #expect(parents.count { $0 } == (index == 0 ? 0 : 1))
      } else {
        #expect(parents == shipped.backwardMask(state))
      }
      if shipped.forwardMask(state).last == true {
        #expect(declared.reward(cells) == shipped.reward(state))
      }
    }
  }

  @Test(arguments: twins, ["TB-U", "RL-G", "RL-T"])
  private func aDeclaredTwinTrainsToTheSameBits(twin: Twin, method: String) throws {
    let lab = try Lab()
    #expect(lab.run(twin.shipped) == .done)
    let declaration = try Self.complete(twin, lab)
    func steps(_ environment: String) throws -> [String] {
      let lab = try Lab()
      let guide = method == "RL-G" ? twin.guide : ""
      #expect(
        lab.run(
          """
          policy layers=1 hidden=16; critic layers=1 hidden=16
          \(environment); method \(method) \(guide); seed 3
          let t = train 50 every=1 batch=16 measure=[loss]
          for row in $t { print $row.loss, $row.log_z, $row.grad_norm, $row.entropy, $row.length }
          """) == .done, "\(lab.failures.map { $0.rendered() })")
      return lab.printed
    }
    let shipped = try steps(twin.shipped)
    #expect(shipped.count == 50)
    #expect(try steps("\(declaration)\n\(twin.declared)") == shipped)
  }

  // MARK: - What is refused

  private static func wrong(_ items: String, head: String = "w(n=3)", env: String = "env w")
    -> String
  {
    "environment \(head) {\n\(items)\n}\n\(env)"
  }

  private static let cells = "cells x[n] in 0..2\n"
  private static let up = "action up(i in 0..n-1) { x[i]: +1 }\n"

  private static let wrongs: [(script: String, code: String, words: [String])] = [
    // What only listing the states shows.
    (
      wrong(cells + up + "action down(i in 0..n-1) { x[i]: -1 }\nreward 1"), "declaration",
      ["cycle", "(0, 0, 0)", "up0, down0", "it is s0"]
    ),
    (
      wrong(cells + up + "exit when x == [2, 2, 1]\nreward 1"), "declaration",
      ["(2, 2, 2) is a dead end", "s0 → ", "exit"]
    ),
    (
      wrong(
        cells
          + "action one(i in 1..n-1) { x[i]: 0 -> 1 }\naction two when x[1] == 1 { x[0]: 0 -> 1 }\n"
          + "action three when x[0] == 1 { x[2]: 1 -> 2 }\nreward 1"), "declaration",
      ["can be undone", "no path leads from s0", "s0 → "]
    ),
    (
      wrong(cells + "action start(i in 0..n-1) { x[i]: 1 -> 2 }\nreward 1"), "declaration",
      ["no action is possible"]
    ),
    (wrong(cells + up + "reward x[0] - 1"), "declaration", ["(0, 0, 0)", "-1", "≥ 0"]),
    (
      wrong(
        "cells x[n] in 0..99\n" + up + "reward 1 - 2 * (x[0] == 77 and x[1] == 42 and x[2] == 13)"),
      "declaration", ["(77, 42, 13)", "-1"]
    ),
    (
      wrong("cells x[n] in 0..99\n" + up + "reward log(1 - 2 * (x == [5, 6, 7])) + 1"),
      "declaration",
      ["(5, 6, 7)", "nan"]
    ),
    (wrong(cells + up + "reward 1 / x[0]"), "declaration", ["divides by zero", "(0, 0, 0)"]),
    (wrong(cells + up + "reward 0 * x[0]"), "declaration", ["0 everywhere"]),
    (wrong(cells + up + "reward x[0] * 1e308 * x[1] * 1e308"), "declaration", ["inf"]),
    (
      wrong(
        "cells x[n] in 0..99\n" + up + "action down { x[0]: -1 }\nreward 1", head: "w(n=4)"),
      "declaration", ["more than 2^20 states", "one way"]
    ),
    // What the declaration itself shows, once its parameters are known.
    (
      wrong(cells + "action up(i in 0..n) { x[i]: +1 }\nreward 1"), "declaration", ["x[3]", "x[2]"]
    ),
    (wrong(cells + "action up { x[0]: 2 -> 3 }\nreward 1"), "declaration", ["3 lies outside 0..2"]),
    (wrong(cells + "action up { x[0]: +3 }\nreward 1"), "declaration", ["can change by 3"]),
    (wrong(cells + "action up { x: +1 }\nreward 1"), "declaration", ["which of the 3 cells"]),
    (
      wrong(cells + "action up { x[0]: 0 -> 1; x[0]: 1 -> 2 }\nreward 1"), "declaration",
      ["same cell twice"]
    ),
    (wrong("cells x[n] in 2..1\n" + up + "reward 1"), "declaration", ["no two values"]),
    (wrong("cells x[n] in 0..2 start 5\n" + up + "reward 1"), "declaration", ["start 5"]),
    (wrong("cells x[n] in 0..2 letters \"ab\"\n" + up + "reward 1"), "declaration", ["2 letters"]),
    (wrong("cells x[n] in 0..2 letters \"aab\"\n" + up + "reward 1"), "declaration", ["different"]),
    (wrong(cells + up + "exit when x[0] + 1\nreward 1"), "declaration", ["not a condition"]),
    (wrong(cells + up + "reward sum(x) + x"), "declaration", ["list"]),
    (wrong(cells + up), "declaration", ["nothing of its rewards", "program="]),
    (wrong("cells x[n] in 0..x\n" + up + "reward 1"), "unknown-name", ["'x'"]),
    (wrong(cells + up + "reward 1", env: "env w n=1.5"), "declaration", ["1.5", "integer"]),
    (wrong(cells + up + "reward 1", env: "env w n=100000000"), "declaration", ["integer from 1"]),
    // What reading it shows.
    (wrong(cells + up + "reward 1", env: "env w n=true"), "wrong-type", ["number"]),
    (wrong(cells + up + "reward 1", env: "env w m=2"), "unknown-option", ["m"]),
    (wrong(cells + up + "reward 1", env: "env v"), "unknown-word", ["v"]),
    (wrong(cells + up + "reward y"), "unknown-name", ["'y'"]),
    (wrong(cells + up + "rewards 1", env: "env w n=4 m=2"), "syntax", ["reward"]),
    (wrong(cells + up + "reward 1\nreward 2"), "syntax", ["twice"]),
    (wrong(cells + "action up(i in 0..n-1) { x[i] = 1 }\nreward 1"), "syntax", []),
    (wrong(cells + "action up(i in 0..n-1) { x[i]: 1 }\nreward 1"), "syntax", ["->"]),
    (wrong(cells + up + up + "reward 1"), "syntax", ["'up' already"]),
    (
      wrong(cells + up + "reward 1", head: "hypergrid(n=3)", env: ""), "reserved-name",
      ["hypergrid"]
    ),
    (wrong(cells + up + "reward 1", head: "w(n=3, clip=2)"), "reserved-name", ["clip"]),
    (wrong(cells + up + "reward 1", head: "w(n=3, sum=2)"), "reserved-name", ["sum"]),
    (wrong(cells + up + "reward 1", head: "w(n)"), "syntax", ["no value"]),
    (wrong(cells + up + "reward 1", head: "w(n=3, n=4)"), "duplicate-parameter", []),
  ]

  @Test(arguments: wrongs.indices) func whatIsNoEnvironmentIsRefused(_ index: Int) throws {
    let (script, code, words) = Self.wrongs[index]
    let lab = try Lab()
    #expect(lab.run("env hypergrid side=8; train 3") == .done)
    #expect(lab.run(script) == .failed, "\(script)")
    let failure = try #require(lab.failures.first)
    #expect(failure.code == code, "\(script)\n\(failure.rendered())")
    for word in words {
      #expect(failure.rendered().contains(word), "\(script)\n\(failure.rendered())")
    }
    #expect(lab.failures.count == 1, "\(lab.failures.map { $0.rendered() })")
    // Nothing is lost.
    #expect(lab.session.workbench.training?.step == 3)
  }

  // MARK: - In the session

  private static let lattice = """
    # Spins that like to agree.
    environment lattice(side=2, coupling=0.4) {
      cells spin[side * side] in 0..2 letters "_-+"
      action down(i in 0..side*side-1) { spin[i]: 0 -> 1 }
      action up(i in 0..side*side-1)   { spin[i]: 0 -> 2 }
      exit when count(spin, 0) == 0
      reward exp(coupling * sum((2*spin[i]-3) * (2*spin[i+1]-3) for i in 0..side*side-2))
      modes all(spin[i] == spin[0] for i in 0..side*side-1)
    }
    """

  @Test func theyAreLookedAtLikeAnyOther() throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        \(Self.lattice)
        env lattice coupling=0.2
        method RL-G
        policy layers=1 hidden=16; critic layers=1 hidden=16
        train 20; top 3; sample 3; trace; inspect "+___"; modes; evaluate; verify; gradient; show
        let t = trace path=[up0, down3, up1, up2]; assert $t.path[-1] == "+++-"
        let e = env; assert $e.states == 81; assert $e.modes == 2; assert $e.longest_trajectory == 4
        reward coupling=1; assert (env).environment == "lattice coupling=1"
        reward reward="1 + (spin[0] == \\"+\\")"
        assert near((evaluate).log_z_exact, log(24), 1e-9)
        reward modes="spin[0] == 2"; assert (env).modes == 8
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    // Only what the reward alone depends on may change while what was learned stays.
    #expect(lab.run("reward side=3") == .failed)
    #expect(lab.code("env hypergrid side=8; reward coupling=1") == "option")
    #expect(lab.run("undo") == .done)
    #expect(lab.run("assert (env).states == 81; env list; help env; ?environment") == .done)
    #expect(lab.run("help lattice") == .done, "\(lab.failures.map { $0.rendered() })")
  }

  @Test func itsDeclarationGoesWhereItGoes() throws {
    let folder = try TemporaryFolder()
    let lab = try Lab()
    #expect(
      lab.run(
        """
        \(Self.lattice)
        env lattice coupling=0.2; method TB-U; policy layers=1 hidden=16; train 5
        save "\(folder.path)/a.safetensors"
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    let script = lab.session.workbench.script
    #expect(script.contains("action down(i in 0..side*side-1)"))
    // What is shown can be run, and a checkpoint sets up its session.
    let again = try Lab()
    #expect(again.run(script) == .done, "\(again.failures.map { $0.rendered() })")
    #expect(
      again.run("load \"\(folder.path)/a.safetensors\" resume=true; train 5") == .done,
      "\(again.failures.map { $0.rendered() })")
    let alone = try Lab()
    #expect(
      alone.run("load \"\(folder.path)/a.safetensors\" resume=true; train 5") == .done,
      "\(alone.failures.map { $0.rendered() })")
    #expect(alone.session.workbench.training?.step == 10)
    #expect(
      alone.session.workbench.training?.networks[.forwardPolicy]
        == again.session.workbench.training?.networks[.forwardPolicy])
    // Another declaration of the name does not go on, comments and blanks aside.
    let other = try Lab()
    let changed = Self.lattice.replacing("coupling * sum", with: "2 * coupling * sum")
    #expect(
      other.run(
        """
        \(changed)
        env lattice coupling=0.2; method TB-U; policy layers=1 hidden=16
        load "\(folder.path)/a.safetensors" resume=true
        """) == .failed)
    #expect(other.failures.first?.code == "mismatch")
    #expect(other.failures.first?.message.contains("'lattice' is declared otherwise") == true)
    let same = try Lab()
    #expect(
      same.run(
        """
        \(Self.lattice.replacing("# Spins that like to agree.\n", with: "").replacing("   {", with: " {"))
        env lattice coupling=0.2; method TB-U; policy layers=1 hidden=16
        load "\(folder.path)/a.safetensors" resume=true
        """) == .done, "\(same.failures.map { $0.rendered() })")
  }

  @Test func aDefinitionInItIsWrittenOut() throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        def energy(a, b) { return ($a - 1.5) * ($b - 1.5) }
        environment pair(j=1) {
          cells s[2] in 0..2
          action set(i in 0..1, v in 1..2) { s[i]: 0 -> v }
          exit when count(s, 0) == 0
          log_reward 4 * j * energy(s[0], s[1])
        }
        env pair j=0.5
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    let alone = try Lab()
    #expect(alone.run(lab.session.workbench.script) == .done)
    #expect(alone.session.workbench.environment?.logReward([1, 1]) == 0.5)
  }

  @Test func aLargeOneIsTriedByWalks() throws {
    let lab = try Lab()
    #expect(
      lab.run(
        """
        environment big(n=12) {
          cells x[n] in 0..9
          action up(i in 0..n-1) { x[i]: +1 }
          reward 0.01 + all(x[i] > 6 for i in 0..n-1)
        }
        env big; method TB-U; policy layers=1 hidden=8; train 2 batch=8; sample 2; evaluate samples=20
        """) == .done, "\(lab.failures.map { $0.rendered() })")
    #expect(lab.notices.contains { $0.contains("sampled, not proved") })
    let wrong = try Lab()
    #expect(
      wrong.run(
        """
        environment big(n=12) {
          cells x[n] in 0..9
          action up(i in 0..n-1) { x[i]: +1 }
          exit when sum(x) < 20
          reward 1
        }
        env big
        """) == .failed)
    #expect(wrong.failures.first?.message.contains("dead end") == true)
  }
}
