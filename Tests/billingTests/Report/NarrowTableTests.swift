import Basics
import Testing

@testable import billing

/// What a table gives up where a terminal is narrow, and what it keeps.
@Suite(.tags(.unit)) struct NarrowTableTests {
  private func text(_ columns: [Column], _ rows: [JSON], _ limit: Int) -> String {
    Table(columns: columns, rows: rows.map { row in columns.map { $0.cell(row) } })
      .text(columns: limit, color: false)
  }

  private static let invoice: JSON = [
    "id": "in_1MtHbELkdIwHu7ixl4OzzPMv", "number": "AAAAA002-0001",
    "customer": "cus_NffrFeUfNV2Hib", "status": "paid", "total": 9900, "amount_paid": 9900,
    "amount_remaining": 0, "currency": "usd", "created": "2026-11-20T10:00:00Z",
  ]

  @Test(arguments: [
    (
      120,
      """
      ID                           NUMBER         CUSTOMER            STATUS   TOTAL    PAID  REMAINING  CREATED
      in_1MtHbELkdIwHu7ixl4OzzPMv  AAAAA002-0001  cus_NffrFeUfNV2Hib  paid    $99.00  $99.00      $0.00  2026-11-20 10:00

      """
    ),
    (
      112,
      """
      ID                           NUMBER         CUSTOMER            STATUS   TOTAL    PAID  REMAINING  CREATED
      in_1MtHbELkdIwHu7ixl4OzzPMv  AAAAA002-0001  cus_NffrFeUfNV2Hib  paid    $99.00  $99.00      $0.00  2026-11-20

      """
    ),
    (
      80,
      """
      ID                           NUMBER         CUSTOMER            STATUS   TOTAL
      in_1MtHbELkdIwHu7ixl4OzzPMv  AAAAA002-0001  cus_NffrFeUfNV2Hib  paid    $99.00

      """
    ),
    (
      40,
      """
      ID                           CUSTOMER
      in_1MtHbELkdIwHu7ixl4OzzPMv  cus_NffrFeUfNV2Hib

      """
    ),
  ])
  func invoices(_ width: Int, _ expected: String) {
    #expect(text(InvoiceView.columns, [Self.invoice], width) == expected)
  }

  @Test func subscriptions() {
    let row: JSON = [
      "id": "sub_1MowQVLkdIwHu7ixeRlqHVzs", "customer": "cus_NffrFeUfNV2Hib",
      "plan": "community-professional", "status": "trialing", "unit_amount": 5400,
      "currency": "usd", "interval": "month", "interval_count": 3,
      "next_billing_date": "2026-11-20T10:00:00Z", "created": "2026-11-20T10:00:00Z",
    ]
    #expect(
      text(SubscriptionView.columns, [row], 80) == """
        ID                            CUSTOMER            PLAN          STATUS    AMOUNT
        sub_1MowQVLkdIwHu7ixeRlqHVzs  cus_NffrFeUfNV2Hib  community-p…  trialing  $54.00

        """)
  }

  @Test func theTimeline() {
    let entry = TimelineEntry(
      at: Timestamp(1_795_168_800), kind: .invoice,
      summary: "bill AAAAA002-0002 of $99.00 is not paid; the next attempt is on 2026-12-23",
      objectID: nil, cause: "evt_1MtHbELkdIwHu7ixl4OzzPMv", actor: "stripe")
    #expect(
      text(TimelineEntry.columns, [entry.json], 120) == """
        AT                KIND     WHAT                                                     BY      CAUSE
        2026-11-20 10:00  invoice  bill AAAAA002-0002 of $99.00 is not paid; the next att…  stripe  evt_1MtHbELkdIwHu7ixl4OzzPMv

        """)
    #expect(
      text(TimelineEntry.columns, [entry.json], 80) == """
        AT          KIND     WHAT                                                 BY
        2026-11-20  invoice  bill AAAAA002-0002 of $99.00 is not paid; the next…  stripe

        """)
  }
}
