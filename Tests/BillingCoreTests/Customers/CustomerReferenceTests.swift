import BillingCore
import Testing

@Suite(.tags(.unit)) struct CustomerReferenceTests {
  @Test(arguments: [
    ("cus_123", CustomerReference.id("cus_123")), ("a@b.c", .email("a@b.c")),
    ("user-7", .externalID("user-7")), ("42", .externalID("42")), ("Zoë", .externalID("Zoë")),
    ("cus_a@b", .id("cus_a@b")), ("a b", .externalID("a b")),
  ])
  func whatATextMeans(_ text: String, _ expected: CustomerReference) {
    #expect(CustomerReference(text) == expected)
    #expect(expected.text == text)
  }

  @Test(arguments: ["", "a\u{1B}b", "a\nb", "a\u{7F}", String(repeating: "x", count: 501)])
  func textsThatMeanNobody(_ text: String) {
    #expect(CustomerReference(text) == nil)
  }

  @Test func theLongest() {
    let text = String(repeating: "x", count: 500)
    #expect(CustomerReference(text) == .externalID(text))
  }
}
