import Foundation
import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct MessageTemplateTests {
  private func template(_ text: String) -> MessageTemplate {
    MessageTemplate(
      text, names: ["name", "amount", "pay_url"], log: MistakeLog(file: "x.txt"))
  }

  private func mistakes(_ text: String) -> [String] {
    let log = MistakeLog(file: "x.txt")
    _ = MessageTemplate(
      text, at: TextMark(line: 3, column: 1), names: ["name", "amount", "pay_url"], log: log)
    return log.sorted.map { $0.description }
  }

  @Test func valuesStandInTheirPlaces() {
    let facts = ["name": "Ada", "amount": "$19.00"]
    #expect(template("Hello {{name}}: {{ amount }}!").text(facts) == "Hello Ada: $19.00!")
    #expect(template("{{name}}{{name}} { {{name}} }").text(facts) == "AdaAda { Ada }")
    #expect(template("no value at all").text([:]) == "no value at all")
  }

  @Test func aLineWithoutItsValueIsLeftOut() {
    let text = template("Hello {{name}},\n\nyou owe {{amount}}.\nPay here: {{pay_url}}\n\nBye\n")
    #expect(text.text(["name": "Ada", "amount": "$1"]) == "Hello Ada,\n\nyou owe $1.\n\nBye\n")
    #expect(text.text(["name": "Ada", "amount": ""]) == "Hello Ada,\n\nBye\n")
  }

  @Test func aValueMeansNothingInAPage() {
    let facts = ["name": "<script>\"&'", "pay_url": "https://x.example/?a=1&b=\"2\""]
    #expect(
      template("<p title=\"{{name}}\">").page(facts)
        == "<p title=\"&lt;script&gt;&quot;&amp;&#39;\">")
    #expect(
      template("a < b {{name}}\nPay: {{pay_url}}\n\nBye").paragraphs(facts) == [
        "a &lt; b &lt;script&gt;&quot;&amp;&#39;<br>\nPay: <a href=\"https://x.example/"
          + "?a=1&amp;b=&quot;2&quot;\">https://x.example/?a=1&amp;b=&quot;2&quot;</a>", "Bye",
      ])
    #expect(
      template("{{pay_url}}").paragraphs(["pay_url": "javascript:alert(1)"])
        == ["javascript:alert(1)"])
  }

  @Test func aSubjectHasOneLine() {
    let facts = ["name": "Ada\r\nBcc: all@example.com\u{85}x\ty"]
    #expect(
      template("To {{name}}, {{amount}}").subject(facts) == "To Ada Bcc: all@example.com x y,")
  }

  @Test func mistakesHaveTheirPlaces() {
    #expect(mistakes("Hello {{name}}") == [])
    #expect(
      mistakes("Hello\nyou {{name}} owe {{ammount}}") == [
        "x.txt:4:18: there is no `ammount` in such a message; did you mean `amount`?"
      ])
    #expect(mistakes("{{name") == ["x.txt:3:1: `{{` is not closed on this line"])
    #expect(
      mistakes("{{name\n}} {{}}") == [
        "x.txt:3:1: `{{` is not closed on this line",
        "x.txt:4:4: there is no `` in such a message; there are name, amount, pay_url",
      ])
  }

  // MARK: Folders

  private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func theSamplesHaveNoMistakes() throws {
    let folder = Self.repository.appending(path: "fixtures/templates").path
    let templates = try MessageTemplates(
      folder: folder, shownAs: "fixtures/templates", language: "de")
    let entry = templates.entry(.paymentFailed)
    #expect(entry.language == "de" && entry.page != nil)
    #expect(templates.entry(.trialEnding).page == nil)
    #expect(templates.entry(.drift).language == "en")
  }

  @Test func everyMistakeOfAFolderIsTold() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("en"), withIntermediateDirectories: true)
    func write(_ text: String, _ name: String) throws {
      try text.write(toFile: folder.file("en/\(name)"), atomically: true, encoding: .utf8)
    }
    try write("Subject: {{planet}}\n\n{{card}}\n", "trial_ended.txt")
    try write("Hello\n", "drift.txt")
    try write("<p>{{amount</p>", "usage_overage.html")
    try write("Subject: x\n\ny\n", "paymentfailed.txt")
    try write("anything", "README.md")
    #expect(
      throws: CatalogueError.invalid([
        CatalogueMistake(
          file: "t/en/drift.txt", line: 1, column: 1,
          message: "it must begin with `Subject: …` and an empty line"),
        CatalogueMistake(
          file: "t/en/paymentfailed.txt", line: 1, column: 1,
          message: "there is no message called paymentfailed; did you mean payment_failed?"),
        CatalogueMistake(
          file: "t/en/trial_ended.txt", line: 1, column: 10,
          message: "there is no `planet` in such a message; did you mean `plan`?"),
        CatalogueMistake(
          file: "t/en/trial_ended.txt", line: 3, column: 1,
          message: "there is no `card` in such a message; there are "
            + MessageFacts.names(of: .trialEnded).joined(separator: ", ")),
        CatalogueMistake(
          file: "t/en/usage_overage.html", line: 1, column: 4,
          message: "`{{` is not closed on this line"),
      ])
    ) {
      try MessageTemplates(folder: folder.path, shownAs: "t", language: "en")
    }
  }

  @Test func aFolderThatIsNotThere() {
    #expect(
      throws: CatalogueError.invalid([
        CatalogueMistake(
          file: "t/de", line: 1, column: 1,
          message: "there is no such folder, which `templates` and `language` ask for")
      ])
    ) {
      try MessageTemplates(folder: "/nowhere", shownAs: "t", language: "de")
    }
  }
}
