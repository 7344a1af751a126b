/// The cells of sequences: `length` slots that hold letters 0…letters−1 or are empty.
///
/// It stands apart from the task because it has nothing to count references to: methods that are called
/// for each state on several threads would contend for the counts of the task's arrays.
struct SequenceShape: Sendable, Equatable {
  let length: Int
  let letters: Int
  /// A sequence may end from so many letters on.
  let least: Int

  init(length: Int, letters: Int, least: Int? = nil) {
    self.length = length
    self.letters = letters
    self.least = least ?? length
  }

  /// The index of a full sequence, its first letter the most significant.
  func index(of state: StatePointer) -> Int { state.number(digits: length, base: letters) }

  func sequence(at index: Int, into state: MutableStatePointer) {
    state.setNumber(index, digits: length, base: letters)
  }

  func isFull(_ state: StatePointer) -> Bool {
    for slot in 0..<length where state[slot] < 0 { return false }
    return true
  }

  func encode(_ state: StatePointer, into indices: UnsafeMutablePointer<Int32>) -> Int {
    var count = 0
    for slot in 0..<length where state[slot] >= 0 {
      indices[count] = Int32(slot * letters) + state[slot]
      count += 1
    }
    return count
  }

  /// A number of its own for each sequence that may end, whatever its length: empty cells count as a letter
  /// of their own where there are several lengths.
  func number(of state: StatePointer) -> Int {
    guard least < length else { return index(of: state) }
    var number = 0
    for slot in 0..<length { number = (number &* (letters + 1)) &+ Int(state[slot] + 1) }
    return number
  }
}
