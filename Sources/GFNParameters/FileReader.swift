package import FoundationEssentials
import Glibc

/// How the core reaches what options name: files, whole, or mapped where only parts are looked at; and
/// programs.
package struct FileReader: Sendable {
  private let bytes: @Sendable (_ path: String) throws -> [UInt8]
  private let mapping: @Sendable (_ path: String) throws -> FileBytes
  /// Starts a program that scores objects; nil where none may be.
  package let scorer: (@Sendable (ScoringRequest) throws -> any ObjectScorer)?

  /// - Parameter mapping: by default the file is read whole.
  package init(
    _ bytes: @escaping @Sendable (_ path: String) throws -> [UInt8],
    mapping: (@Sendable (_ path: String) throws -> FileBytes)? = nil,
    scorer: (@Sendable (ScoringRequest) throws -> any ObjectScorer)? = nil
  ) {
    self.bytes = bytes
    self.scorer = scorer
    self.mapping = mapping ?? { FileBytes(Data(try bytes($0))) }
  }

  /// The bytes of a file.
  package func callAsFunction(_ path: String) throws -> [UInt8] { try bytes(path) }

  /// The contents of a file that need not be in memory.
  package func map(_ path: String) throws -> FileBytes { try mapping(path) }
}

/// The contents of a file, in memory or mapped into it.
package struct FileBytes: Sendable {
  package let data: Data

  package init(_ data: Data) { self.data = data }

  /// Maps an open regular file for reading; it may be closed afterwards.
  ///
  /// A file that shrinks while it is mapped ends the program, as for everything that maps files.
  /// - Returns: nil where the system refuses; `errno` says why.
  package init?(mapping descriptor: Int32, count: Int) {
    guard count > 0 else {
      data = Data()
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      base != UnsafeMutableRawPointer(bitPattern: -1)
    else { return nil }
    data = Data(bytesNoCopy: base, count: count, deallocator: .unmap)
  }
}
