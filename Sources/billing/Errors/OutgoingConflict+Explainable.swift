import BillingCore

extension OutgoingConflict: Explainable {
  var explanation: CommandError {
    switch self {
    case .unknownEndpoint(let id):
      .notFound(
        "no endpoint \(Arguments.quoted(id))", hint: "billing endpoint list shows their ids")
    case .unknownDelivery(let id):
      .notFound(
        "no delivery \(Arguments.quoted(id))", hint: "billing delivery list shows their ids")
    case .addressTaken(let id, let url):
      .conflict(
        "already_exists", "\(id) is told at \(url) already: two would be told everything twice",
        hint: "billing endpoint remove \(id) makes room for another one")
    case .tooManyEndpoints:
      .conflict(
        "invalid_state", "there are \(OutgoingEndpoint.most) endpoints, and can be no more",
        hint: "billing endpoint remove ID makes room")
    case .isRemoved(let id):
      .conflict(
        "invalid_state", "\(id) was removed: it is told nothing more",
        hint: "billing endpoint add adds its address anew")
    case .isDelivered(let delivery):
      .conflict(
        "invalid_state", "\(delivery.id) was delivered to \(delivery.url) already",
        hint: "billing delivery retry \(delivery.id) --again sends it once more")
    }
  }
}
