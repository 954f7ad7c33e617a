import Basics
import Testing

@Suite struct ProductsTests {
  private func error(_ form: String, path: String = "/v1/products") throws -> String {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p&name=x")
    _ = stripe.post("/v1/products", "id=q&name=x")
    return stripe.post(path, form).error
  }

  @Test(.tags(.unit)) func livesAndDies() throws {
    let stripe = try TestSandbox()
    let made = stripe.post(
      "/v1/products",
      "id=pro&name=Pro&description=d&images[]=https://a&marketing_features[0][name]=m&url=u"
        + "&tax_details[performance_location]=l&shippable=true")
    #expect(made["marketing_features"] == [["name": "m"]])
    #expect(stripe.get("/v1/products/pro").body == made.body)
    #expect(stripe.get("/v1/products", "url=u&shippable=true").ids == ["pro"])
    let changed = stripe.post(
      "/v1/products/pro", "name=Plus&active=false&description=&images=&tax_details=")
    #expect(changed["name"] == "Plus")
    #expect(changed["description"] == .null)
    #expect(changed["images"] == [])
    #expect(changed["tax_details"] == .null)
    let deleted = stripe.send("DELETE", "/v1/products/pro")
    #expect(deleted.body == ["id": "pro", "object": "product", "deleted": true])
    #expect(stripe.get("/v1/products/pro").status == 404)
    #expect(
      try stripe.eventTypes() == ["product.created", "product.updated", "product.deleted"])
  }

  @Test(.tags(.unit)) func comesWithAPrice() throws {
    let stripe = try TestSandbox()
    let made = stripe.post(
      "/v1/products",
      "name=Pro&default_price_data[currency]=USD&default_price_data[unit_amount]=1900"
        + "&default_price_data[recurring][interval]=month&expand[]=default_price")
    #expect(made.body[at: "default_price", "unit_amount"] == 1900)
    #expect(made.body[at: "default_price", "currency"] == "usd")
    #expect(made.body[at: "default_price", "product"]?.string == made.id)
    #expect(try stripe.eventTypes() == ["product.created", "price.created"])
    #expect(
      stripe.delete("/v1/products/\(made.id)").error == "400 invalid_request_error - -: "
        + "This product cannot be deleted because it has one or more user-created prices.")
    let price = made.body[at: "default_price", "id"]?.string ?? ""
    #expect(
      stripe.post("/v1/prices/\(price)", "active=false").error
        == "400 invalid_request_error - active: This price cannot be archived because it is the "
        + "default price of its product.")
    #expect(stripe.post("/v1/products/\(made.id)", "default_price=")["default_price"] == .null)
    #expect(stripe.post("/v1/prices/\(price)", "active=false")["active"] == false)
    #expect(stripe.post("/v1/products/\(made.id)", "default_price=\(price)").status == 400)
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("name=x&id=p", "resource_already_exists -: Product already exists."),
      ("id=r", "parameter_missing name: Missing required param: name."),
      (
        "name=x&unit_label=1234567890123",
        "- unit_label: Invalid string: 1234567890123; must be at most 12 characters"
      ),
      (
        "name=x&" + (0...8).map { "images[]=\($0)" }.joined(separator: "&"),
        "- images: Array images exceeded maximum 8 allowed elements."
      ),
      (
        "name=x&default_price_data[currency]=usd&default_price_data[unit_amount]=-1",
        "parameter_invalid_integer default_price_data[unit_amount]: Invalid non-negative integer"
      ),
    ])
  func refuses(_ form: String, _ expected: String) throws {
    #expect(try error(form) == "400 invalid_request_error \(expected)")
  }

  @Test(.tags(.unit)) func refusesAForeignDefaultPrice() throws {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p&name=x")
    _ = stripe.post("/v1/products", "id=q&name=x")
    let price = stripe.post("/v1/prices", "product=q&currency=usd&unit_amount=1")
    #expect(stripe.post("/v1/products/p", "default_price=\(price.id)").status == 400)
    #expect(
      stripe.post("/v1/products/p", "default_price=price_x").error
        == "400 invalid_request_error resource_missing default_price: No such price: 'price_x'")
    #expect(stripe.post("/v1/products/p", "name=").status == 400)
  }

  /// What is taken can be read again.
  @Test(.tags(.unit)) func refusesNumbersThatNothingHas() throws {
    let stripe = try TestSandbox()
    let product = stripe.post("/v1/products", "name=Box").id
    let size = { (height: String) in
      stripe.post(
        "/v1/products/\(product)",
        ["height=\(height)", "length=1", "weight=1", "width=1"].map { pair in
          "package_dimensions[" + pair.replacing("=", with: "]=", maxReplacements: 1)
        }.joined(separator: "&"))
    }
    let huge = String(repeating: "9", count: 38)
    #expect(
      size(huge).error == """
        400 invalid_request_error - package_dimensions[height]: Invalid decimal: \(huge)
        """)
    #expect(size("9223372036854775807").status == 200)
    #expect(stripe.get("/v1/products/\(product)").status == 200)
  }
}
