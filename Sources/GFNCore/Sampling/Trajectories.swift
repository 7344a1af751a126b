import GFNParameters

/// Complete trajectories as states and actions, from a file or for one.
package struct Trajectories: Sendable, Equatable {
  package struct Trajectory: Sendable, Equatable {
    /// Cells of s0…sT (forward) or of x…s0 (backward).
    package var states: [[Int32]]
    /// Forward: one a state, exit the last. Backward: one a transition.
    package var actions: [Int]

    package init(states: [[Int32]], actions: [Int]) {
      self.states = states
      self.actions = actions
    }
  }

  package var isBackward: Bool
  package var trajectories: [Trajectory]

  package init(isBackward: Bool, _ trajectories: [Trajectory]) {
    self.isBackward = isBackward
    self.trajectories = trajectories
  }
}

extension Trajectories {
  /// - Throws: `CoreError.trajectory` where an action is not allowed or does not lead where it should.
  package func validate(in environment: any Environment) throws {
    let states = BatchStates(environment, [])
    _ = try states.log(self)
  }
}

extension BatchStates {
  /// Enters the states of trajectories and logs their steps.
  func log(_ batch: Trajectories) throws -> EntryLog {
    var log = EntryLog()
    for (number, trajectory) in batch.trajectories.enumerated().untilGivenUp {
      let forward =
        batch.isBackward
        ? try environment.reversed(trajectory, number: number) : trajectory
      try append(forward, number: number, to: &log)
    }
    return log
  }

  private func append(
    _ trajectory: Trajectories.Trajectory, number: Int, to log: inout EntryLog
  ) throws {
    func refuse(_ state: [Int32], _ reason: String) -> CoreError {
      .trajectory(
        number: number,
        state: environment.isState(state)
          ? environment.text(state) : state.map(String.init).joined(separator: ","),
        reason: reason)
    }
    let count = trajectory.states.count
    guard count > 0, trajectory.actions.count == count,
      trajectory.actions.last == environment.exitAction,
      trajectory.states[0] == environment.initialState()
    else {
      throw refuse(
        trajectory.states.first ?? [], "must go from s0 by actions, one a state, to exit")
    }
    for (index, action) in trajectory.actions.enumerated() {
      var state = trajectory.states[index]
      guard state.count == environment.stateWidth, environment.isState(state) else {
        throw refuse(state, "is no state of \(environment.specification.kind)")
      }
      guard environment.forwardMask(state).indices.contains(action),
        environment.forwardMask(state)[action],
        (action == environment.exitAction) == (index + 1 == count)
      else { throw refuse(state, "action \(action) is not allowed") }
      var inverse = -1
      if index + 1 < count {
        let row = state
        inverse = state.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { environment.step($0, forward: action) } ?? -1
        }
        guard state == trajectory.states[index + 1] else {
          throw refuse(row, "action \(action) does not lead to the next state")
        }
        state = row
      }
      let row = state.withUnsafeBufferPointer { $0.baseAddress.map(insert) ?? 0 }
      log.reserve(1)
      log.append(path: number, row: row, action: action, backward: inverse)
    }
  }
}

extension Environment {
  /// Whether cells are a state here: they survive the way through text.
  func isState(_ cells: [Int32]) -> Bool {
    guard cells.count == stateWidth else { return false }
    return cells.allSatisfy(cellBounds.contains)
      && (try? state(from: .word(text(cells)))) == cells
  }

  /// A backward trajectory turned into a forward one, with exit at its end.
  func reversed(
    _ trajectory: Trajectories.Trajectory, number: Int
  ) throws -> Trajectories.Trajectory {
    var actions = [exitAction]
    guard trajectory.states.count == trajectory.actions.count + 1 else {
      throw CoreError.trajectory(
        number: number,
        state: trajectory.states.first.map { $0.map(String.init).joined(separator: ",") } ?? "",
        reason: "a backward trajectory has one state more than actions")
    }
    for (index, action) in trajectory.actions.enumerated() {
      var state = trajectory.states[index]
      guard isState(state), backwardMask(state).indices.contains(action),
        backwardMask(state)[action]
      else {
        throw CoreError.trajectory(
          number: number, state: state.map(String.init).joined(separator: ","),
          reason: "backward action \(action) is not allowed")
      }
      actions.append(
        state.withUnsafeMutableBufferPointer { buffer in
          buffer.baseAddress.map { step($0, backward: action) } ?? exitAction
        })
    }
    return Trajectories.Trajectory(
      states: trajectory.states.reversed(), actions: actions.reversed())
  }
}
