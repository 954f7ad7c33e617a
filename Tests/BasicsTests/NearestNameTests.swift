import Basics
import Testing

@Suite(.tags(.unit)) struct NearestNameTests {
  private static let names = ["cancel", "customer", "subscribe", "subscription", "sync", "plans"]

  @Test(arguments: [
    ("cancle", "cancel"), ("Cancel", "cancel"), ("subscripe", "subscribe"), ("plan", "plans"),
    ("custom", "customer"), ("sbuscribe", "subscribe"), ("subscr", "subscribe"),
  ]) func near(_ typed: String, _ name: String) {
    #expect(NearestName.of(typed, among: Self.names) == name)
  }

  @Test(arguments: ["x", "", "refund", "zzzzzzzz"]) func far(_ typed: String) {
    #expect(NearestName.of(typed, among: Self.names) == nil)
  }

  @Test func distances() {
    #expect(NearestName.distance("", "abc") == 3)
    #expect(NearestName.distance("abc", "abc") == 0)
    #expect(NearestName.distance("ab", "ba") == 1)
    #expect(NearestName.distance("kitten", "sitting") == 3)
  }
}
