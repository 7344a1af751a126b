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
    mask[letters * length] = shape.isFull(state)
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
    guard let states = task.states, let objects = task.objects else { return nil }
    return Enumeration(states: states, terminating: objects)
  }

  /// In base N + 1, 0 for an empty slot: writing a letter always raises it.
  func index(of state: StatePointer) -> Int {
    state.number(digits: length, base: letters + 1, from: SequenceTask.empty)
  }

  func state(at index: Int, into state: MutableStatePointer) {
    state.setNumber(index, digits: length, base: letters + 1, from: SequenceTask.empty)
  }

  /// Writing letter c adds c + 1 at the place of its slot. Whatever is not full is no object, and an
  /// object's number among the full ones is read off its letters.
  func list(_ states: Range<Int>, into rows: EdgeRows) {
    guard !states.isEmpty else { return }
    let length = length
    let letters = letters
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * length) { buffer in
      guard let open = buffer.baseAddress else { return }
      let place = open + length
      var value: Int32 = 1
      for slot in stride(from: length - 1, through: 0, by: -1) {
        place[slot] = value
        value &*= Int32(letters + 1)
      }
      state(at: states.lowerBound, into: rows.cells)
      for row in 0..<states.count {
        if row > 0 {
          rows.follow(row, digits: length, SequenceTask.empty, Int32(letters - 1))
        }
        let cells = rows.cells + row * length
        var count = 0
        for slot in 0..<length {
          open[count] = Int32(slot)
          count += cells[slot] < 0 ? 1 : 0
        }
        var edge = row * rows.stride
        rows.counts[row] = Int32(count * letters)
        rows.exits[row] = count == 0 ? Int32(shape.index(of: cells)) : -1
        if count == 0 { rows.actions[edge] = Int32(letters * length) }
        let index = Int32(states.lowerBound + row)
        for letter in 0..<Int32(letters) {
          for slot in UnsafeBufferPointer(start: open, count: count) {
            rows.actions[edge] = letter * Int32(length) + slot
            rows.children[edge] = index + (letter + 1) * place[Int(slot)]
            edge += 1
          }
        }
      }
    }
  }

  /// Letters in any order: k! paths to k of them.
  func logPathCount(_ state: StatePointer) -> Double? {
    var filled = 0.0
    for slot in 0..<length { filled += state[slot] < 0 ? 0 : 1 }
    return logFactorial(filled)
  }

  func text(of state: StatePointer) -> String { task.text(of: state) }

  func state(from input: StateInput) throws -> [Int32] { try task.cells(input) }

  func name(ofForward action: Int) -> String {
    action == letters * length ? "exit" : "\(task.letter(action / length))@\(action % length)"
  }

  func name(ofBackward action: Int) -> String { "\(name(ofForward: action))-" }
}
