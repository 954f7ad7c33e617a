import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct PackedTextsTests {
  private func packed(_ texts: [String]) -> PackedTexts {
    var packed = PackedTexts()
    for text in texts { packed.append(text.utf8) }
    return packed
  }

  @Test func eachTextIsWhatItWas() {
    let texts = ["", "a", "", "Zoë", "a text that is longer than a small one"]
    let packed = packed(texts)
    #expect(packed.count == 5)
    #expect((0..<5).map { String(decoding: packed[$0], as: UTF8.self) } == texts)
  }

  /// Byte by byte, whether the first bytes decide or not; of equal ones the first first.
  @Test func theOrderIsThatOfTheirBytes() {
    let texts = ["event_02", "b", "event_010", "", "Zoë", "event_01", "b", "event_0", "a\0", "a"]
    #expect(packed(texts).ordered() == [3, 4, 9, 8, 1, 6, 7, 5, 2, 0])
    #expect(packed([]).ordered() == [])
    let arranged = packed(texts).arranged(by: [4, 1])
    #expect(arranged.count == 2 && String(decoding: arranged[0], as: UTF8.self) == "Zoë")
  }
}
