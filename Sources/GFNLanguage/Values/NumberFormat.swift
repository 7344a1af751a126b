#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a number is written in a string: `.3f`, `.2e`, `.4g`, `d`, each with a width before it.
package struct NumberFormat: Sendable {
  private let format: String

  /// - Returns: nil where `text` is no format.
  package init?(_ text: String) {
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard let conversion = text.last, "fegd".contains(conversion), (1...2).contains(parts.count)
    else { return nil }
    for digits in parts where !digits.isEmpty {
      guard digits.count <= 2, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    }
    if parts.count == 2, parts[1].isEmpty || conversion == "d" { return nil }
    format = conversion == "d" ? "%\(parts[0]).0f" : "%\(text)"
  }

  private init(trusted format: String) { self.format = format }

  package static func significant(_ digits: Int) -> NumberFormat {
    NumberFormat(trusted: "%.\(min(max(digits, 0), 17))g")
  }

  package static func fixed(_ digits: Int) -> NumberFormat {
    NumberFormat(trusted: "%.\(min(max(digits, 0), 30))f")
  }

  package func string(_ number: Double) -> String {
    // A Float64 has at most 309 digits before the point; width and precision are at most 99.
    var buffer = [CChar](repeating: 0, count: 512)
    // The sign of a NaN means nothing.
    let number = number.isNaN ? .nan : number
    let length = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
    guard length > 0 else { return "\(number)" }
    return String(
      decoding: buffer.prefix(min(Int(length), buffer.count - 1)).map(UInt8.init(bitPattern:)),
      as: UTF8.self)
  }
}
