import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

extension CommandSpec {
  static let save = CommandSpec(
    "save", group: .keep, summary: "save the training state, or a value",
    positionals: [
      Parameter("what", .any, help: "a file name; or a value with to=FILE", required: true)
    ],
    options: [
      Parameter("to", .path(.write), help: "where a value goes: .csv, .tsv, .json or .jsonl"),
      Parameter("weights", .boolean, default: false, help: "parameters alone"),
    ],
    details: """
      'save FILE' writes a safetensors file that Python opens: tensors in PyTorch's layout under the \
      names pf.0.weight, …, logZ, and beside them all that 'load FILE resume=true' needs. \
      'save $table to=FILE' writes a table, a record as a table of one row, a list of records as one of \
      as many rows, any other list as the column 'value'. A cell that has parts is JSON in CSV and TSV.
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
      guard let table = what.asTable else {
        throw arguments.error(
          "wrong-type", "only a table, a record or a list can be saved with to=",
          fix: "save FILE keeps the training state", at: "what")
      }
      let file = try TableFile(
        path, overwriting: arguments.overwrites, at: arguments.span(of: "to"))
      try file.write(.table(table), with: session.files)
      return .none
    }
    guard case .text(let path) = what else {
      throw arguments.error(
        "wrong-type", "this is no file name", fix: "give a file, or to=FILE for a table", at: "what"
      )
    }
    let (environment, state) = try session.experiment(arguments)
    let file =
      arguments.boolean("weights") == true
      ? SafeTensors(tensors: state.weights())
      : try session.core(arguments) {
        try state.checkpoint(
          environment: environment, configuration: session.workbench.compactScript)
      }
    let bytes = try session.core(arguments) { try file.encoded() }
    try session.files.write(
      path, bytes, overwriting: arguments.overwrites, at: arguments.span(of: "what"))
    return .none
  }
}
