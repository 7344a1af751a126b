/// A setting that is one word of some: what may be typed is read off its cases.
package protocol WordSetting: RawRepresentable, CaseIterable, Sendable where RawValue == String {
  /// A line for help.
  var help: String { get }
}

extension WordSetting {
  package static var choices: [Choice] { allCases.map { Choice($0.rawValue, $0.help) } }

  package static var parameterKind: ParameterKind { .enumeration(choices) }
}
