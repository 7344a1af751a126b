import GFNLanguage
import GFNParameters
import OrderedCollections

/// The files that take the metrics of `train` as they come.
final class MetricLog {
  /// The columns of the CSV file: the same whatever a `train` measures, so that all can go into one.
  private let columns: [String]
  private var csv: GrowingFile?
  /// The columns of the file that `csv` is: of an earlier version it may have fewer, and goes on with these.
  private var csvColumns: [String] = []
  private var jsonLines: GrowingFile?
  private var events: EventFile?

  init() {
    columns = if case .table(let columns, _) = CommandSpec.train.result { columns } else { [] }
  }

  /// Where the metrics go, by option; nothing where they do not.
  var record: Record {
    let paths: [(String, String?)] = [
      ("csv", csv?.path), ("jsonl", jsonLines?.path), ("tensorboard", events?.folder),
    ]
    return Record(
      OrderedDictionary(
        uniqueKeysWithValues: paths.map { ($0, $1.map { .text($0) } ?? .none) }),
      display: paths.allSatisfy { $1 == nil } ? "nothing is logged" : nil)
  }

  func stop() { (csv, jsonLines, events) = (nil, nil, nil) }

  /// - Throws: `CommandError`, where the file cannot be written or holds a table with other columns.
  func openCSV(_ path: String, files: Files, at span: Span?) throws {
    if csv?.isWritten(at: path, files) == true { return }
    let file = try GrowingFile(path, files: files, at: span)
    if let header = file.firstLine() {
      guard let found = try? CSV.records(header).first?.fields, found.first == columns.first,
        Set(found).isSubset(of: columns), Set(found).count == found.count
      else {
        throw CommandError(
          "file",
          "'\(path)' holds something else than this log: its first line is not the names of "
            + "train's columns", fix: "choose another file", at: span)
      }
      csvColumns = found
    } else if let reason = file.append(Array((CSV.line(columns) + "\n").utf8)) {
      throw CommandError(.fileUnwritable(path, reason: reason), at: span)
    } else {
      csvColumns = columns
    }
    csv = file
  }

  /// - Throws: `CommandError`, where the file cannot be written or holds something else.
  func openJSONLines(_ path: String, files: Files, at span: Span?) throws {
    if jsonLines?.isWritten(at: path, files) == true { return }
    let file = try GrowingFile(path, files: files, at: span)
    if let line = file.firstLine(), line.first(where: { $0 != 0x20 }) != UInt8(ascii: "{") {
      throw CommandError(
        "file", "'\(path)' holds something else than this log: its first line is no JSON object",
        fix: "choose another file", at: span)
    }
    jsonLines = file
  }

  func openEvents(in folder: String, files: Files, at span: Span?) throws {
    events = try EventFile(in: folder, files: files, at: span)
  }

  /// Appends a row of `train`'s table. A file that cannot be written gets no more rows.
  /// - Returns: what a reader should know of that.
  func append(_ names: [String], _ values: [Value]) -> [String] {
    let row = Record(pairs: Array(zip(names, values)))
    var complaints: [String] = []
    func complain(_ path: String, _ reason: String) {
      complaints.append("logging to '\(path)' stopped: \(reason)")
    }
    if let file = csv {
      let fields = csvColumns.map { CSV.field(row.fields[$0] ?? .none) }
      if let reason = file.append(line: CSV.line(fields)) {
        complain(file.path, reason)
        csv = nil
      }
    }
    if let file = jsonLines, let reason = file.append(line: Value.record(row).json) {
      complain(file.path, reason)
      jsonLines = nil
    }
    if let file = events, let reason = append(row, to: file) {
      complain(file.folder, reason)
      events = nil
    }
    return complaints
  }

  /// Step and time are TensorBoard's own; what was not measured has no event.
  private func append(_ row: Record, to file: EventFile) -> String? {
    guard case .number(let step, _)? = row.fields["step"] else { return nil }
    let scalars = row.fields.compactMap { name, value -> (name: String, value: Double)? in
      guard name != "step", name != "seconds", case .number(let number, _) = value,
        !number.isNaN
      else { return nil }
      return ("train/\(name)", number)
    }
    return file.append(step: Int(step), scalars)
  }
}

extension Session {
  /// Logs a row of `train`'s table where `log` said so.
  func logMetrics(_ columns: [Column], _ values: [Value]) {
    let log = companion { MetricLog() }
    for complaint in log.append(columns.map(\.name), values) { lose(complaint) }
  }
}
