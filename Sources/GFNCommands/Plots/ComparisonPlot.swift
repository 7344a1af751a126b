import GFNCore
import GFNLanguage
import GFNParameters

/// `plot compare`: the variants of a `compare`, by step from its folder or at the end from its table.
struct ComparisonPlot {
  private let session: Session
  private let arguments: Arguments

  private static let notMeasures: Set<String> = [
    "variant", "seed", "seeds", "step", "evaluations", "guide_evaluations", "distinct_rewards",
    "seconds", "seconds_sd",
  ]

  init(_ session: Session, _ arguments: Arguments) {
    self.session = session
    self.arguments = arguments
  }

  func figure() throws -> Figure {
    switch arguments.value("FROM") {
    case .text(let path)?: return try curves(path)
    case let value?:
      guard let table = value.asTable, table.column("variant") != nil else {
        throw arguments.error(
          "wrong-type", "this is no table that 'compare' returned",
          fix: "give its table or its folder: plot compare runs", at: "FROM")
      }
      return try ends(table)
    case nil: throw arguments.error("missing-argument", "a table or a folder is missing")
    }
  }

  /// The column that is drawn.
  private func measure(_ table: Table) throws -> String {
    if let name = arguments.text("measure") {
      return try table.known(name, arguments, at: "measure")
    }
    let first = table.columns.map(\.name).first {
      !Self.notMeasures.contains($0) && !$0.hasSuffix("_sd")
    }
    guard let first else {
      throw arguments.error("wrong-type", "the table has no measure", at: "FROM")
    }
    return first
  }

  private func ends(_ table: Table) throws -> Figure {
    let measure = try measure(table)
    let rows = TablePlot.averaged(
      Array(table.rows.indices), table.column("variant") ?? [], table.column(measure) ?? [],
      errors: table.column("\(measure)_sd"), spreads: false)
    guard !rows.isEmpty else {
      throw arguments.error("nothing-measured", "there is no number in \(measure)", at: "FROM")
    }
    return TablePlot.categories(
      "\(measure) by variant", [TablePlot.Group(name: measure, rows: rows)], xLabel: "variant",
      yLabel: measure)
  }

  private func curves(_ path: String) throws -> Figure {
    let table = try table(path)
    let measure = try measure(table)
    let variants = table.column("variant") ?? []
    var order: [String] = []
    var rows: [String: [Int]] = [:]
    for (row, variant) in variants.enumerated() {
      let name = variant.displayText
      if rows[name] == nil { order.append(name) }
      rows[name, default: []].append(row)
    }
    let steps = table.column("step") ?? []
    let values = table.column(measure) ?? []
    let series = order.map { name in
      LineChart.Series(
        name,
        TablePlot.averaged(rows[name] ?? [], steps, values, errors: nil, spreads: true)
          .map { LineChart.Point($0.x.number ?? 0, $0.mean, error: $0.error) }
          .sorted { $0.x < $1.x })
    }
    guard series.contains(where: { !$0.points.isEmpty }) else {
      throw arguments.error("nothing-measured", "there is no number in \(measure)", at: "FROM")
    }
    return Figure(
      "\(measure) by step", .lines([LineChart(xLabel: "step", yLabel: measure, series)]),
      notes: (series.contains { $0.points.contains { $0.error != nil } }
        ? ["mean and standard deviation over seeds"] : [])
        + series.compactMap { Figure.noteOfInfinite($0.name, $0.points.map(\.y)) })
  }

  /// The readings that `compare … to=` kept.
  private func table(_ path: String) throws -> Table {
    let span = arguments.span(of: "FROM")
    let file = path.hasSuffix("/") ? "\(path)curves.csv" : "\(path)/curves.csv"
    guard session.files.exists(file) else {
      throw CommandError(
        "file", "'\(path)' is no folder of a comparison: there is no '\(file)'",
        fix: "give the folder of 'compare … to=FOLDER'", at: span)
    }
    let records = try session.files.records(ofComparison: file, at: span)
    guard let head = records.first?.fields, head.contains("variant"), head.contains("step"),
      Set(head).count == head.count, records.allSatisfy({ $0.fields.count == head.count })
    else {
      throw CommandError(
        "file", "'\(file)' is no table of readings", fix: "let 'compare' write it anew", at: span)
    }
    return Table(
      columns: head.map { Column($0) },
      rows: records.dropFirst().map { ComparisonFolder.row($0, head) })
  }
}
