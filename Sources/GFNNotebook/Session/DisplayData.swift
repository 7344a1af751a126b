import GFNFigures
import GFNLanguage
import OrderedCollections

/// The forms of a cell's output by media type, as a notebook keeps them; the plainest comes first.
func bundle(
  of output: CellOutput, figureWriter: (any FigureWriter)?
) -> OrderedDictionary<String, Value> {
  guard case .value(let value, let command, let isCompact) = output else { return [:] }
  let lines = lines(of: value, command, isCompact)
  var data: OrderedDictionary<String, Value> = [
    "text/plain": .text(lines.joined(separator: "\n"))
  ]
  switch value {
  case .record, .table:
    data["application/json"] = value
  case .figure(let figure):
    data["application/json"] = value
    if let svg = try? figureWriter?.bytes(of: figure, as: .svg) {
      data["image/svg+xml"] = .text(String(decoding: svg, as: UTF8.self))
    }
  case .text(let text) where command == "note":
    data["text/markdown"] = .text(text)
  default: break
  }
  return data
}

private func lines(of value: Value, _ command: String, _ isCompact: Bool) -> [String] {
  switch value {
  case .record(let record) where isCompact:
    return ["\(command)  \(record.fields.pairs().joined(separator: "  "))"]
  case .record(let record): return lines(of: record)
  case .table(let table) where isCompact:
    guard let last = table.rows.last else { return ["\(command)  no rows"] }
    let cells = zip(table.columns, last).filter { !$0.0.isTiming }
      .map { "\($0.name)=\($1.text($0.style))" }
    let more = table.rows.count > 1 ? ["… \(counted(table.rows.count, "row"))"] : []
    return ["\(command)  \((more + cells).joined(separator: "  "))"]
  case .table(let table):
    // Equal runs give equal text.
    let kept = table.columns.indices.filter { !table.columns[$0].isTiming }
    let shown = Table(
      columns: kept.map { table.columns[$0] }, rows: table.rows.map { row in kept.map { row[$0] } }
    ).withSpreads
    let layout = TableLayout(columns: shown.columns, rows: shown.rows, window: nil)
    return [layout.header] + shown.rows.map(layout.line)
      + lines(of: Record(table.fields, notes: table.notes))
  case .figure(let figure): return PictureText.lines(of: figure, PictureStyle())
  case .text(let text): return [text]
  case .none, .boolean, .number, .list, .range: return [value.text(.significant(6))]
  }
}

private func lines(of record: Record) -> [String] {
  if let display = record.display { return [display] }
  let width = record.fields.keys.map(displayWidth).max() ?? 0
  return record.fields.map { "\(padded($0.key, to: width))  \($0.value.text())" } + record.notes
}
