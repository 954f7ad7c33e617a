private import CLibcrypto

/// Random bytes and tokens from libcrypto's generator, fit for keys and ids.
package enum Random {
  package static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    precondition(RAND_bytes(&bytes, Int32(count)) == 1, "the generator of libcrypto is seeded")
    return bytes
  }

  /// Letters and digits, each with 62 equally likely values (5.95 bits a character).
  package static func token(length: Int) -> String {
    var token: [UInt8] = []
    while token.count < length {
      // 248 is the largest multiple of 62 in a byte; what lies above would favour some letters.
      for byte in bytes(length) where byte < 248 && token.count < length {
        token.append(Base62.digits[Int(byte) % 62])
      }
    }
    return String(decoding: token, as: UTF8.self)
  }
}
