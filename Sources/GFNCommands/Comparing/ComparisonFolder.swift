import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

/// The folder of `compare … to=DIR`: `runs.csv` with a row for every finished run, `curves.csv` with their
/// readings. Both are rewritten as a whole after each run, the curves first: what is in `runs.csv` is
/// complete.
struct ComparisonFolder {
  /// What makes a run this run and no other, beside its variant and its seed.
  struct Identity {
    var budget: String
    var batch: Int
    var environment: String
    var configuration: String

    var fields: [(name: String, value: Value)] {
      [
        ("budget", .text(budget)), ("batch", .number(Double(batch))),
        ("environment", .text(environment)), ("configuration", .text(configuration)),
      ]
    }
  }

  private static let texts: Set<String> = ["variant", "budget", "environment", "configuration"]

  private let session: Session
  private let arguments: Arguments
  private let path: String
  private let measures: [Measure]
  private var runs: Table
  private var curves: Table

  private var runsPath: String { "\(path)/runs.csv" }
  private var curvesPath: String { "\(path)/curves.csv" }

  /// - Returns: nil where the option is not given.
  /// - Throws: `CommandError`; `mismatch` where the files there have other columns.
  init?(_ session: Session, _ arguments: Arguments, _ measures: [Measure]) throws {
    guard let path = arguments.path("to") else { return nil }
    self.session = session
    self.arguments = arguments
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    self.measures = measures
    let reading = ComparisonReading().fields(measures).map(\.name)
    let identity = Identity(budget: "", batch: 0, environment: "", configuration: "").fields
    runs = Table(
      columns: (["variant", "seed"] + reading + identity.map(\.name)).map { Column($0) }, rows: [])
    curves = Table(columns: (["variant", "seed"] + reading).map { Column($0) }, rows: [])
    try session.files.checkWritable(runsPath, at: arguments.span(of: "to"))
    try read(runsPath, into: &runs)
    try read(curvesPath, into: &curves)
    // Of a run whose last line was not written: it is trained again.
    let finished = Set(runs.rows.map { Self.key($0) })
    curves.rows.removeAll { !finished.contains(Self.key($0)) }
  }

  private static func key(_ row: [Value]) -> String { Value.list(Array(row.prefix(2))).json }

  private func read(_ file: String, into table: inout Table) throws {
    guard session.files.exists(file) else { return }
    let span = arguments.span(of: "to")
    let records = try session.files.records(ofComparison: file, at: span)
    let names = table.columns.map(\.name)
    guard let header = records.first?.fields else {
      throw CommandError(
        "file", "'\(file)' is empty", fix: "remove it, or choose another folder", at: span)
    }
    guard header.prefix(2) == names.prefix(2) else {
      throw CommandError(
        "mismatch", "'\(file)' is no table of a comparison", fix: "choose another folder", at: span)
    }
    guard header == names else {
      throw CommandError(
        "mismatch",
        "'\(file)' has the columns \(header.joined(separator: " ")), this comparison "
          + "measures \(names.joined(separator: " "))", fix: "choose another folder", at: span)
    }
    for record in records.dropFirst() {
      guard record.fields.count == names.count else {
        throw CommandError("file", "'\(file)' is broken in line \(record.line)", at: span)
      }
      table.rows.append(Self.row(record, names))
    }
  }

  /// The values that a record of the files holds.
  static func row(_ record: CSV.Record, _ names: [String]) -> [Value] {
    zip(names, record.fields).map { name, field in
      if texts.contains(name) { return .text(field) }
      return Double(field).map { .number($0) } ?? .none
    }
  }

  /// The last reading of a run that is finished here; nil where it is not.
  /// - Throws: `CommandError` `mismatch` where a run of the variant and the seed was another.
  func finished(_ variant: String, _ seed: Int, _ identity: Identity) throws -> ComparisonReading? {
    let key = Self.key([.text(variant), .number(Double(seed))])
    guard let index = runs.rows.firstIndex(where: { Self.key($0) == key }) else { return nil }
    let row = runs.row(index)
    for (name, value) in identity.fields {
      let found = row.fields[name] ?? .none
      guard found.json != value.json else { continue }
      throw CommandError(
        "mismatch",
        "'\(runsPath)' holds '\(variant)' with seed \(seed) under another \(name): "
          + "'\(found.displayText)' there, '\(value.displayText)' here",
        fix: "choose another folder", at: arguments.span(of: "to"))
    }
    return ComparisonReading(row, measures)
  }

  /// Adds a finished run and writes both files.
  mutating func add(
    _ variant: String, _ seed: Int, _ identity: Identity, _ readings: [ComparisonReading]
  ) throws {
    guard let last = readings.last else { return }
    let head: [Value] = [.text(variant), .number(Double(seed))]
    curves.rows += readings.map { head + $0.fields(measures).map(\.value) }
    runs.rows.append(head + last.fields(measures).map(\.value) + identity.fields.map(\.value))
    let span = arguments.span(of: "to")
    try TableFile(curvesPath, at: span).write(.table(curves), with: session.files)
    try TableFile(runsPath, at: span).write(.table(runs), with: session.files)
  }
}

extension Files {
  /// The records of a file that `compare` wrote.
  /// - Throws: `CommandError` that names the line.
  func records(ofComparison file: String, at span: Span?) throws -> [CSV.Record] {
    let bytes = try read(file, at: span)
    do {
      return try CSV.records(bytes)
    } catch {
      throw CommandError(
        "file",
        "'\(file)' is no table of comma-separated values: line \(error.line): \(error.reason)",
        fix: "remove it, and let 'compare' write it anew", at: span)
    }
  }
}

extension ComparisonReading {
  /// As a row of the files.
  func fields(_ measures: [Measure]) -> [(name: String, value: Value)] {
    [("step", .number(Double(step)))]
      + measures.map { ($0.name, (self.measures[$0.name] ?? .nan).orNone) }
      + [
        ("evaluations", .number(Double(evaluations))),
        ("guide_evaluations", .number(Double(guideEvaluations))),
        ("distinct_rewards", .number(Double(distinctRewards))), ("seconds", .number(seconds)),
      ]
  }

  /// The way back from a row.
  init(_ row: Record, _ measures: [Measure]) {
    self.init()
    func number(_ name: String) -> Double {
      if case .number(let number, _)? = row.fields[name] { number } else { .nan }
    }
    func count(_ name: String) -> Int { Int(exactly: number(name)) ?? 0 }
    step = count("step")
    for measure in measures { self.measures[measure.name] = number(measure.name) }
    evaluations = count("evaluations")
    guideEvaluations = count("guide_evaluations")
    distinctRewards = count("distinct_rewards")
    seconds = number("seconds")
  }
}
