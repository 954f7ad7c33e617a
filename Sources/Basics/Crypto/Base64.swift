private import Foundation

/// Base64 (RFC 4648, with padding), as signatures of Standard Webhooks are written.
package enum Base64 {
  package static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  /// Nil for what is no Base64.
  package static func decode(_ text: String) -> [UInt8]? {
    Data(base64Encoded: text).map { Array($0) }
  }
}
