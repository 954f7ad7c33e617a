private import CLibcrypto

/// SHA-256 and HMAC-SHA256 of OpenSSL's libcrypto.
package enum Hash {
  /// The 32 bytes of SHA-256.
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let written = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
    precondition(written == 1, "libcrypto has SHA-256")
    return digest
  }

  /// The SHA-256 of bytes that come in pieces, until there are no more: of what does not fit in memory.
  package static func sha256(pieces next: () throws -> [UInt8]?) rethrows -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var isWell = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
    while let piece = try next() {
      isWell = isWell && EVP_DigestUpdate(context, piece, piece.count) == 1
    }
    var digest = [UInt8](repeating: 0, count: 32)
    isWell = isWell && EVP_DigestFinal_ex(context, &digest, nil) == 1
    precondition(isWell, "libcrypto has SHA-256")
    return digest
  }

  /// The 32 bytes of HMAC-SHA256 (RFC 2104) over the parts, one after the other.
  package static func hmacSHA256(key: [UInt8], _ parts: [UInt8]...) -> [UInt8] {
    let message = parts.count == 1 ? parts[0] : Array(parts.joined())
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let written = HMAC(
      EVP_sha256(), key, Int32(key.count), message, message.count, &digest, &length)
    precondition(written != nil && length == 32, "libcrypto has HMAC-SHA256")
    return digest
  }

  /// Whether two byte strings are equal, in a time that depends only on their lengths.
  package static func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
  }
}
