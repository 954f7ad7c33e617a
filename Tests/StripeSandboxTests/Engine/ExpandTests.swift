import Basics
import Testing

@testable import StripeSandbox

@Suite struct ExpandTests {
  private func sandbox() throws -> (stripe: TestSandbox, price: String) {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=pro&name=Pro")
    let price = stripe.post("/v1/prices", "product=pro&currency=usd&unit_amount=1900")
    _ = stripe.post("/v1/products/pro", "default_price=\(price.id)")
    return (stripe, price.id)
  }

  @Test(.tags(.unit)) func putsObjectsInTheirIDsPlace() throws {
    let (stripe, price) = try sandbox()
    let plain = stripe.get("/v1/prices/\(price)")
    #expect(plain["product"] == "pro")
    let expanded = stripe.get("/v1/prices/\(price)", "expand[]=product")
    #expect(expanded["product"]?["name"] == "Pro")
    let deep = stripe.get("/v1/prices/\(price)", "expand[]=product.default_price.product")
    #expect(deep.body[at: "product", "default_price", "product", "id"] == "pro")
    let both = stripe.get("/v1/prices/\(price)", "expand[0]=product&expand[1]=currency_options")
    #expect(both["product"]?["id"] == "pro")
    #expect(both.body[at: "currency_options", "usd", "unit_amount"] == 1900)
  }

  @Test(.tags(.unit)) func expandsInLists() throws {
    let (stripe, _) = try sandbox()
    let list = stripe.get("/v1/prices", "expand[]=data.product")
    #expect(list.body[at: "data", "0", "product", "name"] == "Pro")
    #expect(stripe.get("/v1/products", "expand[]=data.default_price").status == 200)
  }

  @Test(.tags(.unit)) func expandsWhatAWriteReturns() throws {
    let (stripe, _) = try sandbox()
    let made = stripe.post(
      "/v1/prices", "product=pro&currency=usd&unit_amount=1&expand[]=product")
    #expect(made["product"]?["id"] == "pro")
    #expect(try stripe.events().last?[at: "data", "object", "product"] == "pro")
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("/v1/prices/PRICE", "foo", "- -: This property cannot be expanded (foo)."),
      ("/v1/prices/PRICE", "active", "- -: This property cannot be expanded (active)."),
      ("/v1/prices/PRICE", "recurring", "- -: This property cannot be expanded (recurring)."),
      ("/v1/prices/PRICE", "tiers.x", "- -: This property cannot be expanded (tiers.x)."),
      ("/v1/prices/PRICE", "product.x", "- -: This property cannot be expanded (product.x)."),
      (
        "/v1/prices", "product",
        "- -: This property cannot be expanded (product). You may want to try expanding "
          + "'data.product' instead."
      ),
      ("/v1/prices", "data", "- -: This property cannot be expanded (data)."),
      (
        "/v1/prices", "data.product.default_price.product.x",
        "property_expansion_max_depth expand: You cannot expand more than 4 levels of a property. "
          + "Property: data.product.default_price.product.x"
      ),
    ])
  func refuses(_ path: String, _ expand: String, _ expected: String) throws {
    let (stripe, price) = try sandbox()
    let target = path.split(separator: "/").map { $0 == "PRICE" ? price : String($0) }
    let answer = stripe.get("/" + target.joined(separator: "/"), "expand[]=\(expand)")
    #expect(answer.error == "400 invalid_request_error \(expected)")
  }

  /// References in arrays, embedded lists, and what is worked out on the way.
  @Test(.tags(.unit)) func expandsEveryKind() throws {
    enum Things: Resource {
      static let types = [
        ResourceType(
          "tax_rate", idPrefix: "txr",
          expandable: [
            "many": .reference("product"), "inner.one": .reference("product"),
            "lines": .embedded("price"), "whole": .reference("product"),
            "count": .computed(nil) { call, _ in .integer(Int64(call.id.count)) },
            "all": .computed("product") { call, _ in
              call.list(of: try call.all("product").map { .object($0) }, url: "/x")
            },
          ])
      ]
      static let operations: [Operation] = [
        .get("/v1/tax_rates/{id}") { call in
          [
            "id": "txr", "object": "tax_rate", "_secret": 1, "many": ["pro", "none"],
            "inner": ["one": "pro", "_x": 2], "whole": ["id": "pro", "object": "product"],
            "lines": call.list(of: [["id": "a", "object": "price", "product": "pro"]], url: "/y"),
          ]
        }
      ]
    }
    let stripe = try TestSandbox(registry: Registry([Products.self, Prices.self, Things.self]))
    _ = stripe.post("/v1/products", "id=pro&name=Pro")
    let call = { (query: String) in stripe.get("/v1/tax_rates/ab", query, isChecked: false).body }
    #expect(call("")["_secret"] == nil)
    #expect(call("")["inner"] == ["one": "pro"])
    #expect(call("")["count"] == nil)
    #expect(call("expand[]=many")[at: "many", "0", "name"] == "Pro")
    #expect(call("expand[]=many")[at: "many", "1"] == "none")
    #expect(call("expand[]=inner.one")[at: "inner", "one", "name"] == "Pro")
    #expect(call("expand[]=whole")[at: "whole", "id"] == "pro")
    #expect(
      call("expand[]=lines.data.product")[at: "lines", "data", "0", "product", "name"] == "Pro")
    #expect(call("expand[]=count")["count"] == 2)
    #expect(call("expand[]=all.data.default_price")[at: "all", "data", "0", "id"] == "pro")
    #expect(
      call("expand[]=inner")["error"]?["message"]
        == "This property cannot be expanded (inner).")
  }
}
