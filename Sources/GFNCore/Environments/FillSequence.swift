/// Sequences filled slot by slot: action `c·L + i` writes letter c into the empty slot i, the last
/// action exits and is the only one when all slots are full. Cells hold letters, −1 where empty.
struct FillSequence: SequenceEnvironment {
  let task: SequenceTask

  init(_ task: SequenceTask) { self.task = task }

  var guide: GuideFamily? { .replay(length: length, letters: letters) }
  var forwardActionCount: Int { length * letters + 1 }
  var backwardActionCount: Int { length * letters }

  func isInitial(_ state: StatePointer) -> Bool {
    for slot in 0..<length where state[slot] >= 0 { return false }
    return true
  }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    for letter in 0..<letters {
      for slot in 0..<length { mask[letter * length + slot] = state[slot] < 0 }
    }
    mask[letters * length] = task.isFull(state)
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    for letter in 0..<letters {
      for slot in 0..<length { mask[letter * length + slot] = state[slot] == Int32(letter) }
    }
  }

  func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    state[action % length] = Int32(action / length)
    return action
  }

  func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    state[action % length] = SequenceTask.empty
    return action
  }

  var enumeration: Enumeration? {
    task.states.map { Enumeration(states: $0, terminating: task.rewards.count) }
  }

  /// In base N + 1, 0 for an empty slot: writing a letter always raises it.
  func index(of state: StatePointer) -> Int {
    var index = 0
    for slot in 0..<length { index = index * (letters + 1) + Int(state[slot] + 1) }
    return index
  }

  func state(at index: Int, into state: MutableStatePointer) {
    var rest = index
    for slot in stride(from: length - 1, through: 0, by: -1) {
      state[slot] = Int32(rest % (letters + 1)) - 1
      rest /= letters + 1
    }
  }

  func text(of state: StatePointer) -> String { task.text(of: state) }

  func state(from input: StateInput) throws -> [Int32] { try task.cells(input) }

  func name(ofForward action: Int) -> String {
    action == letters * length ? "exit" : "\(task.letter(action / length))@\(action % length)"
  }

  func name(ofBackward action: Int) -> String { "\(name(ofForward: action))-" }
}
