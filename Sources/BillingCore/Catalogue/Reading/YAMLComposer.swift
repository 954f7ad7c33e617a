private import CYaml

/// Reads a YAML text into nodes with libyaml, which Yams brings along.
///
/// Yams's own composer stops at the first key that stands twice, compares keys with their aliases
/// written out (a few lines can keep it busy for years) and forgets where an alias stands; this one
/// reports every repeated key and bounds depth and size.
struct YAMLComposer: ~Copyable {
  /// How deep a catalogue may be nested.
  static let maximumDepth = 16
  /// How many values a catalogue may hold, aliases written out.
  static let maximumWeight = 100_000

  private struct Stop: Error {
    let mark: TextMark
    let message: String
  }

  private struct Event {
    enum Kind {
      case scalar(String, isPlain: Bool)
      case alias(String)
      case sequence, mapping, end, other
    }
    let kind: Kind
    let anchor: String?
    let tag: String?
    let mark: TextMark
    let type: yaml_event_type_t
  }

  private let bytes: [UInt8]
  private let log: MistakeLog
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var anchors: [String: YAMLNode] = [:]

  private init(bytes: [UInt8], log: MistakeLog, parser: UnsafeMutablePointer<yaml_parser_t>) {
    self.bytes = bytes
    self.log = log
    self.parser = parser
  }

  /// The text's one document; nil where there is none, or where it ends in a syntax error. What is
  /// wrong is noted in the log.
  static func compose(_ bytes: [UInt8], log: MistakeLog) -> YAMLNode? {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      log.add(TextMark(line: 1, column: 1), "no memory to read it")
      return nil
    }
    defer { yaml_parser_delete(parser) }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      var composer = YAMLComposer(bytes: bytes, log: log, parser: parser)
      do throws(Stop) {
        return try composer.document()
      } catch {
        log.add(error.mark, error.message)
        return nil
      }
    }
  }

  private mutating func document() throws(Stop) -> YAMLNode? {
    var event = try next()
    while event.type == YAML_STREAM_START_EVENT { event = try next() }
    guard event.type == YAML_DOCUMENT_START_EVENT else {
      log.add(TextMark(line: 1, column: 1), "the file is empty")
      return nil
    }
    let root = try node(try next(), depth: 0)
    _ = try next()
    let rest = try next()
    if rest.type != YAML_STREAM_END_EVENT {
      throw Stop(mark: rest.mark, message: "a second document begins here; there can be only one")
    }
    return root
  }

  // MARK: Nodes

  private mutating func node(_ event: Event, depth: Int) throws(Stop) -> YAMLNode {
    guard depth <= Self.maximumDepth else {
      throw Stop(mark: event.mark, message: "nested deeper than \(Self.maximumDepth) levels")
    }
    if let tag = event.tag, tag != "tag:yaml.org,2002:str" {
      log.add(event.mark, "tags such as `\(YAMLNode.shown(tag))` are not understood here")
    }
    let node: YAMLNode
    switch event.kind {
    case .scalar(let text, let isPlain):
      node = YAMLNode(
        content: .scalar(text, isPlain: isPlain && event.tag == nil), mark: event.mark, weight: 1)
    case .alias(let name):
      guard let node = anchors[name] else {
        throw Stop(
          mark: event.mark, message: "there is no anchor `&\(YAMLNode.shown(name))` above")
      }
      return node
    case .sequence: node = try sequence(event, depth: depth)
    case .mapping: node = try mapping(event, depth: depth)
    case .end, .other: throw Stop(mark: event.mark, message: "not valid YAML")
    }
    if let anchor = event.anchor { anchors[anchor] = node }
    return node
  }

  private mutating func sequence(_ start: Event, depth: Int) throws(Stop) -> YAMLNode {
    var elements: [YAMLNode] = []
    var weight = 1
    while true {
      let event = try next()
      if case .end = event.kind { break }
      let element = try node(event, depth: depth + 1)
      weight = try heavier(weight, by: element, at: event.mark)
      elements.append(element)
    }
    return YAMLNode(content: .sequence(elements), mark: start.mark, weight: weight)
  }

  private mutating func mapping(_ start: Event, depth: Int) throws(Stop) -> YAMLNode {
    var members: [YAMLNode.Member] = []
    var places: [String: TextMark] = [:]
    var merged: [YAMLNode.Member] = []
    var weight = 1
    while true {
      let event = try next()
      if case .end = event.kind { break }
      let key = try node(event, depth: depth + 1)
      let value = try node(try next(), depth: depth + 1)
      weight = try heavier(weight, by: value, at: event.mark)
      guard case .scalar(let name, let isPlain) = key.content else {
        log.add(event.mark, "a key must be a text, not \(key.words)")
        continue
      }
      if name == "<<", isPlain {
        merged += mergedMembers(value, at: event.mark)
      } else if let first = places[name] {
        log.add(
          event.mark,
          "`\(YAMLNode.shown(name))` stands here again; it is already on line \(first.line)")
      } else {
        places[name] = event.mark
        members.append(YAMLNode.Member(key: name, mark: event.mark, value: value))
      }
    }
    for member in merged where places[member.key] == nil {
      places[member.key] = member.mark
      members.append(member)
    }
    return YAMLNode(content: .mapping(members), mark: start.mark, weight: weight)
  }

  /// What `<<: *base` or `<<: [*one, *two]` brings.
  private func mergedMembers(_ value: YAMLNode, at mark: TextMark) -> [YAMLNode.Member] {
    switch value.content {
    case .mapping(let members): return members
    case .sequence(let elements): return elements.flatMap { mergedMembers($0, at: mark) }
    case .scalar:
      log.add(mark, "`<<` takes a mapping, not \(value.words)")
      return []
    }
  }

  private func heavier(
    _ weight: Int, by node: YAMLNode, at mark: TextMark
  ) throws(Stop) -> Int {
    let sum = weight + node.weight
    guard sum <= Self.maximumWeight else {
      throw Stop(
        mark: mark, message: "more than \(Self.maximumWeight) values, with aliases written out")
    }
    return sum
  }

  // MARK: Events

  private func next() throws(Stop) -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw syntaxError() }
    defer { yaml_event_delete(&raw) }
    let mark = TextMark(
      line: Int(clamping: raw.start_mark.line) + 1, column: Int(clamping: raw.start_mark.column) + 1
    )
    let kind: Event.Kind
    var anchor: String?
    var tag: String?
    switch raw.type {
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      kind = .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      (anchor, tag) = (Self.string(scalar.anchor), Self.string(scalar.tag))
    case YAML_ALIAS_EVENT:
      kind = .alias(Self.string(raw.data.alias.anchor) ?? "")
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequence
      (anchor, tag) = (
        Self.string(raw.data.sequence_start.anchor), Self.string(raw.data.sequence_start.tag)
      )
    case YAML_MAPPING_START_EVENT:
      kind = .mapping
      (anchor, tag) = (
        Self.string(raw.data.mapping_start.anchor), Self.string(raw.data.mapping_start.tag)
      )
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .end
    default: kind = .other
    }
    return Event(kind: kind, anchor: anchor, tag: tag, mark: mark, type: raw.type)
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private func syntaxError() -> Stop {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
    if parser.pointee.error == YAML_READER_ERROR {
      return Stop(
        mark: bytes.mark(at: Int(clamping: parser.pointee.problem_offset)),
        message: "not valid YAML: \(problem)")
    }
    let mark = TextMark(
      line: Int(clamping: parser.pointee.problem_mark.line) + 1,
      column: Int(clamping: parser.pointee.problem_mark.column) + 1)
    let line =
      bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      .dropFirst(mark.line - 1).first ?? []
    if line.prefix(while: { $0 == 0x20 || $0 == 0x09 }).contains(0x09) {
      return Stop(mark: mark, message: "a tab cannot indent in YAML; use spaces")
    }
    return Stop(mark: mark, message: "not valid YAML: \(problem)")
  }
}

extension [UInt8] {
  /// The place of a byte of a UTF-8 text.
  func mark(at offset: Int) -> TextMark {
    let before = prefix(Swift.max(0, offset))
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    return TextMark(line: line, column: column)
  }
}
