import Basics
import Foundation
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct StripePathTests {
  @Test(arguments: [
    ("cus_1", "/v1/customers/cus_1"),
    ("../charges", "/v1/customers/..%2Fcharges"),
    ("a/b", "/v1/customers/a%2Fb"),
    ("x?y=1", "/v1/customers/x%3Fy%3D1"),
    ("x#y", "/v1/customers/x%23y"),
    ("%2e%2e", "/v1/customers/%252e%252e"),
    ("é\r\n", "/v1/customers/%C3%A9%0D%0A"),
    ("a\\b", "/v1/customers/a%5Cb"),
  ])
  func keepsAnIDInItsSegment(_ id: String, _ path: String) {
    #expect(StripePath("customers", id).isValid)
    #expect(StripePath("customers", id).description == path)
  }

  @Test(arguments: ["", ".", "..", String(repeating: "x", count: 10_000)])
  func refuses(_ id: String) { #expect(!StripePath("customers", id).isValid) }

  @Test(
    arguments: [
      ([:], ""),
      (["a": 1, "b": true, "c": .null, "d": ""], "a=1&b=true&d="),
      (["items": [["price": "p", "quantity": 2]]], "items[0][price]=p&items[0][quantity]=2"),
      (["metadata": ["k e]y": "a&b=c+d"]], "metadata[k%20e%5Dy]=a%26b%3Dc%2Bd"),
      (["a": [], "b": [:]], ""),
      (["percent": .decimal(12.5)], "percent=12.5"),
      (["name": "Zoë 🎉"], "name=Zo%C3%AB%20%F0%9F%8E%89"),
    ] as [(JSONObject, String)])
  func encodesForms(_ parameters: JSONObject, _ form: String) {
    #expect(FormEncoding.encode(parameters) == form)
  }
}
