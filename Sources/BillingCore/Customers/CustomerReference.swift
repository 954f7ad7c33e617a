/// How a user names a customer: by Stripe's id, an e-mail address, or an id of their own.
package enum CustomerReference: Sendable, Hashable {
  case id(String)
  case email(String)
  case externalID(String)

  /// The longest value of metadata at Stripe, which an own id is.
  private static let maximumLength = 500

  /// Nil for a text that is empty, too long, or has control characters.
  package init?(_ text: String) {
    guard !text.isEmpty, text.count <= Self.maximumLength,
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else { return nil }
    if text.hasPrefix("cus_") {
      self = .id(text)
    } else if text.contains("@") {
      self = .email(text)
    } else {
      self = .externalID(text)
    }
  }

  package var text: String {
    switch self {
    case .id(let text), .email(let text), .externalID(let text): text
    }
  }
}
