import Basics

/// Dahlia: the ways in which a Checkout page is shown have other names.
enum CheckoutModes {
  private static let names = ["hosted": "hosted_page", "embedded": "embedded_page"]
    .merging(["custom": "elements"]) { _, name in name }

  static let change = VersionChange(
    since: .dahlia,
    requests: [
      RequestChange(
        "POST /v1/checkout/sessions",
        declared: ["ui_mode": .enumeration(["custom", "embedded", "hosted"])],
        translate: { parameters, _ in
          guard let mode = parameters.string("ui_mode") else { return }
          parameters["ui_mode"] = .string(names[mode] ?? mode)
        })
    ],
    objects: [
      "checkout.session": { session, _ in
        guard let mode = session.string("ui_mode") else { return }
        session["ui_mode"] = .string(names.first { $0.value == mode }?.key ?? mode)
      }
    ])
}
