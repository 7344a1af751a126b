package import GFNParameters
import Glibc
import Synchronization

/// Scores objects by a program of the user's, which is started when it is asked first and spoken to in
/// lines of JSON.
///
/// What was answered is remembered, and kept in a file where there is one; workers that fail are started
/// again once.
package final class ProgramScorer: ObjectScorer {
  private let request: ScoringRequest
  private let words: CommandWords
  private let interruption: Interruption?
  private let say: @Sendable (String) -> Void
  private let cache: ScoreCache?
  private let state = Mutex(State())

  private struct State {
    var workers: [ProgramWorker] = []
    var known: [String: Double] = [:]
    var evaluations = 0
    var question = 0
    var flood = FloodGate()
    var hasLoaded = false
  }

  /// Milliseconds from one look at the interruption to the next.
  private static let interval: Int32 = 20
  private static let bytesOfAScore = 64
  private static let bytesOfAnAnswer = 1 << 20

  /// - Parameters:
  ///   - cache: the file of the request, resolved.
  ///   - standardError: each line that the program writes there.
  /// - Throws: `ProgramFault` where there is no such program, or the cache is none.
  package init(
    _ request: ScoringRequest, interruption: Interruption? = nil,
    standardError: @escaping @Sendable (String) -> Void
  ) throws {
    self.request = request
    self.interruption = interruption
    say = standardError
    words = try CommandWords(request.command)
    try words.requireProgram()
    cache = try request.cache.map {
      try ScoreCache($0, key: [request.environment, request.command, request.returns])
    }
  }

  deinit { close() }

  package var evaluations: Int { state.withLock { $0.evaluations } }

  /// Ends the program; it is started again when it is asked again.
  package func close() {
    state.withLock { state in
      for worker in state.workers { worker.close() }
      state.workers.removeAll()
    }
  }

  /// Is told the process group of each worker that starts; for tests.
  var onStart: (@Sendable (pid_t) -> Void)? {
    get { started.withLock { $0 } }
    set { started.withLock { $0 = newValue } }
  }

  private let started = Mutex<(@Sendable (pid_t) -> Void)?>(nil)

  /// The process groups that run, for tests.
  var groups: [pid_t] { state.withLock { $0.workers.map(\.group) } }

  package func scores(of objects: [String]) throws -> [Double] {
    try state.withLock { state in
      if let cache, !state.hasLoaded {
        state.known = try cache.all()
        state.hasLoaded = true
      }
      var unknown = objects.filter { state.known[$0] == nil }
      if let cache, !unknown.isEmpty {
        state.known.merge(try cache.scores(of: unknown)) { $1 }
        unknown = unknown.filter { state.known[$0] == nil }
      }
      if !unknown.isEmpty { try ask(unknown, &state) }
      return objects.map { state.known[$0] ?? .nan }
    }
  }

  // MARK: - Questions

  /// Some of the objects, which one worker is asked for at once.
  private struct Share {
    var objects: ArraySlice<String>
    var failures = 0
  }

  /// A share that a worker is at.
  private struct Task {
    var share: Share
    var id: Int
    var since: ContinuousClock.Instant
  }

  private func ask(_ objects: [String], _ state: inout State) throws {
    let count = max(1, min(request.workers, objects.count))
    // One worker gets all; several get a quarter of their part at a time, so that slow objects even out.
    let size = count == 1 ? objects.count : max(1, (objects.count + 4 * count - 1) / (4 * count))
    var open = stride(from: 0, to: objects.count, by: size).map {
      Share(objects: objects[$0..<min($0 + size, objects.count)])
    }
    open.reverse()
    do {
      while state.workers.count < count { state.workers.append(try start(&state)) }
      try run(&open, workers: count, &state)
    } catch {
      // What is in the middle of something would answer too late.
      for worker in state.workers { worker.kill() }
      state.workers.removeAll()
      throw error
    }
  }

  private func start(_ state: inout State) throws -> ProgramWorker {
    let greeting = JSONNode.object([
      "gfn": .integer(1), "environment": .text(request.environment),
      "returns": .text(request.returns),
    ])
    let gate = state.flood
    let say = say
    let worker = try ProgramWorker(words, greeting: greeting.text() + "\n") { line in
      if let line = gate.passing(line) { say(line) }
    }
    onStart?(worker.group)
    return worker
  }

  private func run(_ open: inout [Share], workers count: Int, _ state: inout State) throws {
    var tasks = [Task?](repeating: nil, count: count)
    while true {
      for place in 0..<count where tasks[place] == nil {
        guard let share = open.popLast() else { break }
        state.question += 1
        tasks[place] = Task(share: share, id: state.question, since: .now)
        state.workers[place].ask(question(share, id: state.question))
      }
      guard tasks.contains(where: { $0 != nil }) else { return }
      try wait(for: Array(state.workers[..<count]))
      for place in 0..<count {
        state.workers[place].flush()
        if state.workers[place].read() { tasks[place]?.since = .now }
        guard let task = tasks[place] else { continue }
        do {
          guard let scores = try answer(of: state.workers[place], to: task) else { continue }
          try keep(scores, task.share, &state)
          tasks[place] = nil
        } catch let fault as ProgramAnswer.Fault {
          var share = task.share
          share.failures += 1
          guard share.failures < 2 else {
            throw failure(fault, share, state.workers[place].lastWords)
          }
          state.workers[place].kill()
          state.workers[place] = try start(&state)
          tasks[place] = nil
          open.append(share)
        }
      }
    }
  }

  private func question(_ share: Share, id: Int) -> String {
    JSONNode.object([
      "id": .integer(id), "objects": .list(share.objects.map { .text($0) }),
    ]).text() + "\n"
  }

  private func wait(for workers: [ProgramWorker]) throws {
    if let interruption, interruption.isRequested {
      interruption.giveUp()
      throw Interruption.GivenUp()
    }
    var descriptors = workers.flatMap { $0.descriptors() }
    _ = poll(&descriptors, nfds_t(descriptors.count), Self.interval)
  }

  /// The scores that a worker has given; nil where it is still at them.
  /// - Throws: `ProgramAnswer.Fault`.
  private func answer(of worker: ProgramWorker, to task: Task) throws -> [Double]? {
    let count = task.share.objects.count
    while let line = worker.line() {
      // An empty line says nothing.
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      return try ProgramAnswer.scores(line, id: task.id, count: count, returns: request.returns)
    }
    guard worker.pendingBytes <= Self.bytesOfAnAnswer + Self.bytesOfAScore * count else {
      throw ProgramAnswer.Fault(
        reason: "wrote more than \(worker.pendingBytes >> 10) KiB without an end of the line")
    }
    if let ending = worker.ending { throw ProgramAnswer.Fault(reason: ending) }
    let silence = ContinuousClock.now - task.since
    guard silence <= .seconds(request.timeout) else {
      throw ProgramAnswer.Fault(
        reason:
          "was silent for \(formatted(request.timeout)) s: an answer is a line that is flushed, and timeout= sets how long it may take"
      )
    }
    return nil
  }

  private func keep(_ scores: [Double], _ share: Share, _ state: inout State) throws {
    let answers = Array(zip(share.objects, scores))
    try cache?.keep(answers)
    for (object, score) in answers { state.known[object] = score }
    state.evaluations += scores.count
  }

  private func failure(
    _ fault: ProgramAnswer.Fault, _ share: Share, _ lastWords: [String]
  ) -> ProgramFault {
    let objects = Array(share.objects)
    let object = fault.object.map { objects[$0] } ?? objects.first ?? ""
    let which =
      fault.object == nil && objects.count > 1 ? "objects from '\(object)' on" : "'\(object)'"
    let words =
      lastWords.isEmpty
      ? "" : "; its last words on standard error: \(lastWords.joined(separator: " | "))"
    let example = JSONNode.object([
      "id": .integer(1), "objects": .list([.text(object)]),
    ]).text()
    return ProgramFault(
      reason: "'\(request.command)', asked for \(which), \(fault.reason), twice\(words)",
      remedy: "try it by hand: printf '%s\\n' '{\"gfn\": 1}' '\(example)' | \(request.command)")
  }
}

/// Lets lines through as long as they are no flood.
private final class FloodGate: Sendable {
  private let state = Mutex((second: 0, count: 0))
  private static let linesASecond = 100

  /// The line, or what is said in its place once; nil where it is dropped.
  func passing(_ line: String) -> String? {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return state.withLock { state in
      if state.second != now.tv_sec { state = (now.tv_sec, 0) }
      state.count += 1
      if state.count < Self.linesASecond { return line }
      return state.count == Self.linesASecond ? "… (more than can be shown)" : nil
    }
  }
}
