import Basics
import BillingCore
import Stripe

/// The checkout pages of all customers that could still sell what is frozen.
struct OpenPages {
  let context: Context

  /// As Stripe has them.
  func all(selling scopes: [Freeze.Scope]) async throws -> [CheckoutSession] {
    try await context.gateway().list(StripePath("checkout", "sessions"), ["status": "open"])
      .objects.map { try CheckoutSession($0) }
      .filter { page in scopes.contains { $0.isSold(on: page) } }
  }

  /// Tells how many the mirror knows, where there are any: they stay payable.
  func warn(selling scopes: [Freeze.Scope], at now: Timestamp) throws {
    let open = try context.store().read { try $0.openPages(at: now) }
      .filter { page in scopes.contains { $0.isSold(on: page) } }
    guard !open.isEmpty else { return }
    context.warn(
      "\(Self.count(open.count)) open and can still be paid; --expire-pages expires "
        + (open.count == 1 ? "it" : "them"))
  }

  /// Expires them, an operation each. One that was paid or has expired meanwhile is no longer open.
  func expire(selling scopes: [Freeze.Scope]) async throws {
    var expired = 0
    let runner = try await context.runner()
    for page in try await all(selling: scopes) {
      do {
        _ = try await runner.run(CheckoutPlanning.expiry(of: page))
        expired += 1
      } catch OperationError.failed(_, .refused(let refusal)) where refusal.status == 400 {
        context.warn("\(page.id) was not expired: \(refusal.message)")
      }
    }
    context.note(expired == 1 ? "1 checkout page expired" : "\(expired) checkout pages expired")
  }

  private static func count(_ number: Int) -> String {
    number == 1 ? "1 checkout page is" : "\(number) checkout pages are"
  }
}

extension Freeze.Scope {
  fileprivate func isSold(on page: CheckoutSession) -> Bool {
    switch self {
    case .subscriptions: page.mode == "subscription"
    case .tokens: page.metadata[Catalogue.packageMetadataKey] != nil
    }
  }
}
