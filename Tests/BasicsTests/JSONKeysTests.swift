import Basics
import Testing

/// Keys are remembered from one text to the next; nothing of that may be seen.
@Suite(.tags(.unit)) struct JSONKeysTests {
  /// The members as the text has them, the last value of each key.
  private static func object(_ members: [(String, Int)]) -> String {
    "{" + members.map { "\(JSON.string($0.0).compact):\($0.1)" }.joined(separator: ",") + "}"
  }

  @Test(
    arguments: [
      ["id"], ["id", "object"], ["object", "id"], ["id", "object", "amount"], ["id", ""], [""],
      ["default_payment_method"], ["default_payment_method", "default_payment_methods"],
      ["default_payment"], ["default_payment_method_", "default_payment_methoD"],
      ["eightlet", "eightletters", "eightletterssixt", "eightletterssixteen"],
      ["é", "e\u{301}é", "😀"], ["a\"b", "a\\b", "a\nb", "a"],
      [String(repeating: "k", count: 63), String(repeating: "k", count: 64)],
      [String(repeating: "k", count: 65), String(repeating: "k", count: 128), "k"],
    ])
  func readsTheSameKeysAnew(keys: [String]) throws {
    let members = keys.enumerated().map { ($1, $0) }
    for padding in ["", String(repeating: " ", count: 100)] {
      for _ in 0..<3 {
        let object = try JSON(parsing: Self.object(members) + padding).object
        #expect(object?.keys == keys)
        #expect(object?.map { $0.value } == members.map { JSON($0.1) })
        for (key, value) in members { #expect(object?[key] == JSON(value)) }
        #expect(object?["absent"] == nil)
      }
    }
  }

  @Test(arguments: [1, 8, 15, 16, 40, 64, 65, 200])
  func ofAKeyGivenTwiceTheLastValueCounts(length: Int) throws {
    let key = String(repeating: "k", count: length)
    for others in [0, 1, 63, 64, 255, 256, 300] {
      let between = (0..<others).map { ("key \($0)", $0) }
      for _ in 0..<2 {
        let text = Self.object([(key, -1)] + between + [(key, -2), ("behind", -3)])
        let object = try #require(try JSON(parsing: text).object)
        #expect(object.keys == [key] + between.map { $0.0 } + ["behind"])
        #expect(object[key] == -2)
        #expect(object["behind"] == -3)
      }
    }
  }

  @Test func anEscapedKeyIsTheSameKey() throws {
    for text in [#"{"ab":1,"a\u0062":2}"#, #"{"a\u0062":1,"ab":2}"#, #"{"\u0061b":1,"\u0061b":2}"#]
    {
      for padding in ["", String(repeating: " ", count: 100)] {
        #expect(try JSON(parsing: text + padding).compact == #"{"ab":2}"#)
      }
    }
  }

  /// Far more than are remembered.
  @Test func readsAnyNumberOfDifferentKeys() throws {
    for round in 0..<2 {
      for start in stride(from: 0, to: 12_000, by: 40) {
        let members = (start..<start + 40).map { ("key number \($0)", $0 + round) }
        let object = try #require(try JSON(parsing: Self.object(members)).object)
        #expect(object.keys == members.map { $0.0 })
        #expect(object["key number \(start + 39)"] == JSON(start + 39 + round))
      }
      #expect(try JSON(parsing: #"{"id":1,"object":2}"#) == ["id": 1, "object": 2])
    }
  }

  @Test func readsInManyTasksAtOnce() async throws {
    let texts = (0..<16).map { task in
      Self.object((0..<60).map { ("key \($0 % (task + 3)) of \(task % 3)", $0) })
    }
    let alone = try texts.map { try JSON(parsing: $0).compact }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for (text, compact) in zip(texts, alone) {
        group.addTask {
          try (0..<50).allSatisfy { _ in try JSON(parsing: text).compact == compact }
        }
      }
      for try await isSame in group { #expect(isSame) }
    }
  }
}
