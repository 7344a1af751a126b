/// A key that a file and a session give different values.
package struct SettingDifference: Sendable, Equatable {
  package var key: String
  /// Nil where it is not given.
  package var file: String?
  package var session: String?

  package init(key: String, file: String?, session: String?) {
    self.key = key
    self.file = file
    self.session = session
  }

  /// All of them, by key.
  static func all(file: [String: String], session: [String: String]) -> [SettingDifference] {
    Set(file.keys).union(session.keys).sorted().compactMap { key in
      file[key] == session[key]
        ? nil : SettingDifference(key: key, file: file[key], session: session[key])
    }
  }

  static let declarationKey = "env.declaration"

  package var text: String {
    if key.hasPrefix("env.data.") {
      return "the file that '\(key.dropFirst("env.data.".count))=' names has other contents now"
    }
    if key == Self.declarationKey {
      func name(_ text: String?) -> String {
        text.map { "'\($0.split(separator: "(").first?.split(separator: " ").last ?? "")'" }
          ?? "no declared environment"
      }
      return file == nil || session == nil || name(file) != name(session)
        ? "\(name(file)) there is \(name(session)) here"
        : "\(name(file)) is declared otherwise there than here"
    }
    return "\(key) is \(file ?? "not given") there and \(session ?? "not given") here"
  }
}
