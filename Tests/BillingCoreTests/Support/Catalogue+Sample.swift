import BillingCore

extension Catalogue {
  /// Free for everyone; Starter by the month and the year, with an overage; Pro with a price that
  /// was made elsewhere.
  static func sample() throws(CatalogueError) -> Catalogue {
    try Catalogue(
      yaml: """
        version: 1
        namespace: billing
        currency: usd
        default_plan: free
        external_id_metadata: [billing_external_id, user_id]
        meters: { ai: { name: AI, aggregation: sum } }
        plans:
          - { id: free, name: Free, rank: 0 }
          - id: starter
            name: Starter
            rank: 1
            prices: [{ interval: month, unit_amount: 1900 }, { interval: year, unit_amount: 19000 }]
            overage: [{ meter: ai, included: 10, unit_amount_decimal: "1" }]
          - id: pro
            name: Pro
            rank: 2
            prices: [{ interval: month, unit_amount: 4900, id: price_elsewhere }]
        """, file: "plans.yaml")
  }
}
