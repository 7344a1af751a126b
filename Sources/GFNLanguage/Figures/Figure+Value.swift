import OrderedCollections

extension Figure {
  /// The picture's data, for JSON.
  package var record: Record {
    let (kind, data): (String, Value) =
      switch content {
      case .lines(let charts): ("lines", .list(charts.map { .record($0.record) }))
      case .bars(let charts): ("bars", .list(charts.map { .record($0.record) }))
      case .heatMaps(let maps): ("heat_maps", .list(maps.map { .record($0.record) }))
      case .arrows(let field): ("arrows", .record(field.record))
      case .graph(let graph): ("graph", .record(graph.record))
      case .logos(let logos): ("logos", .list(logos.map { .record($0.record) }))
      }
    return Record(["figure": .text(kind), "title": .text(title), "data": data])
  }
}

extension LineChart {
  fileprivate var record: Record {
    let lines = series.map { series -> Value in
      var fields: OrderedDictionary<String, Value> = [
        "name": .text(series.name), "x": .numbers(series.points.map(\.x)),
        "y": .numbers(series.points.map(\.y)),
      ]
      if series.points.contains(where: { $0.error != nil }) {
        fields["error"] = .list(series.points.map { $0.error.map { .number($0) } ?? .none })
      }
      return .record(Record(fields))
    }
    var fields: OrderedDictionary<String, Value> = ["x": .text(xLabel), "y": .text(yLabel)]
    if !names.isEmpty { fields["names"] = .texts(names) }
    fields["series"] = .list(lines)
    return Record(fields)
  }
}

extension BarChart {
  fileprivate var record: Record {
    let bars = series.map { series in
      Value.record(Record(["name": .text(series.name), "values": .numbers(series.values)]))
    }
    return Record([
      "x": .text(xLabel), "y": .text(yLabel), "labels": .texts(labels), "series": .list(bars),
    ])
  }
}

extension HeatMap {
  fileprivate var record: Record {
    let lines = (0..<rows).map { row in
      Value.numbers(Array(values[(row * columns)..<((row + 1) * columns)]))
    }
    return Record([
      "title": .text(title), "x": .text(xLabel), "y": .text(yLabel), "values": .list(lines),
    ])
  }
}

extension PolicyField {
  fileprivate var record: Record {
    func lines(_ number: (Cell) -> Double) -> Value {
      .list(
        (0..<rows).map { row in
          .numbers(cells[(row * columns)..<((row + 1) * columns)].map(number))
        })
    }
    return Record([
      "x": .text(xLabel), "y": .text(yLabel), "right": lines(\.right), "up": lines(\.up),
      "stop": lines(\.stop),
    ])
  }
}

extension LayeredGraph {
  fileprivate var record: Record {
    let nodes = nodes.map { node -> Value in
      .record(
        Record([
          "label": .text(node.label), "layer": .number(Double(node.layer)),
          "flow": node.flow.map { .number($0) } ?? .none,
          "reward": node.reward.map { .number($0) } ?? .none,
        ]))
    }
    let edges = edges.map { edge -> Value in
      .record(
        Record([
          "from": .number(Double(edge.from)), "to": .number(Double(edge.to)),
          "probability": edge.probability.map { .number($0) } ?? .none,
        ]))
    }
    return Record(["nodes": .list(nodes), "edges": .list(edges)])
  }
}

extension SequenceLogo {
  fileprivate var record: Record {
    let places = places.map { letters in
      Value.list(
        letters.map {
          .record(Record(["letter": .text($0.letter), "bits": .number($0.height)]))
        })
    }
    return Record(["title": .text(title), "places": .list(places)])
  }
}

extension Value {
  fileprivate static func numbers(_ numbers: [Double]) -> Value {
    .list(numbers.map { .number($0) })
  }

  fileprivate static func texts(_ texts: [String]) -> Value { .list(texts.map { .text($0) }) }
}
