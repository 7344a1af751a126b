package import GFNParameters
package import OrderedCollections

/// What an expression or a command returns.
package enum Value: Sendable {
  /// The value of a command that has nothing to say.
  case none
  case boolean(Bool)
  /// A Float64 and, where it was typed, the text it was typed as: a state reads `00000` as written.
  case number(Double, source: String? = nil)
  case text(String)
  case list([Value])
  /// An inclusive range of integers, `1..5`.
  case range(Int, Int)
  case record(Record)
  case table(Table)
  /// Behind a reference, so that values stay small.
  indirect case figure(Figure)
}

/// Named fields in a fixed order.
package struct Record: Sendable {
  package var fields: OrderedDictionary<String, Value>
  /// Lines for a reader, shown after the fields; not part of the JSON value.
  package var notes: [String]
  /// What a reader sees in place of the fields; not part of the JSON value.
  package var display: String?

  package init(
    _ fields: OrderedDictionary<String, Value>, notes: [String] = [], display: String? = nil
  ) {
    self.fields = fields
    self.notes = notes
    self.display = display
  }

  /// Of two fields with one name the later one holds.
  package init(pairs: [(String, Value)], notes: [String] = []) {
    fields = OrderedDictionary(pairs, uniquingKeysWith: { $1 })
    self.notes = notes
  }
}

/// Rows under named columns.
package struct Table: Sendable {
  package var columns: [Column]
  /// Every row has as many values as there are columns.
  package var rows: [[Value]]
  /// Fields beside the rows, as `trace` has `log_pf`: reached as `$t.NAME` and shown below the table.
  package var fields: OrderedDictionary<String, Value>
  /// Lines for a reader, shown after the table; not part of the JSON value.
  package var notes: [String]

  package init(
    columns: [Column], rows: [[Value]], fields: OrderedDictionary<String, Value> = [:],
    notes: [String] = []
  ) {
    self.columns = columns
    self.rows = rows
    self.fields = fields
    self.notes = notes
  }
}

package struct Column: Sendable {
  /// snake_case; the key in JSON and the header in CSV.
  package var name: String
  /// How a terminal shows its numbers; files and JSON always keep full precision.
  package var style: NumberStyle
  /// Holds wall-clock times: left out of text in a pipe, so that equal runs print equal text.
  package var isTiming: Bool
  /// Texts longer than this are cut in a narrow window before a column is left out.
  package var shortestCut: Int
  /// How wide the widest value will be, where that is known before it is there.
  package var widest: Int?

  package init(
    _ name: String, _ style: NumberStyle = .significant(4), isTiming: Bool = false,
    shortestCut: Int = 12, widest: Int? = nil
  ) {
    self.name = name
    self.style = style
    self.isTiming = isTiming
    self.shortestCut = shortestCut
    self.widest = widest
  }
}

extension Double {
  /// Nothing where there is no number.
  package var orNone: Value { isNaN ? .none : .number(self) }
}
