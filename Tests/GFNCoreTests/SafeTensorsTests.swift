import Testing

@testable import GFNCore

@Suite struct SafeTensorsTests {
  private func file(_ header: String, _ size: Int, length: UInt64? = nil) -> [UInt8] {
    let text = Array(header.utf8)
    let count = length ?? UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) } + text
      + [UInt8](repeating: 0, count: size)
  }

  private func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try SafeTensors(bytes, path: "w")
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  private func entry(_ shape: String, _ range: String, _ type: String = "F32") -> String {
    "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(range)}"
  }

  @Test func whatIsWrittenReadsBackAndEqualContentsAreEqualBytes() throws {
    let original = SafeTensors(
      tensors: [
        "b": .init(shape: [2, 1], values: [1, -2.5]), "a": .init(shape: [], values: [.infinity]),
        "empty": .init(shape: [0], values: []),
      ],
      arrays: [
        "c": RawTensor([1, -0.1, .infinity] as [Double]), "d": RawTensor([Int.min, 7]),
        "e": RawTensor([-1, 2, 3, 4] as [Int32], width: 2),
        "f": RawTensor(.uint8, shape: [3], bytes: [1, 2, 255]),
      ], metadata: ["step": "3"])
    let bytes = try original.encoded()
    let read = try SafeTensors(bytes, path: "w")
    #expect(read.tensors == original.tensors)
    #expect(read.arrays == original.arrays)
    #expect(read.arrays["c"]?.doubles == [1, -0.1, .infinity])
    #expect(read.arrays["d"]?.integers == [Int.min, 7])
    #expect(read.arrays["e"]?.smallIntegers == [-1, 2, 3, 4] && read.arrays["e"]?.shape == [2, 2])
    #expect(read.arrays["c"]?.integers == nil)
    #expect(read.metadata == original.metadata)
    #expect(try read.encoded() == bytes)
  }

  @Test func brokenFilesAreRefused() {
    #expect(reason([]).contains("has 0 bytes"))
    #expect(reason(file("{}", 0, length: 1 << 60)).contains("claims a header of"))
    #expect(reason(file("{}", 0, length: 100)).contains("is truncated"))
    #expect(reason(file("{", 0)).contains("malformed header"))
    #expect(reason(file("[]", 0)).contains("malformed header"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[0,4]"))}", 3)).contains("'a' ends at byte 4 of 3"))
    #expect(
      reason(file("{\"a\":\(entry("[1]", "[0,4]")),\"b\":\(entry("[1]", "[2,6]"))}", 6))
        .contains("overlap"))
    #expect(reason(file("{\"a\":\(entry("[2]", "[0,4]"))}", 4)).contains("shape [2] but 4 bytes"))
    #expect(reason(file("{\"a\":\(entry("[-1]", "[0,4]"))}", 4)).contains("shape [-1]"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[4,0]"))}", 4)).contains("offsets [4, 0]"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[-4,0]"))}", 4)).contains("offsets"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[0]"))}", 4)).contains("offsets"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[0,2]", "I16"))}", 2)).contains("as I16"))
    let huge = entry("[4611686018427387904,4611686018427387904]", "[0,4]")
    #expect(reason(file("{\"a\":\(huge)}", 4)).contains("shape"))
  }

  /// As the reference reader has it; what it takes of names given twice, the format forbids.
  @Test func nothingCanHideInAFile() {
    let one = entry("[1]", "[0,4]")
    #expect(reason(file("{\"a\":\(one)}", 6)).contains("2 bytes follow its last tensor"))
    #expect(reason(file("{}", 1)).contains("1 byte follow"))
    #expect(
      reason(file("{\"a\":\(one),\"b\":\(entry("[1]", "[8,12]"))}", 12))
        .contains("4 bytes before 'b'"))
    #expect(reason(file("{\"a\":\(entry("[1]", "[4,8]"))}", 8)).contains("before 'a'"))
    #expect(reason(file("{\"a\":\(one), \"\\u0061\" : \(one)}", 4)).contains("'a' twice"))
    #expect(
      reason(file("{\"__metadata__\":{\"x\":\"{\\\"\",\"x\":\"\"},\"a\":\(one)}", 4))
        .contains("'x' twice"))
    #expect(reason(file(" {\"a\":\(one)}", 4)).contains("malformed header"))
    #expect(
      reason(file("{\"a\":\(entry("[0]", "[4,4]")),\"b\":\(one)}  ", 4)) == "accepted")
  }

  @Test func floatsOfOtherTypesBecomeFloat32() throws {
    var file = SafeTensors(arrays: [
      "h": RawTensor(.float16, shape: [2], bytes: [0x00, 0x3C, 0x00, 0xC1]),
      "b": RawTensor(.bfloat16, shape: [2], bytes: [0x80, 0x3F, 0x20, 0xC0]),
      "d": RawTensor([0.1, -2]), "n": RawTensor([3]), "other": RawTensor([1.0]),
    ])
    let types = try file.convert(where: { $0 != "other" }, path: "w")
    #expect(types == ["h": .float16, "b": .bfloat16, "d": .float64])
    #expect(file.tensors["h"]?.values == [1, -2.5])
    #expect(file.tensors["b"]?.values == [1, -2.5])
    #expect(file.tensors["d"]?.values == [0.1, -2])
    #expect(file.arrays.keys.sorted() == ["n", "other"])
    file.arrays["pf.0.bias"] = RawTensor([1e300])
    #expect {
      try file.convert(where: { $0.hasPrefix("pf") }, path: "w")
    } throws: { "\($0)" == "w: 'pf.0.bias' holds 1e+300, more than a Float32 can be" }
  }

  @Test func weightsOfHalfPrecisionAreLoaded() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 1)
    var file = SafeTensors()
    for (name, tensor) in state.weights() {
      let bytes = tensor.values.flatMap { value in
        let bits = Float16(value).bitPattern
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
      }
      file.arrays["model." + name] = RawTensor(.float16, shape: tensor.shape, bytes: bytes)
    }
    file.rename(from: "model.", to: "")
    var other = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 2)
    let loaded = try other.load(file, path: "w", in: grid)
    #expect(loaded.estimators == [.forwardPolicy] && loaded.hasLogZ && loaded.ignored == 0)
    #expect(Set(loaded.converted.values) == [.float16])
    let expected = try #require(state.networks[.forwardPolicy])
    #expect(
      other.networks[.forwardPolicy]?.parameters == expected.parameters.map { Float(Float16($0)) })
  }

  @Test func integersAreReadAsNumbers() throws {
    var bytes = file("{\"a\":\(entry("[2]", "[0,8]", "I32"))}", 8)
    bytes.replaceSubrange((bytes.count - 8)..., with: [5, 0, 0, 0, 254, 255, 255, 255])
    #expect(try SafeTensors(bytes, path: "f").arrays["a"]?.smallIntegers == [5, -2])
  }

  @Test func everyTruncationAndBitFlipOfTheHeaderIsSurvived() throws {
    let bytes = try SafeTensors(
      tensors: ["pf.0.weight": .init(shape: [2, 2], values: [1, 2, 3, 4])]
    ).encoded()
    for count in 0..<bytes.count { #expect(reason(Array(bytes.prefix(count))) != "accepted") }
    for index in 0..<(bytes.count - 16) {
      for bit in 0..<8 as Range<UInt8> {
        var broken = bytes
        broken[index] ^= 1 << bit
        _ = reason(broken)
      }
    }
  }

  @Test func weightsReadBackAndGapsInNumbersAreClosed() throws {
    let grid = try Small.grid()
    let state = try TrainingState(Small.configuration("RL-B"), in: grid, seed: 1)
    let file = SafeTensors(tensors: state.weights())
    var other = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 2)
    let loaded = try other.load(file, path: "w", in: grid)
    #expect(
      loaded.estimators == [.forwardPolicy, .backwardPolicy, .valueForward, .valueBackward])
    #expect(loaded.hasLogZ && loaded.ignored == 0)
    #expect(other.networks == state.networks)
    // As a Sequential of Linear and ReLU numbers them.
    var renumbered = SafeTensors()
    for (name, tensor) in file.tensors where name.hasPrefix("pf.") {
      let parts = name.split(separator: ".")
      let number = try #require(Int(parts[1]))
      renumbered.tensors["pf.\(2 * number).\(parts[2])"] = tensor
    }
    renumbered.tensors["other"] = .init(shape: [1], values: [0])
    var third = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 3)
    #expect(try third.load(renumbered, path: "w", in: grid).ignored == 1)
    #expect(third.networks[.forwardPolicy] == state.networks[.forwardPolicy])
  }

  @Test func whatDoesNotFitIsRefusedAndChangesNothing() throws {
    let grid = try Small.grid()
    let wide = try TrainingState(
      Small.configuration("TB-U", layers: 2, hidden: 32), in: grid, seed: 1)
    let deep = try TrainingState(
      Small.configuration("TB-U", layers: 3, hidden: 16), in: grid, seed: 1)
    var state = try TrainingState(Small.configuration("TB-U"), in: grid, seed: 2)
    let before = state.networks
    func reason(_ file: SafeTensors) -> String {
      do {
        _ = try state.load(file, path: "w", in: grid)
        return "accepted"
      } catch {
        return "\(error)"
      }
    }
    let shapes = reason(SafeTensors(tensors: wide.weights()))
    #expect(shapes.contains("[32, 8]") && shapes.contains("[16, 8]"))
    #expect(reason(SafeTensors(tensors: deep.weights())).contains("4 linear layers"))
    #expect(
      reason(SafeTensors(tensors: ["x": .init(shape: [1], values: [1])])).contains("no estimator"))
    var broken = state.weights()
    broken["pf.1.bias"]?.values[0] = .nan
    #expect(reason(SafeTensors(tensors: broken)).contains("not finite"))
    broken["pf.1.bias"] = nil
    #expect(reason(SafeTensors(tensors: broken)).contains("'pf.1.bias' is missing"))
    #expect(
      reason(SafeTensors(tensors: ["pf.x.weight": .init(shape: [], values: [0])])) != "accepted")
    #expect(state.networks == before)
  }
}
