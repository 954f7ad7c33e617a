import Testing

@testable import StripeSandbox

@Suite(.tags(.unit)) struct GlobTests {
  @Test(arguments: [
    ("/v1/customers", "/v1/customers", true), ("/v1/customers", "/v1/customers/a", false),
    ("/v1/subscriptions*", "/v1/subscriptions", true),
    ("/v1/subscriptions*", "/v1/subscriptions/sub_1/migrate", true),
    ("*/pay", "/v1/invoices/in_1/pay", true), ("*/pay", "/v1/invoices/in_1/payment", false),
    ("/v1/*/in_1/*", "/v1/invoices/in_1/pay", true),
    ("/v1/*/in_1/*", "/v1/invoices/in_2/pay", false),
    ("*", "", true), ("", "", true), ("", "a", false), ("a*b*c", "aXbXbc", true),
    ("a*b*c", "aXcXb", false), ("**", "anything", true), ("é*", "éa", true),
  ]) func matches(_ pattern: String, _ text: String, _ expected: Bool) {
    #expect(Glob(pattern).matches(text) == expected)
  }
}
