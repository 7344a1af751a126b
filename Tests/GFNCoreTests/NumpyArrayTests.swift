import Foundation
import GFNParameters
import Testing

@testable import GFNCore

/// A file as `numpy.save` writes it.
func numpyFile(
  _ values: [Double], shape: [Int], type: String = "<f4", fortran: Bool = false,
  version: UInt8 = 1
) -> [UInt8] {
  let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
  var header =
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }"
  let start = version == 1 ? 10 : 12
  while (start + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  let count = header.utf8.count
  var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
  for byte in 0..<(version == 1 ? 2 : 4) { bytes.append(UInt8(count >> (8 * byte) & 255)) }
  bytes += Array(header.utf8)
  for value in values {
    if type == "<f8" {
      withUnsafeBytes(of: value) { bytes += Array($0) }
    } else {
      withUnsafeBytes(of: Float(value)) { bytes += Array($0) }
    }
  }
  return bytes
}

@Suite struct NumpyArrayTests {
  private func array(_ bytes: [UInt8], letters: Int = 2, length: Int = 2) throws -> [Double] {
    let array = try NumpyArray(
      FileBytes(Data(bytes)), path: "t.npy", letters: letters, length: length)
    return (0..<array.count).map { array[$0] }
  }

  private func reason(_ bytes: [UInt8]) -> String {
    do { return "accepted \(try array(bytes))" } catch { return "\(error)" }
  }

  @Test(arguments: ["<f4", "<f8"], [UInt8(1), 2, 3])
  func bothTypesAndShapesAreReadInIndexOrder(_ type: String, _ version: UInt8) throws {
    let values = [0.5, -1, 2.25, 3]
    #expect(try array(numpyFile(values, shape: [4], type: type, version: version)) == values)
    #expect(try array(numpyFile(values, shape: [2, 2], type: type, version: version)) == values)
  }

  @Test func whatIsNoTableOfTheseSequencesIsRefused() {
    let good = numpyFile([1, 2, 3, 4], shape: [4])
    #expect(reason(Array("A\t1\n".utf8)).contains("is no NumPy array"))
    #expect(reason([]).contains("is no NumPy array"))
    #expect(reason(Array(good.prefix(9))).hasSuffix("ends within its header"))
    #expect(reason(Array(good.prefix(40))).hasSuffix("ends within its header"))
    #expect(
      reason(Array(good.dropLast())).contains("cut short: 4 scores take 16 bytes, there are 15"))
    #expect(reason(good + [0]).contains("too long"))
    #expect(
      reason(numpyFile([1, 2, 3], shape: [3])).contains(
        "has the shape (3,), the sequences here need (4,) or (2, 2)"))
    #expect(reason(numpyFile([1, 2, 3, 4], shape: [4, 1])).contains("has the shape (4, 1)"))
    #expect(
      reason(numpyFile([1, 2, 3, 4], shape: [4], type: ">f4")).contains("'>f4', not '<f4' or '<f8'")
    )
    #expect(reason(numpyFile([1, 2, 3, 4], shape: [4], type: "<i8")).contains("'<i8'"))
    #expect(
      reason(numpyFile([1, 2, 3, 4], shape: [2, 2], fortran: true)).contains("Fortran order"))
    #expect(reason(numpyFile([1, 2, 3, 4], shape: [4], version: 4)).contains("version 4"))
  }

  /// Every header that is cut or garbled somewhere is read or refused, and never more.
  @Test func garbledHeadersAreRefused() {
    let good = numpyFile([1, 2, 3, 4], shape: [2, 2])
    for place in good.indices {
      for byte in [UInt8(0), 0x27, 0x28, 0x39, 0xFF] {
        var bytes = good
        bytes[place] = byte
        _ = reason(bytes)
      }
      #expect(!reason(Array(good.prefix(place))).hasPrefix("accepted"))
    }
  }

  private func task(_ file: [UInt8], _ more: [(String, OptionValue)], mostAtOnce: Int) throws
    -> SequenceTask
  {
    try SequenceTask(
      Options(
        [("length", .number(6)), ("alphabet", .text("ABCD")), ("rewards", .text("t.npy"))]
          + more.map { (name: $0.0, value: $0.1) }),
      FileReader { _ in file }, mostAtOnce: mostAtOnce)
  }

  @Test func scoresThatAreNoNumbersAreNamed() throws {
    var values = [Double](repeating: 1, count: 4096)
    values[4095] = .infinity
    values[17] = .nan
    let file = numpyFile(values, shape: [4096])
    for mostAtOnce in [0, 1 << 20] {
      let error = #expect(throws: CoreError.self) { try task(file, [], mostAtOnce: mostAtOnce) }
      #expect(error?.description == "t.npy: the score of 'AAABAB' (index 17) is nan")
    }
  }

  @Test(arguments: ["<f4", "<f8"])
  func rewardsReadWhereTheyLieAreThoseOfATable(_ type: String) throws {
    var stream = RandomStream(seed: 3, .looking)
    // Rounded, so that there are ties.
    let values = (0..<4096).map { _ in (stream.uniform() * 400 - 100).rounded() / 8 }
    let file = numpyFile(values, shape: [4, 4, 4, 4, 4, 4], type: type)
    let settings: [[(String, OptionValue)]] = [
      [], [("normalize", .text("minmax")), ("exponent", .number(3))],
      [("sigmoid", .number(3)), ("min", .number(0)), ("exponent", .number(2.5))],
      // All but a handful are raised to the minimum: ties there go by index.
      [("min", .number(37.2))],
    ]
    for setting in settings {
      let table = try task(file, setting, mostAtOnce: 1 << 20)
      let lazy = try task(file, setting, mostAtOnce: 0)
      guard case .table = table.rewards, case .scores = lazy.rewards else {
        Issue.record("not read as intended")
        return
      }
      let first = FillSequence(table)
      let second = FillSequence(lazy)
      #expect(first.modes?.total == 21)
      #expect(second.modes?.total == 21)
      var modes = 0
      for index in 0..<4096 {
        let state = first.terminatingState(at: index)
        #expect(first.reward(state) == second.reward(state))
        state.withUnsafeBufferPointer { buffer in
          guard let base = buffer.baseAddress else { return }
          #expect(first.logReward(base) == second.logReward(base))
          let isMode = first.modes?.mode(of: base) != nil
          #expect((second.modes?.mode(of: base) != nil) == isMode, "\(index)")
          modes += isMode ? 1 : 0
        }
      }
      #expect(modes == 21)
      #expect(try TargetDistribution(first).logZ == (try TargetDistribution(second).logZ))
    }
  }

  @Test func aMappedFileIsTheFile() throws {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "map-\(UInt64.random(in: 0 ... .max)).npy")
    defer { try? FileManager.default.removeItem(at: file) }
    let bytes = numpyFile([1, 2, 3, 4], shape: [4])
    try Data(bytes).write(to: file)
    let handle = try FileHandle(forReadingFrom: file)
    let mapped = try #require(FileBytes(mapping: handle.fileDescriptor, count: bytes.count))
    try handle.close()
    #expect([UInt8](mapped.data) == bytes)
  }
}
