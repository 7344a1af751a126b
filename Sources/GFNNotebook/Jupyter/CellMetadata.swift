import GFNLanguage
import GFNParameters

/// What a notebook's cell keeps beside its source, so that the script comes back byte for byte: nothing
/// for a cell as scripts usually have it.
struct CellMetadata {
  /// The key among a cell's metadata, and among the notebook's.
  static let key = "gfn"
  /// Marks the text cell that shows the title of the code cell below it.
  static let heading = JSONNode.object(["heading": .boolean(true)])

  private var fields: JSONNode.Object = [:]

  /// Nil where there is nothing to keep.
  var node: JSONNode? { fields.isEmpty ? nil : .object(fields) }

  init(of cell: ScriptCell, isLast: Bool) {
    let usual = ScriptCell.mark(cell.kind, title: cell.kind == .code ? cell.title : "")
    if cell.mark != usual { fields["mark"] = cell.mark.map { .text($0) } ?? .null }
    let source = cell.source
    guard cell.body != ScriptCell.body(of: source, cell.kind, isLast: isLast) else { return }
    let shown = cell.kind == .text ? ScriptCell.commented(source) : source
    if let range = cell.body.firstRange(of: shown), !source.isEmpty,
      cell.body[..<range.lowerBound].allSatisfy(\.isWhitespace),
      cell.body[range.upperBound...].allSatisfy(\.isWhitespace)
    {
      if range.lowerBound > cell.body.startIndex {
        fields["before"] = .text(String(cell.body[..<range.lowerBound]))
      }
      fields["after"] = .text(String(cell.body[range.upperBound...]))
    } else {
      fields["body"] = .text(cell.body)
    }
  }
}
