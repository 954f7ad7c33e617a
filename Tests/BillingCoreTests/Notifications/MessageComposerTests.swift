import Basics
import Foundation
import Stripe
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct MessageComposerTests {
  private func words(
    _ kind: BillingCore.Notification.Kind, _ payload: JSONObject,
    recipient: OutboxMessage.Recipient = .customer, decline: String? = nil,
    language: String = "en", templates: MessageTemplates = MessageTemplates(),
    mode: Store.Mode = .live, name: String? = "Ada"
  ) throws -> MessageComposer.Words {
    let catalogue = try OutboxBench.catalogue(language: language)
    let message = OutboxMessage(
      notificationID: 1,
      notification: Notification(
        kind, customerID: "cus_1", cause: "x", at: noon, payload: payload),
      recipient: recipient, channel: .email, address: "ada@example.com", status: .waiting,
      created: noon)
    var json = Sample.customer(email: "ada@example.com").object ?? [:]
    json["name"] = JSON(name)
    return MessageComposer(catalogue, templates, mode: mode).words(
      of: message, customer: CustomerRow(try Customer(.object(json)), externalID: nil),
      decline: decline.map { DeclineCode.of($0) })
  }

  private let bill: JSONObject = [
    "id": "in_1", "number": "A-1", "currency": "usd", "total": 1900, "amount_remaining": 1900,
    "amount_paid": 0, "next_payment_attempt": "2026-11-23T10:00:00Z",
    "hosted_invoice_url": "https://pay.example/1",
  ]

  private func subscription(_ changes: JSONObject) -> JSONObject {
    var payload: JSONObject = [
      "id": "sub_1", "status": "active", "plan": "pro", "interval": "month", "interval_count": 1,
      "quantity": 2, "unit_amount": 4900, "currency": "usd",
      "current_period_end": "2026-12-20T10:00:00Z",
    ]
    for (key, value) in changes { payload[key] = value }
    return payload
  }

  @Test func aPaymentThatFailed() throws {
    let words = try words(.paymentFailed, bill, decline: "insufficient_funds")
    #expect(words.subject == "Your payment of $19.00 has failed")
    #expect(
      words.text == """
        Hello Ada,

        we could not collect $19.00 for bill A-1.
        Your card does not cover this payment at the moment. Please see to its balance or its limit, \
        or pay with another card.

        We shall try again on November 23, 2026.
        You can pay, or use another card, here: https://pay.example/1

        Shop
        https://shop.example.com

        """)
    #expect(
      words.page.contains("<a href=\"https://pay.example/1\">https://pay.example/1</a></p>"))
    #expect(words.page.hasPrefix("<!doctype html>\n<html lang=\"en\">\n"))
  }

  @Test func whatIsNotKnownIsLeftOut() throws {
    var bare = bill
    bare["next_payment_attempt"] = .null
    bare["hosted_invoice_url"] = .null
    #expect(
      try words(.paymentFailed, bare, name: nil).text == """
        Hello ada@example.com,

        we could not collect $19.00 for bill A-1.

        Shop
        https://shop.example.com

        """)
  }

  /// The sentences of a message to a customer, without greeting and name.
  private func body(_ words: MessageComposer.Words) -> String {
    words.text.split(separator: "\n").dropFirst().dropLast(2).joined(separator: "\n")
  }

  @Test func aSubscription() throws {
    let started = try words(.subscriptionStarted, subscription([:]))
    #expect(started.subject == "Welcome to Pro")
    #expect(
      body(started) == """
        you are on Pro now.
        It costs $98.00 a month.
        The next bill comes on December 20, 2026.
        """)
    let trial = try words(
      .subscriptionStarted,
      subscription(["status": "trialing", "trial_end": "2026-11-27T10:00:00Z", "quantity": 1]))
    #expect(body(trial).contains("You can try it for nothing until November 27, 2026."))
    let planned = try words(
      .subscriptionChanged,
      subscription(["pending_change": "starter month, from 2026-12-20T10:00:00Z on"]))
    #expect(
      body(planned).contains("On December 20, 2026 you will change to Starter.\n"))
    let changed = try words(
      .subscriptionChanged, subscription(["previous": ["plan": "starter"]]))
    #expect(body(changed).hasPrefix("you are on Pro now.\nBefore, it was Starter.\nIt costs "))
  }

  @Test func theEndOfOne() throws {
    let ending = try words(
      .subscriptionCanceled, subscription(["cancel_at": "2026-12-20T10:00:00Z"]))
    #expect(ending.subject == "Your subscription to Pro is canceled")
    #expect(
      body(ending) == """
        your subscription to Pro is canceled.
        You can use it until December 20, 2026; nothing more will be collected for it.
        If that was not your intention, please tell us.
        """)
    let ended = try words(
      .subscriptionCanceled,
      subscription(["status": "canceled", "ended_at": "2026-12-20T10:00:00Z"]))
    #expect(body(ended).contains("\nIt ended on December 20, 2026.\n"))
  }

  @Test func allKindsHaveWords() throws {
    let payloads: [BillingCore.Notification.Kind: JSONObject] = [
      .usageThreshold: ["name": "AI", "used": 800, "limit": 1000, "percent": 80],
      .usageOverage: [
        "name": "AI", "used": 1200, "limit": 1000, "overage_amount": 200, "currency": "usd",
      ],
      .tokensPurchased: [
        "tokens": 500_000, "balance": 1, "amount": 2000, "currency": "usd",
        "expires_at": "2027-11-20T10:00:00Z",
      ],
      .cardExpiring: [
        "card": "visa 4242", "card_end": "12/2026", "bill_at": "2027-01-20T10:00:00Z",
      ],
      .deadLetters: ["what": "webhook events", "count": 3, "example": "evt_1", "command": "x"],
      .drift: ["count": 2, "example": "sub_1 status", "command": "billing sync --check"],
      .ledgerDifference: ["count": 1, "example": "cus_1: balance", "command": "x"],
      .doctorFault: ["what": "key", "example": "key: there is none", "command": "billing doctor"],
    ]
    let subjects = try BillingCore.Notification.Kind.allCases.map { kind in
      let payload = payloads[kind] ?? bill.merged(with: subscription([:]))
      let words = try words(kind, payload)
      #expect(!words.text.contains("{{") && !words.page.contains("{{"), "\(kind)")
      return words.subject
    }
    #expect(
      subjects == [
        "Your payment of $19.00 has failed", "We have received your payment of $0.00",
        "Your trial ends on", "Your trial has ended", "Welcome to Pro",
        "Your subscription has changed", "Your subscription to Pro is canceled",
        "AI: 80 % are used", "AI: more is used than your plan includes", "500,000 tokens for you",
        "Your card ends soon", "Given up: webhook events",
        "The mirror differs from Stripe", "The tokens do not add up",
        "doctor found faults: key",
      ])
  }

  @Test func operatorsReadWhomItIsAbout() throws {
    let words = try words(.paymentFailed, bill, recipient: .operators)
    #expect(words.subject == "ada@example.com: Your payment of $19.00 has failed")
    #expect(words.text.hasPrefix("To ada@example.com (cus_1):\n\nHello Ada,\n"))
    #expect(words.page.contains("<p><strong>To ada@example.com (cus_1):</strong></p>"))
  }

  @Test func noRealMoneyIsSaidInTheSubject() throws {
    #expect(try words(.drift, ["count": 1], mode: .test).subject.hasPrefix("[test] "))
    #expect(try words(.drift, ["count": 1], mode: .sandbox).subject.hasPrefix("[sandbox] "))
  }

  @Test func aFolderHasOtherWords() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "fixtures/templates").path
    let templates = try MessageTemplates(folder: folder, shownAs: "t", language: "de")
    let words = try words(
      .paymentFailed, bill, language: "de", templates: templates, name: "Zoë <b>")
    #expect(
      words.text.replacing("\u{A0}", with: " ") == """
        Guten Tag Zoë <b>,

        die Zahlung über 19,00 $ für die Rechnung A-1 ist nicht durchgegangen.
        Der nächste Versuch ist am 23. November 2026.

        Hier können Sie zahlen oder eine andere Karte angeben:
        https://pay.example/1

        Shop

        """)
    #expect(words.page.contains("<h1>Zahlung fehlgeschlagen</h1>\n<p>Guten Tag Zoë &lt;b&gt;,</p>"))
    // What the folder does not have stays English as a whole.
    #expect(
      try self.words(.tokensPurchased, ["tokens": 5000], language: "de", templates: templates)
        .subject == "5,000 tokens for you")
  }

  @Test func aHostileNameReachesNoHeader() throws {
    let name = "Ada\r\nBcc: all@example.com\u{0}"
    let catalogue = try OutboxBench.catalogue()
    let words = try words(.paymentFailed, bill, recipient: .operators, name: name)
    let message = OutboxMessage(
      notificationID: 1,
      notification: Notification(.paymentFailed, customerID: "cus_1", cause: "x", payload: bill),
      recipient: .operators, channel: .email, address: "ops@example.com", status: .waiting,
      created: noon)
    let mail = try MessageComposer(catalogue, MessageTemplates(), mode: .live)
      .mail(words, of: message)
    let text = String(decoding: mail.bytes, as: UTF8.self)
    let header = text.prefix(upTo: text.firstRange(of: "\r\n\r\n")?.lowerBound ?? text.endIndex)
    #expect(!header.contains("Bcc"))
  }
}

extension JSONObject {
  fileprivate func merged(with other: JSONObject) -> JSONObject {
    var result = self
    for (key, value) in other { result[key] = value }
    return result
  }
}
