import GFNCore
import OrderedCollections

extension CommandSpec {
  static let save = CommandSpec(
    "save", group: .keep, summary: "save the training state, or a table",
    positionals: [
      Parameter("what", .any, help: "a file name; or a table with to=FILE", required: true)
    ],
    options: [
      Parameter("to", .path(.write), help: "where a table goes: .csv, .tsv, .json or .jsonl"),
      Parameter("weights", .boolean, default: "false", help: "parameters alone"),
    ],
    details: """
      'save FILE' writes a safetensors file that Python opens: tensors in PyTorch's layout under the \
      names pf.0.weight, …, logZ, and the optimisers' moments, step and streams beside them. \
      'save $table to=FILE' writes a table, and a record as a table of one row.
      """,
    examples: [
      CommandExample("env hypergrid side=8; train 5; save state.safetensors", "everything"),
      CommandExample("env hypergrid side=8; save w.safetensors weights=true", "parameters alone"),
      CommandExample(
        "env hypergrid side=8; let t = train 5; save $t to=t.csv", "a table"),
    ]
  ) { session, arguments in
    guard let what = arguments.value("what") else { return .none }
    if let path = arguments.path("to") {
      let table: Value
      switch what {
      case .table: table = what
      case .record(let record):
        table = .table(
          Table(
            columns: record.fields.keys.map { Column($0) }, rows: [Array(record.fields.values)]))
      default:
        throw arguments.error(
          "type", "only a table or a record can be saved with to=",
          fix: "save FILE keeps the training state", at: "what")
      }
      try TableFile(path, at: arguments.span(of: "to")).write(table, with: session.files)
      return .none
    }
    guard case .text(let path) = what else {
      throw arguments.error(
        "type", "this is no file name", fix: "give a file, or to=FILE for a table", at: "what")
    }
    let (environment, state) = try session.experiment(arguments)
    let file =
      arguments.boolean("weights") == true
      ? SafeTensors(tensors: state.weights())
      : state.checkpoint(environment: environment, configuration: session.workbench.script)
    let bytes = try session.core(arguments) { try file.encoded() }
    try session.files.write(path, bytes, at: arguments.span(of: "what"))
    return .none
  }
}
