/// The cells of sequences: `length` slots that hold letters 0…letters−1 or are empty.
///
/// It stands apart from the task because it has nothing to count references to: methods that are called
/// for each state on several threads would contend for the counts of the task's arrays.
struct SequenceShape: Sendable, Equatable {
  let length: Int
  let letters: Int

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
}
