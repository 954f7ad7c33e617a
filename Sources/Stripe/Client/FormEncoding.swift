package import Basics

/// `application/x-www-form-urlencoded` as Stripe reads it: nested keys in brackets, lists with
/// indexes (`items[0][price]`), booleans as words, null left out, the empty string to clear.
package enum FormEncoding {
  package static func encode(_ parameters: JSONObject) -> String {
    var pairs: [String] = []
    for (key, value) in parameters { append(value, under: percentEncoded(key), to: &pairs) }
    return pairs.joined(separator: "&")
  }

  private static func append(_ value: JSON, under name: String, to pairs: inout [String]) {
    switch value {
    case .null: break
    case .bool(let value): pairs.append("\(name)=\(value)")
    case .integer(let value): pairs.append("\(name)=\(value)")
    case .decimal(let value): pairs.append("\(name)=\(value)")
    case .string(let value): pairs.append("\(name)=\(percentEncoded(value))")
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        append(element, under: "\(name)[\(index)]", to: &pairs)
      }
    case .object(let object):
      for (key, value) in object {
        append(value, under: "\(name)[\(percentEncoded(key))]", to: &pairs)
      }
    }
  }

  /// Percent-encodes every byte that is not unreserved (RFC 3986, section 2.3).
  package static func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
