import Basics
import Foundation
import Testing

@Suite(.tags(.unit)) struct JSONParserTests {
  @Test(
    arguments: [
      ("null", JSON.null),
      (" true ", true),
      ("\t\r\n false", false),
      ("0", 0),
      ("-0", 0),
      ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)),
      ("\"\"", ""),
      ("[]", []),
      ("[ 1 , [ 2 ] ]", [1, [2]]),
      ("{ }", [:]),
      (#"{"a":{"b":[null]}}"#, ["a": ["b": [.null]]]),
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"),
      (#""\ud83d\ude00""#, "😀"),
      (#""\u0000""#, "\0"),
      ("\"\u{7F}é€😀\"", "\u{7F}é€😀"),
    ] as [(String, JSON)])
  func accepts(text: String, value: JSON) throws {
    #expect(try JSON(parsing: text) == value)
  }

  @Test(
    arguments: [
      ("2.50", "2.5"), ("-2.5", "-2.5"), ("0.0", "0"), ("-0.0", "0"),
      ("0e99999999999999999999", nil),
      ("0.1", "0.1"), ("1e3", "1000"), ("1E+3", "1000"), ("125e-2", "1.25"), ("0e5", "0"),
      ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
      ("0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"),
      ("9223372036854775808.0", "9223372036854775808e0"), ("-120e25", "-12e26"),
      ("1.00000000000000000000000000000000000000000000", "1"),
      ("1.000000000000000000000000000000000000001", nil),
      ("123456789012345678901234567890123456789.5", nil),
      ("1e128", nil), ("1e-128", nil), ("1e99999", nil), ("1e-99999999999999999999", nil),
    ] as [(String, String?)])
  func keepsDecimalsExactlyOrRefusesThem(text: String, written: String?) {
    let value = try? JSON(parsing: text)
    #expect(value?.compact == written)
    if let written {
      #expect(value?.decimal == Decimal(string: written))
      #expect((try? JSON(parsing: written))?.decimal == value?.decimal)
    }
  }

  @Test(
    arguments: [
      ("", JSONError.Reason.unexpectedEnd, 0),
      ("  ", .unexpectedEnd, 2),
      ("{", .unexpectedEnd, 1),
      ("[1,", .unexpectedEnd, 3),
      (#"{"a""#, .unexpectedEnd, 4),
      (#"{"a":"#, .unexpectedEnd, 5),
      ("\"abc", .unexpectedEnd, 4),
      (#""\"#, .unexpectedEnd, 2),
      (#""\u00"#, .unexpectedEnd, 5),
      ("tru", .unexpectedEnd, 3),
      ("truE", .unexpectedByte, 3),
      ("nul1", .unexpectedByte, 3),
      ("[1,]", .unexpectedByte, 3),
      ("[,1]", .unexpectedByte, 1),
      (#"{"a":1,}"#, .unexpectedByte, 7),
      ("{a:1}", .unexpectedByte, 1),
      ("{'a':1}", .unexpectedByte, 1),
      (#"{"a" 1}"#, .unexpectedByte, 5),
      (#"{"a":1 "b":2}"#, .unexpectedByte, 7),
      ("[1}", .unexpectedByte, 2),
      ("NaN", .unexpectedByte, 0),
      ("Infinity", .unexpectedByte, 0),
      ("+1", .unexpectedByte, 0),
      (".5", .unexpectedByte, 0),
      ("/* */ 1", .unexpectedByte, 0),
      ("\u{FEFF}1", .unexpectedByte, 0),
      ("-", .badNumber, 1),
      ("01", .badNumber, 2),
      ("-01", .badNumber, 3),
      ("1.", .badNumber, 2),
      ("1.e2", .badNumber, 2),
      ("1e", .badNumber, 2),
      ("1e+", .badNumber, 3),
      ("9223372036854775808", .badNumber, 19),
      ("-9223372036854775809", .badNumber, 20),
      ("99999999999999999999999999", .badNumber, 26),
      ("0x10", .trailingBytes, 1),
      ("1 2", .trailingBytes, 2),
      ("{}}", .trailingBytes, 2),
      (#""\x""#, .badString, 2),
      (#""\u12G4""#, .badString, 5),
      (#""\ud83d""#, .badString, 7),
      (#""\ud83d\n""#, .badString, 8),
      (#""\ud83d\u0041""#, .badString, 13),
      (#""\ude00""#, .badString, 7),
      ("\"a\nb\"", .badString, 2),
      ("\"\\n\u{1}\"", .badString, 3),
    ] as [(String, JSONError.Reason, Int)])
  func refuses(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
    do throws(JSONError) {
      _ = try JSON(parsing: text)
    } catch {
      #expect(error.reason == reason)
      #expect(error.offset == offset)
    }
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0x5C, 0x6E, 0xFF],
    ] as [[UInt8]])
  func refusesWhatIsNoUTF8(bytes: [UInt8]) {
    let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
    do throws(JSONError) {
      let value = try JSON(parsing: quoted)
      Issue.record("accepted \(value)")
    } catch {
      #expect(error.reason == .badString)
    }
  }

  @Test(arguments: ["[", #"{"a":"#])
  func endsAtTheDepthLimit(opening: String) throws {
    let closing = opening == "[" ? "]" : "}"
    let nested = { (depth: Int) in
      String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
    }
    #expect(try JSON(parsing: nested(JSON.maximumDepth)).compact == nested(JSON.maximumDepth))
    do throws(JSONError) {
      _ = try JSON(parsing: String(repeating: opening, count: 1_000_000))
    } catch {
      #expect(error.reason == .tooDeep)
      #expect(error.offset == (JSON.maximumDepth + 1) * opening.utf8.count)
    }
  }

  @Test func everyPrefixOfATextIsRefusedAndNoByteTraps() throws {
    let text = #"{"a":[1,-2.5e1,true,null,"\ud83d\ude00é\n"],"b":{"c":"d"}}"#
    let bytes = Array(text.utf8)
    for length in bytes.indices {
      #expect(throws: JSONError.self) { try JSON(parsing: bytes[..<length]) }
    }
    for index in bytes.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = bytes
        changed[index] = byte
        _ = try? JSON(parsing: changed)
      }
    }
    #expect(try JSON(parsing: bytes) == JSON(parsing: text))
  }

  @Test func ofAKeyGivenTwiceTheLastValueCountsAtTheFirstPlace() throws {
    let few = try JSON(parsing: #"{"a":1,"b":2,"a":3}"#)
    #expect(few.compact == #"{"a":3,"b":2}"#)
    #expect(few == few)
    let many = (0..<100).map { "\"k\($0 % 50)\":\($0)" }.joined(separator: ",")
    let object = try JSON(parsing: "{\(many)}").object
    #expect(object?.count == 50)
    #expect(object?["k0"] == 50)
    #expect(object?.keys.first == "k0")
  }

  @Test func readsSlicesAndLazyCollections() throws {
    let bytes = Array("xx[1]yy".utf8)
    #expect(try JSON(parsing: bytes[2..<5]) == [1])
    #expect(try JSON(parsing: bytes.lazy.filter { $0 < UInt8(ascii: "x") }) == [1])
  }
}
