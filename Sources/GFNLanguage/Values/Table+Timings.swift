extension Table {
  /// Without the columns that hold wall-clock times, so that equal runs give equal text.
  package var withoutTimings: Table {
    let kept = columns.indices.filter { !columns[$0].isTiming }
    guard kept.count < columns.count else { return self }
    var table = self
    table.columns = kept.map { columns[$0] }
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }
}
