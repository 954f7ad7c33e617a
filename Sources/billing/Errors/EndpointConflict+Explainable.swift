import BillingCore

extension EndpointConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .unknown(let id):
      .notFound("no webhook endpoint \(id)", hint: "billing webhook endpoints list shows them")
    case .exists(let id, let url):
      .conflict(
        "already_exists", "\(id) is sent to \(url) already: two would bring every event twice",
        hint: "billing webhook endpoints delete \(id) makes room for another one")
    }
  }
}
