/// Words that grow at their end, or at both ends: actions 0…N−1 append a letter, with two ends N…2N−1 prepend
/// one, and the last one exits, where a word has letters enough. Backward actions: 0 removes the last letter,
/// 1 the first. Cells hold letters from the left, −1 beyond the word's end.
struct GrowingSequence: SequenceEnvironment {
  let task: SequenceTask
  /// 1 or 2.
  private let ends: Int
  /// Index of the first word of each length.
  private let offsets: [Int]?

  init(_ task: SequenceTask, ends: Int) {
    self.task = task
    self.ends = ends
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

  private var least: Int { shape.least }

  /// The replayed words that a word can still become: by their letters where all have one length, else by
  /// all states.
  var guide: GuideFamily? {
    if least < length { return enumeration == nil ? nil : .reachability }
    return ends == 1
      ? .replay(length: length, letters: letters) : .blocks(length: length, letters: letters)
  }

  var forwardActionCount: Int { ends * letters + 1 }
  var backwardActionCount: Int { ends }

  private func count(_ state: StatePointer) -> Int {
    var count = 0
    while count < length, state[count] >= 0 { count += 1 }
    return count
  }

  func isInitial(_ state: StatePointer) -> Bool { state[0] < 0 }

  func forwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isFull = state[length - 1] >= 0
    for action in 0..<(ends * letters) { mask[action] = !isFull }
    mask[ends * letters] = state[least - 1] >= 0
  }

  func backwardMask(_ state: StatePointer, into mask: UnsafeMutablePointer<Bool>) {
    let isInitial = isInitial(state)
    for action in 0..<ends { mask[action] = !isInitial }
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
    guard let offsets, let states = offsets.last else { return nil }
    return Enumeration(states: states, terminating: states - offsets[least])
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
      rows.exits[row] = count < least ? -1 : Int32(truncatingIfNeeded: index - offsets[least])
      guard count < length else {
        rows.actions[edges] = Int32(ends * letters)
        rows.counts[row] = 0
        continue
      }
      let words = offsets[count + 1] - offsets[count]
      let longer = offsets[count + 1]
      for letter in 0..<letters {
        rows.actions[edges + letter] = Int32(letter)
        rows.children[edges + letter] = Int32(longer + word * letters + letter)
        guard ends == 2 else { continue }
        rows.actions[edges + letters + letter] = Int32(letters + letter)
        rows.children[edges + letters + letter] = Int32(longer + letter * words + word)
      }
      rows.counts[row] = Int32(ends * letters)
      if count >= least { rows.actions[edges + ends * letters] = Int32(ends * letters) }
    }
  }

  /// With two ends each letter came at either, the first one too: two actions lead to the same word.
  func logPathCount(_ state: StatePointer) -> Double? {
    ends == 1 ? 0 : Double(count(state)) * logarithm(2)
  }

  /// By length, as states are.
  func terminatingIndex(of state: StatePointer) -> Int {
    guard let offsets else { return 0 }
    return index(of: state) - offsets[least]
  }

  func terminatingState(at index: Int, into state: MutableStatePointer) {
    guard let offsets else { return }
    self.state(at: index + offsets[least], into: state)
  }

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
    case ends * letters: "exit"
    case letters...: "\(task.letter(action - letters))_"
    default: "_\(task.letter(action))"
    }
  }

  func name(ofBackward action: Int) -> String { action == 0 ? "last-" : "first-" }
}
