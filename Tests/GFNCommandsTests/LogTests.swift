import Foundation
import GFNCore
import GFNParameters
import Testing

@testable import GFNCommands
@testable import GFNLanguage

@Suite struct LogTests {
  private static let start = "\(ScienceTests.small); method RL-G; seed 3"

  private func text(_ name: String, in lab: Lab) throws -> String {
    String(decoding: try Data(contentsOf: lab.folder.appending(path: name)), as: UTF8.self)
  }

  @Test func everyRowOfTrainIsInTheFilesWithFullPrecision() throws {
    let lab = try Lab()
    lab.run("log csv=m.csv jsonl=logs/m.jsonl; \(Self.start)")
    let value = lab.result("train 20 every=10 measure=[tv, jsd]")
    let rows = try CSV.records(Array(text("m.csv", in: lab).utf8)).map(\.fields)
    let lines = try text("logs/m.jsonl", in: lab).split(separator: "\n")
    try #require(rows.count == 3 && lines.count == 2)
    for index in lines.indices {
      for name in ["step", "loss", "log_z", "tv", "jsd"] {
        let column = try #require(rows[0].firstIndex(of: name))
        let field = "\"\(name)\": \(rows[index + 1][column]),"
        #expect(lines[index].contains(field))
        #expect(value.contains(field))
      }
      let unmeasured = try #require(rows[0].firstIndex(of: "kl_target"))
      #expect(rows[index + 1][unmeasured] == "")
      #expect(!lines[index].contains("kl_target"))
    }
  }

  @Test func anInfiniteMeasureIsAValueOfTheLog() throws {
    let lab = try Lab()
    lab.run("log csv=m.csv tensorboard=tb; \(Self.start)")
    lab.run("env hypergrid side=4 r0=0; method TB-U; train 1 batch=8 measure=[kl_learned]")
    let rows = try CSV.records(Array(text("m.csv", in: lab).utf8)).map(\.fields)
    let column = try #require(rows[0].firstIndex(of: "kl_learned"))
    #expect(rows.count == 2 && rows[1][column] == "inf")
    let folder = lab.folder.appending(path: "tb")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
    let place = try #require(bytes.firstRange(of: Array("train/kl_learned".utf8))).upperBound
    // simple_value, as a float: infinity.
    #expect(Array(bytes[place..<(place + 5)]) == [21, 0, 0, 0x80, 0x7F])
    #expect(bytes.firstRange(of: Array("train/jsd".utf8)) == nil)
  }

  @Test func aFileOfSomethingElseIsNotLoggedInto() throws {
    let lab = try Lab()
    try lab.write("Dear diary\n", to: "notes.txt")
    for option in ["csv", "jsonl"] {
      #expect(lab.code("log \(option)=notes.txt") == "file")
    }
    #expect(try text("notes.txt", in: lab) == "Dear diary\n")
  }

  @Test func aLogThatSomeoneElseHasChangedIsNoLongerGfnsOwn() throws {
    let lab = try Lab()
    lab.run("\(Self.start); log csv=m.csv; train 2")
    let file = try FileHandle(forWritingTo: lab.folder.appendingPathComponent("m.csv"))
    try file.seekToEnd()
    try file.write(contentsOf: Data("a note\n".utf8))
    try file.close()
    lab.run("let t = train 2; log off")
    #expect(lab.code("save $t to=m.csv") == "file-exists")
    #expect(try text("m.csv", in: lab).contains("a note"))
  }

  @Test func twoSessionsDoNotLogIntoOneFile() throws {
    let lab = try Lab()
    #expect(lab.run("log csv=m.csv jsonl=m.jsonl") == .done)
    let other = try Lab()
    for file in ["csv=\"\(lab.folder.path)/m.csv\"", "jsonl=\"\(lab.folder.path)/m.jsonl\""] {
      #expect(other.code("log \(file)") == "file-unwritable")
      #expect(other.failures.first?.message.hasSuffix("this process keeps it open") == true)
    }
    lab.run("log off")
    #expect(other.code("log csv=\"\(lab.folder.path)/m.csv\"") == "none")
  }

  @Test func aLogGoesOnInAnotherSessionAndUnderAnotherMeasure() throws {
    let lab = try Lab()
    lab.run("log csv=m.csv; \(Self.start); train 4 every=2")
    let first = try text("m.csv", in: lab)
    lab.run("log csv=m.csv; train 2 every=2 measure=[accuracy]; undo; log off; train 2")
    let both = try text("m.csv", in: lab)
    #expect(both.hasPrefix(first))
    #expect(both.split(separator: "\n").count == 4)
    #expect(lab.result("log") == #"{"csv": null, "jsonl": null, "tensorboard": null}"#)
  }

  @Test func aLogThatBeginsAfterATrainHasAllColumns() throws {
    let lab = try Lab()
    lab.run("\(Self.start); train 2 measure=[tv]; log csv=m.csv; train 2 measure=[jsd]")
    let rows = try CSV.records(Array(text("m.csv", in: lab).utf8)).map(\.fields)
    try #require(rows.count == 2)
    #expect(rows[0] == ["step"] + Measure.names + ["seconds"])
    #expect(Double(rows[1][try #require(rows[0].firstIndex(of: "jsd"))]) != nil)
  }

  @Test func aLogOfAnEarlierVersionGoesOnWithItsColumns() throws {
    let lab = try Lab()
    try lab.write("step,loss,tv\n2,0.5,0.25\n", to: "m.csv")
    lab.run("log csv=m.csv; \(Self.start); train 4 every=2")
    let rows = try CSV.records(Array(text("m.csv", in: lab).utf8)).map(\.fields)
    #expect(rows.count == 4 && rows.allSatisfy { $0.count == 3 })
    #expect(rows.prefix(2) == [["step", "loss", "tv"], ["2", "0.5", "0.25"]])
    #expect(Double(rows[3][2]) != nil)
    try lab.write("step,shoes\n", to: "other.csv")
    #expect(lab.code("log csv=other.csv") == "file")
  }

  @Test func loggingChangesNoResult() throws {
    let plain = try Lab().result("\(Self.start); train 10 every=5")
    let logged = try Lab().result(
      "log csv=a.csv jsonl=a.jsonl tensorboard=a; \(Self.start); train 10 every=5")
    #expect(plain == logged)
  }

  @Test func anInterruptedTrainIsLoggedAsFarAsItCame() throws {
    let lab = try Lab()
    lab.run("log jsonl=m.jsonl; \(Self.start)")
    #expect(lab.run("train 1000 every=4", observer: lab.interrupting(1)) == .interrupted)
    #expect(try !text("m.jsonl", in: lab).isEmpty)
  }

  @Test func filesOfOtherThingsAreNotAppendedTo() throws {
    let lab = try Lab()
    try lab.write("name,age\n", to: "people.csv")
    #expect(lab.code("log csv=people.csv") == "file")
    #expect(try text("people.csv", in: lab) == "name,age\n")
    #expect(lab.code("log csv=\"/nowhere/m.csv\"") == "write-refused")
    #expect(lab.code("log jsonl=\".\"") == "file-unwritable")
    #expect(lab.code("log tensorboard=people.csv") == "file-unwritable")
    #expect(lab.code("log off csv=m.csv") == "option")
    #expect(lab.code("log on") == "unknown-word")
  }

  @Test func theLogarithmIsStillAFunctionAndHasItsHelp() throws {
    let lab = try Lab()
    #expect(lab.run("let x = log(exp(3)); assert near($x, 3, 1e-12)") == .done)
    var text = ""
    lab.run("help log") { event in
      if case .printed(let piece, _) = event { text += piece + "\n" }
    }
    #expect(text.contains("log(x)\n  the natural logarithm"))
    #expect(text.contains("tensorboard="))
  }

  @Test func halfALineOfACrashedMachineStaysAlone() throws {
    let lab = try Lab()
    lab.run("log csv=m.csv; log off")
    let header = try text("m.csv", in: lab)
    try lab.write(header + "2,0.5", to: "m.csv")
    lab.run("log csv=m.csv; \(Self.start); train 2")
    let lines = try text("m.csv", in: lab).split(separator: "\n")
    #expect(lines.count == 3 && lines[1] == "2,0.5" && lines[2].hasPrefix("2,"))
  }

  // MARK: - TensorBoard

  /// RFC 3720, B.4: CRC-32C of 32 zeros is 8a9136aa, of 0…31 46dd794e.
  @Test func checksumsAreThoseOfTheStandardMasked() {
    func masked(_ checksum: UInt32) -> UInt32 {
      (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
    #expect(EventFile.maskedChecksum([UInt8](repeating: 0, count: 32)) == masked(0x8A91_36AA))
    #expect(EventFile.maskedChecksum(Array(0..<32)) == masked(0x46DD_794E))
  }

  @Test func eventsAreFramedAndHoldStepTagAndValue() throws {
    let lab = try Lab()
    lab.run("log tensorboard=runs/a; \(Self.start); train 300 every=300")
    let folder = lab.folder.appending(path: "runs/a")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 1 && names.allSatisfy { $0.hasPrefix("events.out.tfevents.") })
    let bytes = Array(try Data(contentsOf: folder.appending(path: names.first ?? "")))
    var messages: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      let message = Array(rest.dropFirst(12).prefix(length))
      #expect(Array(rest.prefix(length + 16)) == EventFile.record(message))
      messages.append(message)
      rest = rest.dropFirst(length + 16)
    }
    #expect(messages.count == 2)
    #expect(messages[0].suffix(15) == [26, 13] + Array("brain.Event:2".utf8))
    // Step 300 as a varint in field 2, behind the eight bytes of the time.
    #expect(Array(messages[1].dropFirst(9).prefix(3)) == [16, 0xAC, 0x02])
    let tv = Array("train/tv".utf8)
    let place = try #require(messages[1].firstRange(of: tv)).upperBound
    #expect(messages[1][place] == 21)
    let bits = messages[1][(place + 1)...].prefix(4).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    guard case .table(let table)? = lab.values.last?.value,
      let column = table.columns.firstIndex(where: { $0.name == "tv" }),
      case .number(let trained, _) = table.rows[0][column]
    else { throw CocoaError(.featureUnsupported) }
    #expect(Float(bitPattern: bits) == Float(trained))
  }
}
