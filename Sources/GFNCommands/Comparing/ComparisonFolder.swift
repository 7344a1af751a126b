import GFNCore
import GFNLanguage
import GFNParameters
import OrderedCollections

/// The folder of `compare … to=DIR`, which any number of processes may share: `runs/` has a file for each
/// run, which nobody writes but the process that has locked it; `runs.csv`, a row for every finished run,
/// and `curves.csv`, their readings, are collected from these.
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

  /// How a run stands.
  enum Standing {
    case finished(ComparisonReading)
    /// It is this process's, as long as the claim is kept.
    case claimed(Descriptor)
    case othersTrain
  }

  private static let texts: Set<String> = ["variant", "budget", "environment", "configuration"]

  private let session: Session
  private let span: Span
  private let path: String
  private let measures: [Measure]
  /// The variants in the order of the tables.
  private let variants: [String]
  private let columns: [String]
  private let identityCount: Int
  /// The file system does not tell what gfn wrote; then the columns do.
  private var hasNoMarks = false
  /// What was read of finished runs, by file: they never change.
  private var finished: [String: [[Value]]] = [:]

  private var runsPath: String { "\(path)/runs.csv" }
  private var curvesPath: String { "\(path)/curves.csv" }
  private var runsFolder: String { "\(path)/runs" }

  /// - Returns: nil where the option is not given.
  /// - Throws: `CommandError`; `mismatch` where the files there have other columns.
  init?(
    _ session: Session, _ arguments: Arguments, _ measures: [Measure], variants: [String]
  ) throws {
    guard let path = arguments.path("to") else { return nil }
    self.session = session
    span = arguments.span(of: "to")
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    self.measures = measures
    self.variants = variants
    let reading = ComparisonReading().fields(measures).map(\.name)
    let identity = Identity(budget: "", batch: 0, environment: "", configuration: "").fields
    columns = ["variant", "seed"] + reading + identity.map(\.name)
    identityCount = identity.count
    hasNoMarks = !session.files.keepsMarks(self.path)
    try requireOwnTable(runsPath, columns)
    try requireOwnTable(curvesPath, Array(columns.dropLast(identityCount)))
  }

  /// Finds that a table is there which was not collected from runs like these.
  private func requireOwnTable(_ file: String, _ columns: [String]) throws {
    guard session.files.exists(file) else {
      return try session.files.checkWritable(file, at: span)
    }
    // It is empty where the first process stopped before its first run was over.
    guard let header = try session.files.records(ofComparison: file, at: span).first?.fields
    else { return }
    try requireColumns(header, columns, of: file)
    guard session.files.names(in: runsFolder).isEmpty else {
      return try session.files.checkWritable(file, overwriting: hasNoMarks, at: span)
    }
    throw CommandError(
      "mismatch", "'\(file)' is there without the files in '\(runsFolder)' that it comes from",
      fix: "choose another folder", at: span)
  }

  private func requireColumns(_ header: [String], _ columns: [String], of file: String) throws {
    guard header != columns else { return }
    guard header.prefix(2) == columns.prefix(2) else {
      throw CommandError(
        "mismatch", "'\(file)' is no table of a comparison", fix: "choose another folder", at: span)
    }
    throw CommandError(
      "mismatch",
      "'\(file)' has the columns \(header.joined(separator: " ")), this comparison "
        + "measures \(columns.joined(separator: " "))", fix: "choose another folder", at: span)
  }

  /// `TB-U,seed=1.csv`; other characters than those of plain names are told apart by a fingerprint.
  private func file(of variant: String, _ seed: Int) -> String {
    let plain = variant.map { character in
      character.isASCII && (character.isLetter || character.isNumber || "-=.".contains(character))
        ? character : "_"
    }
    let short = String(plain.prefix(100))
    let name = short == variant ? short : "\(short)-\(Fingerprint.text(variant))"
    return "\(runsFolder)/\(name),seed=\(seed).csv"
  }

  // MARK: - Runs

  /// The last reading of a run that is finished here; nil where it is not.
  /// - Throws: `CommandError` `mismatch` where a run of the variant and the seed was another.
  mutating func finished(
    _ variant: String, _ seed: Int, _ identity: Identity
  ) throws -> ComparisonReading? {
    let file = file(of: variant, seed)
    guard let last = try rows(of: file)?.last else { return nil }
    let row = Record(pairs: Array(zip(columns, last)))
    for (name, value) in identity.fields {
      let found = row.fields[name] ?? .none
      guard found.json != value.json else { continue }
      throw CommandError(
        "mismatch",
        "'\(file)' holds '\(variant)' with seed \(seed) under another \(name): "
          + "'\(found.displayText)' there, '\(value.displayText)' here",
        fix: "choose another folder", at: span)
    }
    return ComparisonReading(row, measures)
  }

  mutating func standing(
    of variant: String, _ seed: Int, _ identity: Identity
  ) throws -> Standing {
    guard let claim = try session.files.claim(file(of: variant, seed), at: span) else {
      return .othersTrain
    }
    if let reading = try finished(variant, seed, identity) { return .finished(reading) }
    return .claimed(claim)
  }

  /// Keeps a finished run, and collects the tables.
  mutating func add(
    _ variant: String, _ seed: Int, _ identity: Identity, _ readings: [ComparisonReading],
    _ claim: Descriptor
  ) throws {
    let head: [Value] = [.text(variant), .number(Double(seed))]
    let tail = identity.fields.map(\.value)
    let rows = readings.map { head + $0.fields(measures).map(\.value) + tail }
    try write(rows, columns, to: file(of: variant, seed), overwriting: true, claim)
    try collect()
  }

  private func write(
    _ rows: [[Value]], _ columns: [String], to file: String, overwriting: Bool,
    _ claim: Descriptor?
  ) throws {
    try Interruption.finishing {
      let text = CSV.text(of: Table(columns: columns.map { Column($0) }, rows: rows))
      _ = try session.files.replace(
        file, Array(text.utf8), overwriting: overwriting, holding: claim, at: span)
    }
  }

  /// The rows of a run; nil where it is not finished.
  private mutating func rows(of file: String) throws -> [[Value]]? {
    if let known = finished[file] { return known }
    guard session.files.exists(file) else { return nil }
    let records = try session.files.records(ofComparison: file, at: span)
    // A file that is claimed is empty.
    guard let header = records.first?.fields else { return nil }
    try requireColumns(header, columns, of: file)
    let rows = try records.dropFirst().map { record in
      guard record.fields.count == columns.count else {
        throw CommandError("file", "'\(file)' is broken in line \(record.line)", at: span)
      }
      return Self.row(record, columns)
    }
    finished[file] = rows
    return rows
  }

  /// The values that a record of the files holds.
  static func row(_ record: CSV.Record, _ names: [String]) -> [Value] {
    zip(names, record.fields).map { name, field in
      if texts.contains(name) { return .text(field) }
      return Double(field).map { .number($0) } ?? .none
    }
  }

  // MARK: - Tables

  /// The tables are there.
  var isCollected: Bool { !((try? session.files.read(runsPath))?.isEmpty ?? true) }

  /// Writes both tables from all runs that are finished, whoever trained them.
  mutating func collect() throws {
    // One process at a time, so that the last one has seen all.
    var lock = try session.files.claim(runsPath, at: span)
    while lock == nil, !session.interruption.isRequested {
      Pause.shortly()
      lock = try session.files.claim(runsPath, at: span)
    }
    guard let lock else { return }
    var runs: [[[Value]]] = []
    for name in session.files.names(in: runsFolder) where name.hasSuffix(".csv") {
      if let rows = try rows(of: "\(runsFolder)/\(name)"), !rows.isEmpty { runs.append(rows) }
    }
    runs.sort { place(of: $0) < place(of: $1) }
    try write(
      runs.flatMap { $0.map { Array($0.dropLast(identityCount)) } },
      columns.dropLast(identityCount), to: curvesPath, overwriting: hasNoMarks, nil)
    try write(runs.compactMap(\.last), columns, to: runsPath, overwriting: hasNoMarks, lock)
  }

  /// Those of this comparison first, in its order.
  private func place(of run: [[Value]]) -> (Int, String, Double) {
    guard let row = run.first, case .text(let variant) = row[0], case .number(let seed, _) = row[1]
    else { return (.max, "", 0) }
    return (variants.firstIndex(of: variant) ?? .max, variant, seed)
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
