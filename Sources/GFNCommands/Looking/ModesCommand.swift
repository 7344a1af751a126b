import GFNCore
import GFNLanguage
import OrderedCollections

extension CommandSpec {
  static let modes = CommandSpec(
    "modes", group: .look, summary: "count the modes that training has found",
    details: """
      On the standard grid the modes are the states with the greatest reward, if not all have it, and \
      the regions the 2^dim corners they lie in; elsewhere the modes are a given list or the 0.5 % of objects with the \
      greatest reward.
      """,
    examples: [CommandExample("env hypergrid side=16; train 20; modes", "after a little training")],
    result: .record([
      "modes_found", "modes_total", "regions_found", "regions_total", "states_visited",
      "evaluations",
    ])
  ) { session, arguments in
    let (environment, state) = try session.experiment(arguments)
    return .record(Record(discovered(state, environment)))
  }

  static func discovered(
    _ state: TrainingState, _ environment: any Environment
  ) -> OrderedDictionary<String, Value> {
    var fields: OrderedDictionary<String, Value> = [:]
    if let modes = environment.modes {
      fields["modes_found"] = .number(Double(state.discoveries.modes.count))
      fields["modes_total"] = modes.total.map { .number(Double($0)) } ?? Value.none
    }
    if let regions = environment.regions {
      fields["regions_found"] = .number(Double(state.discoveries.regions.count))
      fields["regions_total"] = regions.total.map { .number(Double($0)) } ?? Value.none
    }
    fields["states_visited"] = .number(Double(state.discoveries.statesVisited))
    fields["evaluations"] = .number(Double(state.discoveries.evaluations))
    return fields
  }
}
