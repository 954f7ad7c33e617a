import Basics
import Testing

@Suite(.tags(.unit)) struct CRC32Tests {
  /// The check value of the catalogue of CRCs, and what `python3 -c 'import zlib; …'` says.
  @Test(
    arguments: [
      ("123456789", 0xCBF4_3926), ("", 0), ("a", 0xE8B7_BE43),
      ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
    ] as [(String, UInt32)])
  func itIsThatOfZip(_ text: String, _ sum: UInt32) {
    #expect(CRC32.of(text.utf8) == sum)
  }

  @Test(
    arguments: [
      (0, 6, "000000"), (61, 1, "z"), (62, 1, "10"), (62, 6, "000010"), (.max, 6, "4gfFC3"),
    ] as [(UInt32, Int, String)])
  func numbersInSixtyTwoDigits(_ number: UInt32, _ length: Int, _ text: String) {
    #expect(Base62.encode(number, length: length) == text)
  }
}
