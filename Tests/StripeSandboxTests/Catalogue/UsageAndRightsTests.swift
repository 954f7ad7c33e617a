import Basics
import Testing

@Suite struct MetersTests {
  private let form = "display_name=Calls&event_name=calls&default_aggregation[formula]=sum"

  @Test(.tags(.unit)) func liveAndSleep() throws {
    let stripe = try TestSandbox()
    let meter = stripe.post("/v1/billing/meters", form)
    #expect(
      meter["customer_mapping"] == ["event_payload_key": "stripe_customer_id", "type": "by_id"])
    #expect(meter["value_settings"] == ["event_payload_key": "value"])
    let taken = stripe.post("/v1/billing/meters", form).error
    #expect(
      taken == "400 invalid_request_error - event_name: An active meter with the event name "
        + "`calls` already exists.")
    let path = "/v1/billing/meters/\(meter.id)"
    #expect(stripe.post(path, "display_name=More")["display_name"] == "More")
    #expect(stripe.post("\(path)/deactivate")["status"] == "inactive")
    #expect(stripe.post("\(path)/deactivate")["status"] == "inactive")
    let second = stripe.post("/v1/billing/meters", form)
    #expect(stripe.post("\(path)/reactivate").error == taken)
    #expect(stripe.get("/v1/billing/meters", "status=active").ids == [second.id])
    #expect(stripe.get("/v1/billing/meters", "status=inactive").ids == [meter.id])
    _ = stripe.post("/v1/billing/meters/\(second.id)/deactivate")
    #expect(stripe.post("\(path)/reactivate")["status"] == "active")
    #expect(stripe.post("\(path)/reactivate").body == stripe.get(path).body)
    #expect(try stripe.eventTypes().filter { $0.hasSuffix("activated") }.count == 3)
    #expect(
      stripe.get("/v1/billing/meters/x").error
        == "404 invalid_request_error resource_missing id: No such meter: 'x'")
  }

  @Test(.tags(.unit)) func refuseInactiveForPrices() throws {
    let stripe = try TestSandbox()
    let meter = stripe.post("/v1/billing/meters", form)
    _ = stripe.post("/v1/billing/meters/\(meter.id)/deactivate")
    _ = stripe.post("/v1/products", "id=p&name=x")
    let answer = stripe.post(
      "/v1/prices",
      "product=p&currency=usd&unit_amount=1&recurring[interval]=month"
        + "&recurring[usage_type]=metered&recurring[meter]=\(meter.id)")
    #expect(answer.status == 400)
  }
}

@Suite struct FeaturesTests {
  @Test(.tags(.unit)) func areMadeAndAttached() throws {
    let stripe = try TestSandbox()
    let feature = stripe.post("/v1/entitlements/features", "lookup_key=sso&name=SSO")
    #expect(
      stripe.post("/v1/entitlements/features", "lookup_key=sso&name=SSO").error
        == "400 invalid_request_error resource_already_exists lookup_key: A feature with the lookup "
        + "key `sso` already exists.")
    #expect(stripe.get("/v1/entitlements/features", "lookup_key=sso").ids == [feature.id])
    _ = stripe.post("/v1/products", "id=p&name=x")
    _ = stripe.post("/v1/products", "id=q&name=x")
    let attach = "entitlement_feature=\(feature.id)"
    let attached = stripe.post("/v1/products/p/features", attach)
    #expect(attached.body[at: "entitlement_feature", "lookup_key"] == "sso")
    #expect(stripe.post("/v1/products/p/features", attach).status == 400)
    #expect(
      stripe.post("/v1/products/p/features", "entitlement_feature=x").error
        == "400 invalid_request_error resource_missing entitlement_feature: No such feature: 'x'")
    _ = stripe.post("/v1/entitlements/features/\(feature.id)", "name=Single&active=false")
    let path = "/v1/products/p/features/\(attached.id)"
    #expect(stripe.get(path).body[at: "entitlement_feature", "name"] == "Single")
    #expect(stripe.get("/v1/products/q/features/\(attached.id)").status == 404)
    #expect(stripe.get("/v1/products/p/features").ids == [attached.id])
    #expect(stripe.get("/v1/products/q/features").ids == [])
    #expect(stripe.delete("/v1/products/p").status == 400)
    #expect(stripe.delete(path)["deleted"] == true)
    #expect(stripe.get("/v1/entitlements/features", "archived=true").ids == [feature.id])
    #expect(stripe.get("/v1/entitlements/features", "archived=false").ids == [])
    #expect(stripe.get("/v1/entitlements/features/\(feature.id)")["active"] == false)
  }
}
