import Basics
import Testing

@Suite struct MetadataTests {
  @Test(.tags(.unit)) func mergesAndRemoves() throws {
    let stripe = try TestSandbox()
    let change = { (form: String) in
      stripe.post("/v1/products/p", form)["metadata"]?.compact
    }
    #expect(
      stripe.post("/v1/products", "id=p&name=x&metadata[a]=1&metadata[b]=2")["metadata"]
        == ["a": "1", "b": "2"])
    #expect(change("metadata[b]=3&metadata[c]=4") == #"{"a":"1","b":"3","c":"4"}"#)
    #expect(change("metadata[a]=") == #"{"b":"3","c":"4"}"#)
    #expect(change("name=y") == #"{"b":"3","c":"4"}"#)
    #expect(change("metadata=") == "{}")
  }

  @Test(.tags(.unit)) func saysWhatItWasInTheEvent() throws {
    let stripe = try TestSandbox()
    _ = stripe.post("/v1/products", "id=p&name=x&metadata[a]=1&metadata[b]=2")
    stripe.wait(seconds: 1)
    _ = stripe.post("/v1/products/p", "metadata[a]=5&metadata[c]=6&metadata[b]=")
    let data = try stripe.events().last?["data"]
    #expect(
      data?["previous_attributes"]
        == ["metadata": ["a": "1", "c": .null, "b": "2"], "updated": 1_795_168_800])
  }

  @Test(.tags(.unit)) func keepsToItsLimits() throws {
    let stripe = try TestSandbox()
    let send = { (form: String) in stripe.post("/v1/products", "name=x&\(form)").error }
    let fifty = (1...50).map { "metadata[k\($0)]=v" }.joined(separator: "&")
    #expect(send(fifty) == "200")
    #expect(
      send(fifty + "&metadata[l]=v")
        == "400 invalid_request_error - metadata: Metadata can only have up to 50 keys; yours would "
        + "have 51.")
    let key = String(repeating: "k", count: 40)
    #expect(send("metadata[\(key)]=v") == "200")
    #expect(
      send("metadata[\(key)k]=v")
        == "400 invalid_request_error - metadata: Metadata keys must be 40 characters or fewer. You "
        + "can send a shorter key than '\(key)k', which has 41.")
    let value = String(repeating: "v", count: 500)
    #expect(send("metadata[a]=\(value)") == "200")
    #expect(
      send("metadata[a]=\(value)v")
        == "400 invalid_request_error - metadata[a]: Metadata values can have up to 500 characters, "
        + "but you passed in a value that is 501 characters. Invalid value: \(value)v")
  }
}
