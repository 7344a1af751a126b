import GFNParameters

/// A graph as a person wrote it: edges `s0 -> a b` and rewards `x 1`, one a line or between `;`.
/// `#` comments out the rest of a line.
struct GraphText {
  /// Where something stands, for errors.
  struct Place: Sendable {
    enum Source: Sendable {
      /// The text of an option.
      case option(String)
      case file(String)
    }

    var source: Source
    /// From 1.
    var line: Int
    /// The character of an option's text, from 1.
    var character: Int

    func error(_ reason: String) -> CoreError {
      switch source {
      case .option(let name):
        .option(name: name, reason: "\(reason) (at character \(character))")
      case .file(let path): .file(path: path, line: line, reason: reason)
      }
    }
  }

  struct Edge {
    var source: String
    var target: String
    var place: Place
  }

  struct Reward {
    var node: String
    var value: Double
    var place: Place
  }

  /// What statements a text may hold.
  enum Content {
    case edges
    case rewards
    case both
  }

  var edges: [Edge] = []
  var rewards: [Reward] = []

  /// - Throws: `CoreError` at the first mistake.
  init(_ text: String, in source: Place.Source, holding content: Content) throws {
    for statement in Statements(text, source) {
      do {
        try read(statement, content)
      } catch {
        // What a file says is told only once it has proved to be a graph.
        guard case .file = source, edges.isEmpty, rewards.isEmpty, let first = statement.first
        else { throw error }
        throw first.place.error("is no graph: edges are written 's0 -> a b', rewards 'x 1'")
      }
    }
  }

  /// - Throws: `CoreError.file`, `CoreError.notText`.
  init(file bytes: [UInt8], path: String) throws {
    let text = try UTF8Text(bytes, path: path)
    try self.init(String(decoding: text.bytes, as: UTF8.self), in: .file(path), holding: .both)
  }

  private mutating func read(_ tokens: [Token], _ content: Content) throws {
    guard let first = tokens.first else { return }
    if tokens.contains(where: { $0.text == Self.arrow }) {
      guard content != .rewards else {
        throw first.place.error("an edge is no reward; give it as edges=")
      }
      try readEdges(tokens, first)
    } else {
      guard content != .edges else {
        throw first.place.error(
          tokens.count == 2
            ? "'\(first.text) \(tokens[1].text)' is no edge; give rewards as rewards='x 1; y 2'"
            : "'\(first.text)' needs '->' and the nodes that its edges lead to")
      }
      try readReward(tokens, first)
    }
  }

  private mutating func readEdges(_ tokens: [Token], _ first: Token) throws {
    guard first.text != Self.arrow else {
      throw first.place.error("a node is missing before '->'")
    }
    guard tokens[1].text == Self.arrow else {
      throw tokens[1].place.error("one node stands before '->', not '\(tokens[1].text)' too")
    }
    guard tokens.count > 2 else {
      throw tokens[1].place.error("a node is missing after '->'")
    }
    let source = try first.name()
    for target in tokens.dropFirst(2) {
      guard target.text != Self.arrow else {
        throw target.place.error("one '->' a statement; write 'a -> b; b -> c'")
      }
      edges.append(Edge(source: source, target: try target.name(), place: target.place))
    }
  }

  private mutating func readReward(_ tokens: [Token], _ first: Token) throws {
    let node = try first.name()
    guard tokens.count > 1 else {
      throw first.place.error("'\(node)' needs a reward, as '\(node) 1', or '->' and nodes")
    }
    guard let value = Double(tokens[1].text) else {
      throw tokens[1].place.error("the reward '\(tokens[1].text)' of '\(node)' is no number")
    }
    guard value > 0, value.isFinite else {
      throw tokens[1].place.error(
        "the reward of '\(node)' is \(tokens[1].text), but must be positive and finite; "
          + "leave the reward out where trajectories shall not end")
    }
    guard tokens.count == 2 else {
      throw tokens[2].place.error("one node and its reward a statement; separate them by ';'")
    }
    rewards.append(Reward(node: node, value: value, place: first.place))
  }

  fileprivate static let arrow = "->"

  struct Token {
    var text: String
    var place: Place

    /// The token as the name of a node.
    func name() throws -> String {
      guard isWord(text), !text.contains(">"), text != "true", text != "false" else {
        throw place.error(
          "'\(text)' names no node; a name is a word that begins with a letter or '_'")
      }
      return text
    }
  }
}

/// The statements of a text, each as its tokens.
private struct Statements: Sequence, IteratorProtocol {
  private let text: [Character]
  private let source: GraphText.Place.Source
  private var position = 0
  private var line = 1

  init(_ text: String, _ source: GraphText.Place.Source) {
    self.text = Array(text)
    self.source = source
  }

  /// Nil at the end of the text; a statement may be empty.
  mutating func next() -> [GraphText.Token]? {
    guard position < text.count else { return nil }
    var tokens: [GraphText.Token] = []
    while position < text.count {
      let character = text[position]
      switch character {
      case _ where character.isNewline:
        line += 1
        position += 1
        return tokens
      case ";":
        position += 1
        return tokens
      case "#": while position < text.count, !text[position].isNewline { position += 1 }
      case _ where character.isWhitespace: position += 1
      default: tokens.append(token())
      }
    }
    return tokens
  }

  /// An arrow, or what stands before the next one, blank or separator.
  private mutating func token() -> GraphText.Token {
    let place = GraphText.Place(source: source, line: line, character: position + 1)
    if isArrow(position) {
      position += 2
      return GraphText.Token(text: GraphText.arrow, place: place)
    }
    let start = position
    while position < text.count, !text[position].isWhitespace, !";#".contains(text[position]),
      !isArrow(position)
    { position += 1 }
    return GraphText.Token(text: String(text[start..<position]), place: place)
  }

  private func isArrow(_ index: Int) -> Bool {
    text[index] == "-" && index + 1 < text.count && text[index + 1] == ">"
  }
}
