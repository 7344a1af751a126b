/// Words that grow at both ends: actions 0…N−1 append a letter, N…2N−1 prepend one, 2N exits and is
/// allowed at full length only. Backward actions: 0 removes the last letter, 1 the first. Cells hold
/// letters from the left, −1 beyond the word's end.
struct AppendPrependSequence: SequenceEnvironment {
  let task: SequenceTask
  /// Index of the first word of each length.
  private let offsets: [Int]?

  init(_ task: SequenceTask) {
    self.task = task
    var offsets: [Int]? = [0]
    for length in 0...task.length {
      guard let last = offsets?.last, let words = power(task.alphabet.count, length)
      else {
        offsets = nil
        break
      }
      let (sum, overflow) = last.addingReportingOverflow(words)
      if overflow { offsets = nil } else { offsets?.append(sum) }
    }
    self.offsets = offsets
  }

  var guide: GuideFamily? { .blocks(length: length, letters: letters) }
  var forwardActionCount: Int { 2 * letters + 1 }
  var backwardActionCount: Int { 2 }

  private func count(_ state: StatePointer) -> Int {
    var count = 0
    while count < length, state[count] >= 0 { count += 1 }
    return count
  }

  func isInitial(_ state: StatePointer) -> Bool { state[0] < 0 }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isFull = state[length - 1] >= 0
    for action in 0..<(2 * letters) { mask[action] = !isFull }
    mask[2 * letters] = isFull
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isInitial = isInitial(state)
    mask[0] = !isInitial
    mask[1] = !isInitial
  }

  func step(_ state: MutableStatePointer, forward action: Int) -> Int {
    let count = count(state)
    guard action >= letters else {
      state[count] = Int32(action)
      return 0
    }
    for slot in stride(from: count, to: 0, by: -1) { state[slot] = state[slot - 1] }
    state[0] = Int32(action - letters)
    return 1
  }

  func step(_ state: MutableStatePointer, backward action: Int) -> Int {
    let count = count(state)
    let removed: Int32
    if action == 0 {
      removed = state[count - 1]
    } else {
      removed = state[0]
      for slot in 1..<max(count, 1) { state[slot - 1] = state[slot] }
    }
    state[count - 1] = SequenceTask.empty
    return Int(removed) + (action == 0 ? 0 : letters)
  }

  var enumeration: Enumeration? {
    guard let states = offsets?.last, let objects = task.objects else { return nil }
    return Enumeration(states: states, terminating: objects)
  }

  /// By length, then the first letter most significant.
  func index(of state: StatePointer) -> Int {
    guard let offsets else { return 0 }
    let count = count(state)
    return offsets[count] + state.number(digits: count, base: letters)
  }

  func state(at index: Int, into state: MutableStatePointer) {
    state.update(repeating: SequenceTask.empty, count: length)
    guard let offsets else { return }
    let count = (offsets.firstIndex { $0 > index } ?? offsets.count) - 1
    state.setNumber(index - offsets[count], digits: count, base: letters)
  }

  /// A word w of n letters is number w among those of its length: appending c makes it `w·N + c`,
  /// prepending `c·N^n + w`.
  func list(_ states: Range<Int>, into rows: EdgeRows) {
    guard !states.isEmpty, let offsets else { return }
    let letters = letters
    state(at: states.lowerBound, into: rows.cells)
    var count = count(rows.cells)
    for row in 0..<states.count {
      let index = states.lowerBound + row
      let cells = rows.cells + row * length
      if index == offsets[count + 1] {
        count += 1
        state(at: index, into: cells)
      } else if row > 0 {
        rows.follow(row, digits: count, 0, Int32(letters - 1))
      }
      let word = index - offsets[count]
      let edges = row * rows.stride
      guard count < length else {
        rows.actions[edges] = Int32(2 * letters)
        rows.counts[row] = 0
        rows.exits[row] = Int32(word)
        continue
      }
      let words = offsets[count + 1] - offsets[count]
      let longer = offsets[count + 1]
      for letter in 0..<letters {
        rows.actions[edges + letter] = Int32(letter)
        rows.children[edges + letter] = Int32(longer + word * letters + letter)
        rows.actions[edges + letters + letter] = Int32(letters + letter)
        rows.children[edges + letters + letter] = Int32(longer + letter * words + word)
      }
      rows.counts[row] = Int32(2 * letters)
      rows.exits[row] = -1
    }
  }

  /// Each letter came at either end, the first one too: two actions lead to the same word.
  func logPathCount(_ state: StatePointer) -> Double? { Double(count(state)) * logarithm(2) }

  func text(of state: StatePointer) -> String {
    let text = task.text(of: state)
    let word = String(text.prefix { $0 != "_" })
    return word.isEmpty ? "_" : word
  }

  func state(from input: StateInput) throws -> [Int32] {
    let cells = try task.cells(input)
    let end = cells.firstIndex { $0 < 0 } ?? length
    guard cells[end...].allSatisfy({ $0 < 0 }) else {
      throw CoreError.state(
        text: cells.withUnsafeBufferPointer { $0.baseAddress.map(task.text) ?? "" },
        reason: "a word has no gaps")
    }
    return cells
  }

  func name(ofForward action: Int) -> String {
    switch action {
    case 2 * letters: "exit"
    case letters...: "\(task.letter(action - letters))_"
    default: "_\(task.letter(action))"
    }
  }

  func name(ofBackward action: Int) -> String { action == 0 ? "last-" : "first-" }
}
