import FoundationEssentials

/// A notebook file as it is read: what gfn needs of it, however little there is.
struct JupyterDocument: Decodable {
  struct Cell: Decodable {
    var type: String
    var source: String
    var extra: Extra?

    private enum Key: String, CodingKey {
      case type = "cell_type"
      case source, metadata
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      type = try container.decode(String.self, forKey: .type)
      if let lines = try? container.decode([String].self, forKey: .source) {
        source = lines.joined()
      } else {
        source = try container.decode(String.self, forKey: .source)
      }
      source = source.withoutCarriageReturns
      extra = (try? container.decode(CellNotes.self, forKey: .metadata))?.gfn
    }
  }

  /// What `CellMetadata` keeps.
  struct Extra: Decodable {
    var isHeading: Bool
    /// Nil where there is none to keep; the text nil before the first mark.
    var mark: String??
    var before: String?
    var after: String?
    var body: String?

    private enum Key: String, CodingKey {
      case heading, mark, before, after, body
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      isHeading = (try? container.decode(Bool.self, forKey: .heading)) ?? false
      if container.contains(.mark) {
        mark = .some(try? container.decode(String.self, forKey: .mark))
      }
      before = try? container.decode(String.self, forKey: .before)
      after = try? container.decode(String.self, forKey: .after)
      body = try? container.decode(String.self, forKey: .body)
    }
  }

  private struct CellNotes: Decodable {
    var gfn: Extra?
  }

  /// The notebook's metadata.
  struct Notes: Decodable {
    struct Head: Decodable {
      var head: String?
    }
    struct Language: Decodable {
      var name: String?
    }
    var gfn: Head?
    var language: Language?
    var kernel: Language?

    private enum CodingKeys: String, CodingKey {
      case gfn
      case language = "language_info"
      case kernel = "kernelspec"
    }
  }

  var format: Int
  var cells: [Cell]
  var head: String?
  /// In which language its code is, where it says so.
  var language: String?

  private enum Key: String, CodingKey {
    case nbformat, metadata, cells
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    format = try container.decode(Int.self, forKey: .nbformat)
    cells = format < 4 ? [] : try container.decode([Cell].self, forKey: .cells)
    let notes = try? container.decode(Notes.self, forKey: .metadata)
    head = notes?.gfn?.head
    language = notes?.language?.name ?? notes?.kernel?.name
  }
}
