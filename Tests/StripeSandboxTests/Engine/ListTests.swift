import Basics
import Testing

@Suite struct ListTests {
  /// A sandbox with products `p1` … , made a minute apart.
  private func sandbox(products count: Int) throws -> TestSandbox {
    let stripe = try TestSandbox()
    for number in 1...count {
      #expect(stripe.post("/v1/products", "id=p\(number)&name=x").status == 200)
      stripe.wait(seconds: 60)
    }
    return stripe
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("", "p5 p4 p3 p2 p1"),
      ("limit=2", "p5 p4 +"),
      ("limit=5", "p5 p4 p3 p2 p1"),
      ("limit=2&starting_after=p4", "p3 p2 +"),
      ("limit=2&starting_after=p2", "p1"),
      ("starting_after=p1", ""),
      ("limit=2&ending_before=p1", "p3 p2 +"),
      ("limit=2&ending_before=p4", "p5"),
      ("ending_before=p5", ""),
      ("created=1795168860", "p2"),
      ("created[gt]=1795168860", "p5 p4 p3"),
      ("created[gte]=1795168860&created[lt]=1795168980", "p3 p2"),
      ("created[lte]=1795168860", "p2 p1"),
      ("created[gt]=1795168860&limit=1", "p5 +"),
      ("ids[]=p1&ids[]=p3&ids[]=zz", "p3 p1"),
      ("active=false", ""),
      ("active=true&limit=1", "p5 +"),
    ])
  func pages(_ query: String, _ expected: String) throws {
    let answer = try sandbox(products: 5).get("/v1/products", query)
    #expect(answer.error == "200")
    let more = answer["has_more"] == true ? ["+"] : []
    #expect((answer.ids + more).joined(separator: " ") == expected)
    #expect(answer["url"] == "/v1/products")
  }

  @Test(.tags(.unit)) func showsTenUnlessToldOtherwise() throws {
    let stripe = try sandbox(products: 12)
    #expect(stripe.get("/v1/products").ids.count == 10)
    #expect(stripe.get("/v1/products", "limit=100").ids.count == 12)
  }

  @Test(
    .tags(.unit),
    arguments: [
      (
        "limit=0", "parameter_invalid_integer limit: This value must be greater than or equal to 1."
      ),
      (
        "limit=101",
        "parameter_invalid_integer limit: This value must be less than or equal to 100."
      ),
      ("limit=x", "parameter_invalid_integer limit: Invalid integer: x"),
      ("starting_after=zz", "resource_missing starting_after: No such product: 'zz'"),
      ("ending_before=zz", "resource_missing ending_before: No such product: 'zz'"),
      ("foo=1", "parameter_unknown foo: Received unknown parameter: foo"),
      (
        "starting_after=p1&ending_before=p1",
        "- -: You cannot specify both `starting_after` and `ending_before` parameters."
      ),
    ])
  func refuses(_ query: String, _ expected: String) throws {
    #expect(
      try sandbox(products: 1).get("/v1/products", query).error
        == "400 invalid_request_error \(expected)")
  }
}
