import GFNLanguage
import GFNParameters
import OrderedCollections
import Testing

@Suite struct JSONNodeTests {
  private let node = JSONNode.object([
    "b": .list([.integer(.max), .number(0.5), .number(1e15), .number(-0.0), .number(.nan)]),
    "a": .object(["é": .text("\"\\\n\u{1}é"), "e": .boolean(true)]), "c": .list([]),
    "d": .object([:]), "n": .number(-.infinity),
  ])

  @Test func fieldsKeepTheirOrder() {
    #expect(
      node.text()
        == #"{"b": [9223372036854775807, 0.5, 1000000000000000, 0, null], "#
        + #""a": {"é": "\"\\\n\u0001é", "e": true}, "c": [], "d": {}, "n": null}"#)
  }

  @Test func keysAreSortedAndIndentedAsJupyterDoes() {
    #expect(
      JSONNode.object([
        "b": .list([.integer(1), .null]), "a": .object(["d": .list([]), "c": .object([:])]),
      ])
      .text(isIndented: true, sortsKeys: true) == """
        {
         "a": {
          "c": {},
          "d": []
         },
         "b": [
          1,
          null
         ]
        }
        """)
  }

  @Test func aFieldSetAgainKeepsItsPlace() {
    var object: JSONNode.Object = ["a": .null, "b": .integer(1), "a": .integer(2)]
    object["c"] = .integer(3)
    object["b"] = nil
    object["d"] = nil
    #expect(JSONNode.object(object).text() == #"{"a": 2, "c": 3}"#)
    #expect(object.adding(["c": .null, "a": .null]) == ["a": .null, "c": .null])
    #expect(object["c"] == .integer(3) && object["d"] == nil)
  }

  @Test func tablesAreTheirRowsAndLoseTheirTimesOnDemand() {
    var table = Table(
      columns: [Column("step"), Column("seconds", isTiming: true), Column("loss")],
      rows: [[.number(1), .number(0.25), .none]])
    #expect(Value.table(table).json == #"[{"step": 1, "seconds": 0.25, "loss": null}]"#)
    table.fields = ["holds": .boolean(true), "among": .range(1, .max)]
    let value = Value.list([.table(table)])
    let rest = #""loss": null}], "holds": true, "among": {"from": 1, "to": 9223372036854775807}}]"#
    #expect(value.json == #"[{"rows": [{"step": 1, "seconds": 0.25, "# + rest)
    #expect(JSONNode(value, showsTimings: false).text() == #"[{"rows": [{"step": 1, "# + rest)
  }
}
