import Basics
import Stripe

/// A snapshot as it is to be written: what the mirror keeps of it, and what its columns are.
///
/// Making it needs no database, so that many can be made beside the one writer; and whoever has one
/// knows that the object is what its type says. A class, since it is large and is handed on often.
final class MirrorEntry: Sendable {
  /// What of an object has a table.
  enum Content: Sendable {
    case customer(Customer)
    case subscription(Subscription)
    case invoice(Invoice)
    case paymentMethod(PaymentMethod)
    case product(Product)
    case price(Price)
    case refund(Refund)
    /// An object of which only the id is left.
    case deleted
    /// Only its JSON is kept.
    case none
  }

  let snapshot: Snapshot
  let json: JSON
  /// The JSON as it stands in the database; nil where it has no place there, or where an event of the
  /// inbox tells it, so that it stands in that alone.
  let text: String?
  /// Whether the mirror has a place for it.
  let isKept: Bool
  let hasEnded: Bool
  let content: Content
  /// The objects that stand expanded in it.
  let inner: [MirrorEntry]

  /// Throws where the object, or one within it, is not what its type says.
  ///
  /// - Parameter isInInbox: whether it is the object of an event that the inbox keeps.
  init(_ snapshot: Snapshot, isInInbox: Bool = false) throws(MalformedObject) {
    var inner: [MirrorEntry] = []
    for nested in snapshot.expanded { inner.append(try MirrorEntry(nested)) }
    self.inner = inner
    self.snapshot = snapshot
    json = snapshot.kept
    hasEnded = Freshness.isTerminal(json)
    isKept = Self.types.contains(snapshot.type) && !snapshot.isPreview
    let standsInEvent = isInInbox && !Self.searchedTypes.contains(snapshot.type)
    text = isKept && !standsInEvent ? json.compact : nil
    content = isKept ? try Self.content(json, type: snapshot.type) : .none
  }

  /// Whether it may turn out while it is written that it cannot be, when something is written
  /// already.
  var canFailHalfway: Bool { !inner.isEmpty || snapshot.type == "subscription_schedule" }

  /// The types that have a table, or whose whole JSON is wanted later.
  private static let types: Set<String> = [
    "customer", "subscription", "subscription_schedule", "invoice", "payment_method", "product",
    "price", "coupon", "promotion_code", "discount", "billing.meter", "entitlements.feature",
    "refund", "charge", "payment_intent", "checkout.session",
    "entitlements.active_entitlement_summary", "test_helpers.test_clock",
  ]

  /// The types into whose JSON a query looks.
  private static let searchedTypes: Set<String> = ["charge", "checkout.session"]

  private static func content(_ json: JSON, type: String) throws(MalformedObject) -> Content {
    let isDeleted = json["deleted"]?.bool == true
    switch type {
    case "invoice" where isDeleted, "product" where isDeleted, "price" where isDeleted:
      return .deleted
    case "customer": return .customer(try Customer(json))
    case "subscription": return .subscription(try Subscription(json))
    case "invoice": return .invoice(try Invoice(json))
    case "payment_method": return .paymentMethod(try PaymentMethod(json))
    case "product": return .product(try Product(json))
    case "price": return .price(try Price(json))
    case "refund": return .refund(try Refund(json))
    default: return .none
    }
  }
}

extension Snapshot {
  /// Whether it is a bill that does not exist: a preview, of which Stripe tells by an id of its own.
  fileprivate var isPreview: Bool { type == "invoice" && id.hasPrefix(Invoice.previewID) }
}
