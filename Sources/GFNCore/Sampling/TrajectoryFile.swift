import FoundationEssentials
import GFNParameters

/// Trajectories as JSON: `forward_trajectories` and `backward_trajectories`, each a list of records with
/// `states` and `actions`. Other keys are ignored.
package struct TrajectoryFile: Sendable {
  /// By whether they are backward.
  package var batches: [Bool: Trajectories]

  package init(_ batches: [Bool: Trajectories]) { self.batches = batches }

  /// - Throws: `CoreError.file` when it is no such file.
  package init(_ bytes: [UInt8], path: String) throws {
    let text = try UTF8Text(bytes, path: path)
    let content: Content
    do {
      let data = Data(text.bytes)
      content = try Interruption.abandonable { try JSONDecoder().decode(Content.self, from: data) }
    } catch let error as Interruption.GivenUp {
      throw error
    } catch {
      throw CoreError.file(
        path: path, line: nil,
        reason: "is no JSON with lists of {states, actions} under forward_trajectories")
    }
    batches = [:]
    for (isBackward, paths) in [(false, content.forward), (true, content.backward)] {
      guard let paths, !paths.isEmpty else { continue }
      batches[isBackward] = Trajectories(
        isBackward: isBackward,
        paths.map { Trajectories.Trajectory(states: $0.states, actions: $0.actions) })
    }
    guard !batches.isEmpty else {
      throw CoreError.file(path: path, line: nil, reason: "holds no trajectories")
    }
  }

  /// The file's bytes.
  package func encoded() -> [UInt8] {
    func list<Element>(_ elements: [Element]) -> String {
      "[\(elements.map { "\($0)" }.joined(separator: ","))]"
    }
    let named = [
      ("backward_trajectories", batches[true]), ("forward_trajectories", batches[false]),
    ]
    let fields = named.compactMap { name, batch in
      batch.map { batch in
        let paths = batch.trajectories.untilGivenUp.map { path in
          "{\"actions\":\(list(path.actions)),\"states\":\(list(path.states.map(list)))}"
        }
        return "\"\(name)\":[\(paths.joined(separator: ","))]"
      }
    }
    return Array("{\(fields.joined(separator: ","))}".utf8)
  }

  private struct Content: Decodable, Sendable {
    struct Path: Decodable, Sendable {
      var states: [[Int32]]
      var actions: [Int]
    }

    var forward: [Path]?
    var backward: [Path]?

    enum CodingKeys: String, CodingKey {
      case forward = "forward_trajectories"
      case backward = "backward_trajectories"
    }
  }
}
