/// The replayed part of a batch: which elements, and the workspace to make trajectories of them.
struct ReplayDraw {
  /// The share of the elements that counts as the best, and of the draws that go to them.
  private static let bestShare = 0.1
  private static let bestDraws = 0.5

  /// Places in the buffer, drawn with replacement.
  private(set) var places: [Int32] = []
  /// Trajectories that π_B found to drawn objects.
  var paths = Paths()
  /// Among whom the best are found: all, or so many drawn at random, because a look at 100,000 elements
  /// takes longer than the rest of a small step.
  private static let mostCandidates = 1024
  private var candidates: [Int32] = []
  /// Those with the best first, and their log R in selection.
  private var order: [Int32] = []
  private var selection: [Double] = []
  private let state = Buffer<Int32>()

  /// Draws some places of a buffer that is not empty.
  mutating func choose(_ count: Int, from buffer: ReplayBuffer, _ stream: inout RandomStream) {
    places.resize(count, filling: 0)
    switch buffer.priority {
    case .uniform:
      for draw in 0..<count { places[draw] = Int32(stream.index(below: buffer.count)) }
    case .reward:
      let best = partition(buffer, &stream)
      let rest = order.count - best
      for draw in 0..<count {
        let isBest = rest == 0 || stream.uniform() < Self.bestDraws
        places[draw] =
          isBest ? order[stream.index(below: best)] : order[best + stream.index(below: rest)]
      }
    }
  }

  /// Picks candidates and puts the places of the best tenth first, equals of the least among them
  /// included.
  /// - Returns: how many they are, at least one.
  private mutating func partition(_ buffer: ReplayBuffer, _ stream: inout RandomStream) -> Int {
    let count = min(buffer.count, Self.mostCandidates)
    candidates.resize(count, filling: 0)
    selection.resize(count, filling: 0)
    for number in 0..<count {
      let place = count == buffer.count ? number : stream.index(below: buffer.count)
      candidates[number] = Int32(truncatingIfNeeded: place)
      selection[number] = buffer.logRewards[place]
    }
    let threshold = selection.greatest(max(1, Int(Self.bestShare * Double(count))))
    order.resize(count, filling: 0)
    var best = 0
    var rest = count
    for place in candidates {
      if buffer.logRewards[Int(place)] >= threshold {
        order[best] = place
        best += 1
      } else {
        rest -= 1
        order[rest] = place
      }
    }
    return best
  }

  /// The cells of drawn objects, one after the other.
  func objects(_ buffer: ReplayBuffer, into cells: inout [Int32]) {
    let width = buffer.stride
    cells.resize(places.count * width, filling: 0)
    for (draw, place) in places.enumerated() {
      for cell in 0..<width {
        cells[draw * width + cell] = buffer.elements[Int(place) * width + cell]
      }
    }
  }

  /// Walks drawn trajectories again and adds them to a batch.
  func appendTrajectories(
    _ buffer: ReplayBuffer, to states: BatchStates, _ paths: inout Paths
  ) {
    let environment = states.environment
    state.reserve(environment.stateWidth)
    for place in places {
      environment.initialState(into: state.base)
      for step in 0..<buffer.stride {
        let action = Int(buffer.elements[Int(place) * buffer.stride + step])
        guard action >= 0 else { break }
        let row = states.insert(state.base)
        let inverse = environment.step(state.base, forward: action)
        paths.append(row: row, action: action, backward: inverse)
      }
      paths.append(row: states.insert(state.base), action: environment.exitAction, backward: -1)
      paths.endTrajectory()
    }
  }
}

extension Paths {
  fileprivate mutating func append(row: Int, action: Int, backward: Int) {
    rows.append(Int32(truncatingIfNeeded: row))
    actions.append(Int32(truncatingIfNeeded: action))
    self.backward.append(Int32(truncatingIfNeeded: backward))
  }

  fileprivate mutating func endTrajectory() { offsets.append(rows.count) }

  /// Adds trajectories whose rows are those of the same states.
  mutating func append(_ other: Paths) {
    for path in 0..<other.count {
      for entry in other.entries(path) {
        append(
          row: Int(other.rows[entry]), action: Int(other.actions[entry]),
          backward: Int(other.backward[entry]))
      }
      endTrajectory()
    }
  }
}

extension RandomStream {
  /// A number from 0 on below `count`.
  fileprivate mutating func index(below count: Int) -> Int {
    min(Int(uniform() * Double(count)), count - 1)
  }
}

extension [Double] {
  /// The element that would be number `rank` from 1 in descending order (Hoare's selection), where the
  /// array is left in another order.
  mutating func greatest(_ rank: Int) -> Double {
    var first = 0
    var last = count - 1
    let target = rank - 1
    while first < last {
      let pivot = self[first + (last - first) / 2]
      var left = first
      var right = last
      while left <= right {
        while self[left] > pivot { left += 1 }
        while self[right] < pivot { right -= 1 }
        if left <= right {
          swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if target <= right {
        last = right
      } else if target >= left {
        first = left
      } else {
        break
      }
    }
    return self[target]
  }
}
