extension HelpTopic {
  /// Made from what doctor says, so that a page and a hint cannot tell different things.
  static let troubleshooting = HelpTopic(
    name: "troubleshooting", summary: "What doctor finds, what it means and what to do",
    text: """
      What the other commands rely on; with --go-live also what has to be so before real money
      moves; and every row of the database:
        billing doctor
        billing doctor --go-live
        billing db check

      This is what they find, by the name of the check: what it means, and what to do.

      \(checks)
      """)

  private static var checks: String {
    var order: [String] = []
    var ailments: [String: [Ailment]] = [:]
    for ailment in Ailment.all {
      if ailments[ailment.check] == nil { order.append(ailment.check) }
      ailments[ailment.check, default: []].append(ailment)
    }
    return order.map { check in
      "\(check)\n" + (ailments[check] ?? []).map { entry($0) }.joined()
    }.joined(separator: "\n")
  }

  private static func entry(_ ailment: Ailment) -> String {
    lines(ailment.meaning, indent: "  ") + lines("-> " + ailment.remedy, indent: "     ")
  }

  /// The first line stands further out where it has an arrow.
  private static func lines(_ text: String, indent: String) -> String {
    let lines = HelpText.wrapped(text, to: 94)
    return lines.enumerated().map { number, line in
      let isArrow = number == 0 && line.hasPrefix("->")
      return (isArrow ? "  " : indent) + line + "\n"
    }.joined()
  }
}
