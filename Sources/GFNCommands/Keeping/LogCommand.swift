import GFNCore
import GFNLanguage
import GFNParameters

extension CommandSpec {
  static let logMetrics = CommandSpec(
    "log", group: .keep, summary: "write the metrics of 'train' to files as they come",
    positionals: [
      Parameter("WHAT", .enumeration([Choice("off", "log no more")]), help: "what to do instead")
    ],
    options: [
      Parameter("csv", .path(.extend), help: "a CSV file, with all of train's columns"),
      Parameter("jsonl", .path(.extend), help: "a file of JSON objects, one a line"),
      Parameter("tensorboard", .path(.extend), help: "a folder that TensorBoard is shown"),
    ],
    details: """
      From then on every row of every 'train', one each 'every' steps, is in the files before the next step. \
      'log' alone says what is logged, 'log off' ends it; an option given again changes that file. \
      Files that are there are appended to, a CSV file where it has the same columns: those of any 'train', \
      empty where a row did not measure them. A loop over seeds may want a file each: \
      csv="run-{$seed}.csv".

      What training has done stays in the log, also where it was interrupted, undone or restored from a \
      snapshot: then the steps go back. 'compare' is not logged; its folder keeps its runs.

      Watch a folder with 'tensorboard --logdir DIR'. TensorBoard needs the time of day, so these files \
      differ from run to run, as the column 'seconds' does.
      """,
    examples: [
      CommandExample(
        "log csv=metrics.csv; env hypergrid side=8; train 20 every=10", "two rows"),
      CommandExample("log jsonl=run.jsonl tensorboard=runs/a; log off", "both, and no more"),
      CommandExample("log", "what is logged"),
    ],
    result: .record(["csv", "jsonl", "tensorboard"]),
    judgeAll: { _, arguments in
      guard arguments.has("WHAT"), arguments.count > 1 else { return }
      throw arguments.error(
        "option", "'log off' takes no files", fix: "write 'log off' alone", at: "WHAT")
    }
  ) { session, arguments in
    let log = session.companion { MetricLog() }
    if arguments.has("WHAT") { log.stop() }
    let files = session.files
    if let csv = arguments.path("csv"), let lines = arguments.path("jsonl"),
      files.resolve(csv) == files.resolve(lines)
    {
      throw arguments.error(
        "option", "csv= and jsonl= cannot share a file", fix: "name two", at: "jsonl")
    }
    if let path = arguments.path("csv") {
      try log.openCSV(path, files: files, at: arguments.span(of: "csv"))
    }
    if let path = arguments.path("jsonl") {
      try log.openJSONLines(path, files: files, at: arguments.span(of: "jsonl"))
    }
    if let folder = arguments.path("tensorboard") {
      try log.openEvents(in: folder, files: files, at: arguments.span(of: "tensorboard"))
    }
    return arguments.count > 0 ? .none : .record(log.record)
  }
}
