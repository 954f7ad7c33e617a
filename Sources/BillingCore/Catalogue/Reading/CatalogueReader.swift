import Basics
private import Foundation

extension Catalogue {
  /// A larger file is refused unread.
  package static let maximumBytes = 1 << 20

  /// Reads a catalogue file. Throws all of its mistakes at once; in them and in
  /// other errors it has the name that is given, else its path.
  package init(path: String, shownAs name: String? = nil) throws(CatalogueError) {
    let name = name ?? path
    let bytes: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      bytes = [UInt8](try file.read(upToCount: Self.maximumBytes + 1) ?? Data())
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw .missing(path: name)
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw .unreadable(path: name, detail: "permission denied")
    } catch {
      throw .unreadable(path: name, detail: "it is no file that can be read")
    }
    try self.init(yaml: bytes, file: name)
  }

  package init(yaml text: String, file: String) throws(CatalogueError) {
    try self.init(yaml: Array(text.utf8), file: file)
  }

  /// Reads a catalogue from the text of a file of that name.
  package init(yaml bytes: [UInt8], file: String) throws(CatalogueError) {
    let log = MistakeLog(file: file)
    guard let catalogue = Self.read(bytes, log: log), log.mistakes.isEmpty else {
      throw .invalid(log.sorted)
    }
    self = catalogue
  }

  private static func read(_ bytes: [UInt8], log: MistakeLog) -> Catalogue? {
    let start = TextMark(line: 1, column: 1)
    guard bytes.count <= maximumBytes else {
      log.add(start, "larger than \(maximumBytes) bytes")
      return nil
    }
    if let offset = firstInvalidByte(bytes) {
      log.add(bytes.mark(at: offset), "not UTF-8")
      return nil
    }
    guard let root = YAMLComposer.compose(bytes, log: log) else { return nil }
    guard !root.isNull else {
      log.add(root.mark, "the file is empty")
      return nil
    }
    return CatalogueReader(log: log).catalogue(root)
  }

  /// Where a text stops being UTF-8; nil where it never does.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      offset += String(scalar).utf8.count
    }
    return offset
  }
}

/// Turns nodes into a catalogue and notes every mistake on the way.
struct CatalogueReader {
  static let keys = [
    "version", "namespace", "currency", "default_plan", "grace_period_days", "alerts", "meters",
    "plans", "coupons", "packages", "tokens_cover", "urls", "business", "goals", "refunds",
    "key_prefix", "external_id_metadata", "names", "language", "notifications",
  ]

  let log: MistakeLog

  func catalogue(_ root: YAMLNode) -> Catalogue? {
    guard let fields = YAMLFields(root, "the catalogue", keys: Self.keys, log: log) else {
      return nil
    }
    if let version = fields.required("version") {
      _ = YAMLFields.integer(version, "`version`", 1...1, log: log)
    }
    let scope = CatalogueScope(
      namespace: namespace(fields) ?? "billing",
      currency: fields.required("currency") == nil ? "usd" : fields.currency() ?? "usd",
      meters: [])
    let meters = meters(fields, namespace: scope.namespace)
    let full = CatalogueScope(
      namespace: scope.namespace, currency: scope.currency, meters: meters.map { $0.id })
    let plans = plans(fields, full)
    let packages = packages(fields, full)
    let business = business(fields)
    let catalogue = Catalogue(
      version: 1, namespace: scope.namespace, currency: scope.currency,
      defaultPlanID: defaultPlan(fields, plans: plans),
      gracePeriodDays: Int(fields.integer("grace_period_days", 0...90) ?? 7),
      alerts: alerts(fields), meters: meters,
      plans: plans.map { $0.plan }.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) },
      coupons: coupons(fields, full), packages: packages,
      tokensCover: tokensCover(fields, full), urls: urls(fields), business: business,
      goals: goals(fields), refunds: refunds(fields, full), keyPrefix: keyPrefix(fields),
      externalIDMetadata: externalIDMetadata(fields), language: language(fields),
      notifications: notifications(fields, business), names: [:])
    noteClashes(fields, plans: plans, packages: packages)
    return named(catalogue, fields)
  }

  // MARK: The catalogue's own fields

  private func namespace(_ fields: YAMLFields) -> String? {
    guard let text = fields.text("namespace", maximum: .max) else { return nil }
    if text.wholeMatch(of: /[a-z][a-z0-9_-]{0,19}/) != nil { return text }
    fields.log.add(
      fields.mark("namespace"),
      """
      `namespace` is 1 to 20 characters: a small letter, then small letters, digits, - and _; \
      "\(YAMLNode.shown(text))" is none
      """)
    return nil
  }

  private func defaultPlan(_ fields: YAMLFields, plans: [PlacedPlan]) -> String {
    guard let node = fields.required("default_plan"),
      let text = YAMLFields.text(node, "`default_plan`", log: log)
    else { return "" }
    let ids = plans.map { $0.plan.id }
    if !ids.contains(text) {
      log.add(node.mark, unknown("plan", text, among: ids))
    }
    return text
  }

  /// `there is no plan "por"; did you mean "pro"?`
  func unknown(_ kind: String, _ text: String, among ids: [String]) -> String {
    let hint = NearestName.of(text, among: ids).map { "; did you mean \"\($0)\"?" } ?? ""
    return "there is no \(kind) \"\(YAMLNode.shown(text))\"\(hint)"
  }

  private func alerts(_ fields: YAMLFields) -> [Int] {
    guard fields.node("alerts") != nil else { return [80, 100] }
    let elements = YAMLFields.elements(fields.node("alerts"), "`alerts`", log: log)
    let percents = elements.compactMap {
      YAMLFields.integer($0, "an alert's percentage", 1...1000, log: log).map(Int.init)
    }
    return Set(percents).sorted()
  }

  private func meters(_ fields: YAMLFields, namespace: String) -> [MeterDefinition] {
    let members = YAMLFields.members(fields.node("meters"), "`meters`", log: log)
    var eventNames: Set<String> = []
    return members.compactMap { member in
      let keys = ["name", "aggregation", "event_name"]
      guard let own = YAMLFields(member.value, "meter \(member.key)", keys: keys, log: log) else {
        return nil
      }
      let eventName = own.text("event_name", maximum: 100) ?? "\(namespace)_\(member.key)"
      if !eventNames.insert(eventName).inserted {
        log.add(member.mark, "two meters have the event name \"\(YAMLNode.shown(eventName))\"")
      }
      let name = own.requiredText("name")
      if own.node("aggregation") == nil { _ = own.required("aggregation") }
      let aggregation = own.choice("aggregation", MeterDefinition.Aggregation.self)
      return MeterDefinition(
        id: member.key, name: name ?? "", aggregation: aggregation ?? .sum, eventName: eventName)
    }
  }

  private func named(_ catalogue: Catalogue, _ fields: YAMLFields) -> Catalogue {
    let ids = catalogue.limitIDs + catalogue.featureIDs
    var names: [String: String] = [:]
    for member in YAMLFields.members(fields.node("names"), "`names`", log: log) {
      if !ids.contains(member.key) {
        log.add(member.mark, unknown("limit or feature", member.key, among: ids))
      }
      names[member.key] = YAMLFields.text(member.value, "a name", log: log)
    }
    var catalogue = catalogue
    catalogue.names = names
    return catalogue
  }
}

/// What the parts of a catalogue need to know of the whole.
struct CatalogueScope {
  let namespace: String
  let currency: String
  let meters: [String]
}
