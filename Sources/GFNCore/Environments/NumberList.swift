/// How a state that is a list of numbers is written where the list is empty.
let numberListOfNone = "_"

extension StateInput {
  /// The numbers of `(0, 2)`, of the word `0,2` and of `_`, which is none.
  /// - Throws: `CoreError.state`, with the remedy, for other words.
  func numberList(remedy: String) throws -> [Int] {
    switch self {
    case .numbers(let numbers): return numbers
    case .word(numberListOfNone): return []
    case .word(let word):
      return try word.split(separator: ",", omittingEmptySubsequences: false).map {
        guard let number = Int($0.drop { $0 == " " }) else {
          throw CoreError.state(text: word, reason: remedy)
        }
        return number
      }
    }
  }
}
