import GFNCore
import Foundation
let args = CommandLine.arguments
let side = Int(args[1])!, steps = Int(args[2])!, method = args[3], threads = Int(args[4])!, seed = UInt64(args.count > 5 ? args[5] : "0")!
let env = try EnvironmentKind.named("hypergrid")!.make(Options([("side", .number(Double(side)))])) { _ in [] }
var c = Configuration()
if method.hasPrefix("RL") { c.objective.kind = method == "RL-T" ? .trustRegion : .policyGradient }
if method.hasSuffix("-B") { c.backward.kind = .learned }
if method.hasSuffix("-G") { c.backward.kind = .guided }
let pool = ThreadPool(threads: threads)
var s = try TrainingState(c, in: env, seed: seed)
let t = try Trainer(env, s, pool)
let target = try TargetDistribution(env)
let ex = ExactEvaluation(env, pool)
var t0 = Date()
var last = t0
for i in 1...steps {
  let r = try t.step(&s, batch: 128)
  if i % (steps/5) == 0 || i == 200 {
    let now = Date()
    let m = DistributionMetrics(learned: try ex.terminatingProbabilities(s)!, target: target)
    print(i, "tv", m.tv, "loss", r.loss, "logZ", r.logZ, target.logZ, "distinct", r.distinctStates, "visits", r.visits, "ms/step", now.timeIntervalSince(last) * 1000 / Double(steps/5), "eval", Date().timeIntervalSince(now)*1000)
    last = Date()
  }
}
print(Date().timeIntervalSince(t0))
