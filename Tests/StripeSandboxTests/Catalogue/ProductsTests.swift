import Basics
import Testing

@Suite struct ProductsTests {
  @Test(.tags(.unit)) func createdAndRetrieved() throws {
    let stripe = try TestSandbox()
    let made = stripe.post("/v1/products", "name=Pro&metadata[a]=1", key: "k")
    #expect(made.error == "200")
    #expect(made["name"] == "Pro")
    #expect(made["metadata"] == ["a": "1"])
    #expect(stripe.get("/v1/products/\(made.id)").body == made.body)
    #expect(stripe.get("/v1/products").ids == [made.id])
    #expect(try stripe.eventTypes() == ["product.created"])
    #expect(stripe.post("/v1/products", "name=Pro&metadata[a]=1", key: "k").body == made.body)
    #expect(
      stripe.get("/v1/products/x").error
        == "404 invalid_request_error resource_missing id: No such product: 'x'")
  }
}
