import Stripe

extension CatalogueReader {
  /// `en`, `de`, `pt-BR`: how money and dates are written, and which folder of templates is used.
  func language(_ fields: YAMLFields) -> String {
    guard let text = fields.text("language", maximum: .max) else { return "en" }
    if text.wholeMatch(of: /[a-z]{2,3}(-[A-Z]{2})?/) == nil {
      log.add(
        fields.mark("language"),
        "`language` must be like en, de or pt-BR, not \"\(YAMLNode.shown(text))\"")
    }
    return text
  }

  /// Nil where the file has none: then nobody is told of anything.
  func notifications(_ fields: YAMLFields, _ business: BusinessProfile) -> NotificationRules? {
    guard let node = fields.node("notifications"),
      let own = YAMLFields(
        node, "`notifications`", keys: ["operators", "templates", "kinds"], log: log)
    else { return nil }
    let address = business.email.flatMap { MailAddress($0) }
    if business.email == nil {
      log.add(node.mark, "`notifications` needs `email` in `business`, which mails are from")
    } else if address == nil {
      log.add(own.mark, "mail cannot be sent from the `email` in `business`")
    }
    let operators = YAMLFields.elements(own.node("operators"), "`operators`", log: log)
      .compactMap { operatorAddress($0) }
    let routes = routes(own)
    guard let address else { return nil }
    return NotificationRules(
      sender: MailMessage.Sender(name: business.name, address: address), operators: operators,
      templates: own.text("templates", maximum: 1000), routes: routes)
  }

  private func operatorAddress(_ node: YAMLNode) -> MailAddress? {
    guard let text = YAMLFields.text(node, "an operator's address", maximum: .max, log: log) else {
      return nil
    }
    if let address = MailAddress(text) { return address }
    log.add(node.mark, "mail cannot be sent to \"\(YAMLNode.shown(text))\"")
    return nil
  }

  private func routes(
    _ fields: YAMLFields
  ) -> [Notification.Kind: [NotificationRules.Route]] {
    let kinds = Notification.Kind.allCases
    guard let node = fields.node("kinds"),
      let own = YAMLFields(node, "`kinds`", keys: kinds.map { $0.rawValue }, log: log)
    else { return [:] }
    var routes: [Notification.Kind: [NotificationRules.Route]] = [:]
    for kind in kinds {
      guard let node = own.node(kind.rawValue) else { continue }
      let known = NotificationRules.Route.allCases.filter {
        !kind.isForOperators || $0 != .customer
      }
      var found: [NotificationRules.Route] = []
      for element in YAMLFields.elements(node, "`\(kind.rawValue)`", log: log) {
        guard case .text(let text) = element.scalar,
          let route = NotificationRules.Route(rawValue: text), known.contains(route)
        else {
          let words = known.map { $0.rawValue }.joined(separator: ", ")
          log.add(element.mark, "`\(kind.rawValue)` is told to \(words), not \(element.words)")
          continue
        }
        if !found.contains(route) { found.append(route) }
      }
      routes[kind] = found
    }
    return routes
  }
}
