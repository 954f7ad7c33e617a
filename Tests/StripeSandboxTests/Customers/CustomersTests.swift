import Basics
import Testing

@testable import StripeSandbox

@Suite struct CustomersTests {
  @Test(.tags(.unit)) func createdUpdatedRetrieved() throws {
    let world = try MoneyWorld()
    let count = try world.eventCount()
    let made = world.checked(
      world.stripe.post(
        "/v1/customers",
        """
        email=jenny@example.com&name=Jenny&metadata[plan]=pro&address[line1]=1%20Main&\
        shipping[name]=J&shipping[address][city]=X&preferred_locales[0]=de&balance=-500&\
        invoice_prefix=ABC&next_invoice_sequence=7&tax_exempt=reverse&\
        invoice_settings[footer]=Thanks
        """))
    #expect(made["email"] == "jenny@example.com")
    #expect(made["address", "line1"] == "1 Main")
    #expect(made["address", "city"] == .null)
    #expect(made["balance"] == -500)
    #expect(made["invoice_prefix"] == "ABC")
    #expect(made["next_invoice_sequence"] == 7)
    #expect(made["invoice_settings", "footer"] == "Thanks")
    let updated = world.checked(
      world.stripe.post(
        "/v1/customers/\(made.id)", "name=&phone=1&metadata[plan]=&metadata[a]=b&tax_exempt="))
    #expect(updated["name"] == .null)
    #expect(updated["metadata"] == ["a": "b"])
    #expect(updated["tax_exempt"] == "none")
    #expect(world.checked(world.stripe.get("/v1/customers/\(made.id)")).body == updated.body)
    #expect(try world.events(after: count) == ["customer.created", "customer.updated"])
    let event = try #require(try world.stripe.events().last)
    #expect(
      event[at: "data", "previous_attributes"] == [
        "name": "Jenny", "phone": .null, "tax_exempt": "reverse",
        "metadata": ["plan": "pro", "a": .null],
      ])
    let expanded = world.stripe.get(
      "/v1/customers/\(made.id)", "expand[]=tax&expand[]=subscriptions&expand[]=sources")
    #expect(expanded["tax", "provider"] == "stripe")
    #expect(expanded["subscriptions", "data"] == [])
  }

  @Test(.tags(.unit)) func listsAndSearches() throws {
    let world = try MoneyWorld()
    let ids = ["a@x.y", "b@x.y", "a@x.y"].map {
      world.stripe.post("/v1/customers", "email=\($0)&metadata[k]=\($0.prefix(1))").id
    }
    #expect(world.stripe.get("/v1/customers", "email=a@x.y").ids == [ids[2], ids[0]])
    #expect(world.stripe.get("/v1/customers").ids == ids.reversed())
    let search = { (query: String) in
      world.stripe.get("/v1/customers/search", "query=\(query)")
    }
    let found = search("email:'a@x.y'%20AND%20metadata['k']:'a'")
    #expect(found["object"] == "search_result")
    #expect(found.ids == [ids[2], ids[0]])
    #expect(search("email:%22b@x.y%22%20and%20metadata[%22k%22]:%22a%22").ids == [])
    #expect(search("email~'x.Y'").ids.count == 3)
    #expect(search("-email:'b@x.y'").ids.count == 2)
    let page = world.stripe.get("/v1/customers/search", "query=email~'x.y'&limit=2")
    #expect(page["has_more"] == true)
    #expect(
      world.stripe.get("/v1/customers/search", "query=email~'x.y'&limit=2&page=2").ids == [ids[0]])
    for wrong in ["email", "email:'a", "color:'red'", "metadata:'a'", "email:'a'%20or%20name:'b'"] {
      #expect(search(wrong).status == 400)
    }
  }

  @Test(.tags(.unit)) func deletedWithItsSubscriptions() throws {
    let world = try MoneyWorld()
    let customer = world.customer()
    let subscription = world.subscribe(customer)
    let count = try world.eventCount()
    let stub: JSON = ["id": .string(customer), "object": "customer", "deleted": true]
    #expect(world.stripe.delete("/v1/customers/\(customer)").body == stub)
    #expect(world.stripe.get("/v1/customers/\(customer)").body == stub)
    #expect(world.stripe.get("/v1/subscriptions/\(subscription.id)")["status"] == "canceled")
    #expect(
      try world.events(after: count) == ["customer.subscription.deleted", "customer.deleted"])
    #expect(
      world.stripe.post("/v1/customers/\(customer)", "name=x").error
        == "404 invalid_request_error resource_missing id: No such customer: '\(customer)'")
  }

  @Test(
    .tags(.unit),
    arguments: [
      ("email=nobody", "email_invalid email"), ("email=@b", "email_invalid email"),
      ("email=a@", "email_invalid email"), ("email=a@b@c", "email_invalid email"),
      ("email=a%20b@c", "email_invalid email"), ("invoice_prefix=a", "- invoice_prefix"),
      ("next_invoice_sequence=0", "parameter_invalid_integer next_invoice_sequence"),
      ("source=tok_visa", "parameter_unsupported source"),
      ("payment_method=pm_nope", "resource_missing payment_method"),
      ("test_clock=clock_x", "resource_missing test_clock"),
      (
        "invoice_settings[default_payment_method]=pm_card_visa",
        "resource_missing invoice_settings[default_payment_method]"
      ),
    ])
  func refused(_ parameters: String, _ expected: String) throws {
    let world = try MoneyWorld()
    let answer = world.stripe.post("/v1/customers", parameters)
    #expect(answer.error.hasPrefix("400 invalid_request_error \(expected):"))
  }

  @Test(.tags(.unit)) func aDefaultMustBeAttached() throws {
    let world = try MoneyWorld()
    let (one, other) = (world.customer(), world.customer())
    let method = world.stripe.get("/v1/customers/\(other)/payment_methods").ids[0]
    let answer = world.stripe.post(
      "/v1/customers/\(one)", "invoice_settings[default_payment_method]=\(method)")
    #expect(
      answer.error
        == """
        400 invalid_request_error resource_missing invoice_settings[default_payment_method]: The \
        customer does not have a payment method with the ID \(method). The payment method must be \
        attached to the customer.
        """)
    let cleared = world.stripe.post(
      "/v1/customers/\(other)", "invoice_settings[default_payment_method]=")
    #expect(cleared["invoice_settings", "default_payment_method"] == .null)
  }
}
