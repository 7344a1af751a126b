import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let load = CommandSpec(
    "load", group: .keep, summary: "take the estimators that a safetensors file holds",
    positionals: [Parameter("FILE", .path(.read), help: "a safetensors file", required: true)],
    options: [
      Parameter("from", .text, help: "prefix of the names in the file, as \"model.\""),
      Parameter(
        "as",
        .enumeration(
          Estimator.allCases.map { Choice($0.rawValue, "names \($0.rawValue).K.weight, K.bias") }),
        help: "the estimator that those tensors are"),
      Parameter(
        "resume", .boolean, default: false,
        help: "the whole training state: training goes on bit for bit"),
    ],
    details: """
      Takes every estimator under the names pf, pb, value_forward, value_backward, \
      log_state_flow, log_edge_flow and logZ, also those that the objective does not use yet; the policy \
      of flow matching is log_edge_flow, and pf and log_edge_flow stand in for each other. Other names are ignored and counted. from= is cut \
      from the names; with as= what follows it is that estimator's LAYER.weight and LAYER.bias. Layers may be \
      numbered with gaps, as a PyTorch nn.Sequential numbers them. The optimisers start afresh. \
      Numbers of the types F64, F16 and BF16 become Float32.

      resume=true takes everything that 'save FILE' kept, the seed included: step, optimisers, random \
      streams, replay and counts. Where there is no environment yet, the file sets up environment, method and \
      everything else first; else environment and configuration have to be those of the file, but for \
      'optimizer' and 'explore', which may be changed on the way.
      """,
    examples: [
      CommandExample(
        "env hypergrid side=8; train 5; save s.safetensors; reset; load s.safetensors",
        "the weights are back"),
      CommandExample(
        "env hypergrid side=8; train 5; save s.safetensors; reset; load s.safetensors resume=true",
        "as if nothing had happened; so, too, alone in another session"),
    ],
    result: .record(["loaded", "log_z", "ignored", "step"]), changesState: true,
    judgeAll: { _, arguments in
      guard arguments.boolean("resume") == true,
        let option = ["from", "as"].first(where: arguments.has)
      else { return }
      throw arguments.error(
        "option", "resume=true takes the whole state, '\(option)' a part", fix: "leave one out",
        at: option)
    }
  ) { session, arguments in
    guard let path = arguments.path("FILE") else { return .none }
    if arguments.boolean("resume") == true { return try resume(session, arguments, path) }
    let (environment, state) = try session.experiment(arguments)
    let bytes = try session.files.read(path, at: arguments.span(of: "FILE"))
    var changed = state
    let loaded = try session.core(arguments) {
      var file = try SafeTensors(bytes, path: path)
      if arguments.has("from") || arguments.has("as") {
        file.rename(
          from: arguments.text("from") ?? "",
          to: arguments.word("as").map { $0 + "." } ?? "")
      }
      return try changed.load(file, path: path, in: environment)
    }
    session.workbench.update(changed)
    for (type, tensors) in Dictionary(grouping: loaded.converted, by: \.value.rawValue)
      .sorted(by: { $0.key < $1.key })
    {
      session.note(
        "\(counted(tensors.count, "tensor")) of type \(type) \(tensors.count == 1 ? "is" : "are") "
          + "converted to Float32")
    }
    return .record(
      Record([
        "loaded": .list(loaded.estimators.map { .text($0.rawValue) }),
        "log_z": loaded.hasLogZ ? .number(changed.logZ) : .none,
        "ignored": .number(Double(loaded.ignored)), "step": .number(Double(changed.step)),
      ]))
  }

  private static func resume(
    _ session: Session, _ arguments: Arguments, _ path: String
  ) throws -> Value {
    let bytes = try session.files.read(path, at: arguments.span(of: "FILE"))
    let isFresh = session.workbench.environment == nil
    let resumed =
      isFresh
      ? try session.setUp(from: path, bytes, arguments, at: "FILE")
      : try session.resumed(path, bytes, arguments, at: "FILE")
    session.workbench.resume(resumed)
    let (environment, _) = try session.experiment(arguments)
    if isFresh {
      session.note("set up as '\(path)' says: env \(environment.specification.text)")
    }
    let logZ = try session.core(arguments) {
      try resumed.reportedLogZ(in: environment, session.workbench.pool)
    }
    return .record(
      Record([
        "loaded": .list(resumed.networks.keys.map(\.rawValue).sorted().map { .text($0) }),
        "log_z": logZ.orNone, "ignored": .number(0),
        "step": .number(Double(resumed.step)),
      ]))
  }
}
