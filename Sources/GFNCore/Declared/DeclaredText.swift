import GFNParameters

/// How states of declared environments are written.
enum DeclaredText {
  private static let shownActions = 12

  /// `_-+` where all cells have letters, else `(0, 2, 1)`: for errors.
  static func state(_ state: StatePointer, _ shape: DeclaredShape) -> String {
    hasLetters(shape) ? "'\(word(state, shape))'" : "(\(numbers(state, shape, ", ")))"
  }

  static func hasLetters(_ shape: DeclaredShape) -> Bool {
    shape.blocks.allSatisfy { !$0.letters.isEmpty }
  }

  /// As it is typed.
  static func word(_ state: StatePointer, _ shape: DeclaredShape) -> String {
    guard hasLetters(shape) else { return numbers(state, shape, ",") }
    var text = ""
    for block in shape.blocks {
      for cell in block.first..<(block.first + block.count) {
        let place = Int(state[cell] - block.low)
        text.append(block.letters.indices.contains(place) ? block.letters[place] : "?")
      }
    }
    return text
  }

  private static func numbers(
    _ state: StatePointer, _ shape: DeclaredShape, _ separator: String
  ) -> String {
    (0..<shape.width).map { String(state[$0]) }.joined(separator: separator)
  }

  /// ` (s0 → up0 → up1)`: how a state was reached.
  static func path(_ names: [String]) -> String {
    guard !names.isEmpty else { return " (it is s0)" }
    let shown =
      names.count <= shownActions
      ? names : names.prefix(4) + ["… \(names.count - 8) more …"] + names.suffix(4)
    return " (s0 → \(shown.joined(separator: " → ")))"
  }

  /// - Throws: `CoreError.state`.
  static func cells(_ input: StateInput, _ shape: DeclaredShape) throws -> [Int32] {
    switch input {
    case .numbers(let numbers):
      // Digits that are letters: `0120` is typed as a number.
      if hasLetters(shape), numbers.count == 1, shape.width > 1 {
        return try cells(.word(String(numbers[0])), shape)
      }
      return try checked(numbers, shape)
    case .word(let word) where hasLetters(shape): return try cells(ofLetters: word, shape)
    case .word:
      return try checked(
        input.numberList(remedy: "write its \(counted(shape.width, "cell")) as (0, 1, …)"), shape)
    }
  }

  private static func cells(ofLetters word: String, _ shape: DeclaredShape) throws -> [Int32] {
    guard word.count == shape.width else {
      throw CoreError.state(
        text: word,
        reason: "it has \(counted(word.count, "letter")) for \(counted(shape.width, "cell"))")
    }
    var cells: [Int32] = []
    var letters = Array(word)[...]
    for block in shape.blocks {
      for letter in letters.prefix(block.count) {
        guard let place = block.letters.firstIndex(of: letter) else {
          throw CoreError.state(
            text: word,
            reason: "'\(letter)' is none of the letters \(String(block.letters)) of \(block.name)")
        }
        cells.append(block.low + Int32(place))
      }
      letters = letters.dropFirst(block.count)
    }
    return cells
  }

  private static func checked(_ numbers: [Int], _ shape: DeclaredShape) throws -> [Int32] {
    let text = numbers.map(String.init).joined(separator: ",")
    guard numbers.count == shape.width else {
      throw CoreError.state(
        text: text,
        reason: "it has \(counted(numbers.count, "number")) for \(counted(shape.width, "cell"))")
    }
    for (cell, number) in numbers.enumerated()
    where number < Int(shape.low[cell]) || number > Int(shape.high[cell]) {
      throw CoreError.state(
        text: text,
        reason: "cell \(cell) lies in \(shape.low[cell])…\(shape.high[cell]), not at \(number)")
    }
    return numbers.map { Int32($0) }
  }
}
