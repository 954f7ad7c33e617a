import Testing

/// The conventions that matter, checked on the text of the sources.
@Suite(.tags(.unit)) struct TidyTests {
  @Test func findsTheSources() throws {
    #expect(try SourceTree.files(under: "Sources").count > 20)
    #expect(try SourceTree.files(under: "Tests").count > 5)
  }

  /// Where a module may be imported: folders, or files, from the package's root.
  static let homes: [(module: String, homes: [String], instead: String)] = [
    ("CLibcurl", ["Sources/Stripe/HTTP/", "Sources/Stripe/Mail/"], "`Transport` of Stripe"),
    ("CLibcrypto", ["Sources/Basics/Crypto/"], "`Hash` and `Random` of Basics"),
    ("CLibsqlite", ["Sources/BillingCore/Store/"], "GRDB, where that has what is wanted"),
    (
      "GRDB", ["Sources/BillingCore/Store/", "Sources/StripeSandbox/Engine/Store"],
      "a function of the store, which knows the SQL"
    ),
    ("Yams", ["Sources/BillingCore/Catalogue/"], "`Catalogue`, which reads plans.yaml"),
    ("Hummingbird", ["Sources/BillingServer/"], "a server of BillingServer"),
    ("HummingbirdCore", ["Sources/BillingServer/"], "a server of BillingServer"),
    ("NIOCore", ["Sources/BillingServer/"], "a server of BillingServer"),
    ("ServiceLifecycle", ["Sources/BillingServer/"], "a server of BillingServer"),
    ("Rainbow", ["Sources/billing/"], "a report, which the executable colours"),
    ("SwiftCSV", ["Sources/billing/"], "a table that the executable has read"),
  ]

  @Test(arguments: homes)
  func modulesStayAtHome(module: String, homes: [String], instead: String) throws {
    for file in try SourceTree.files(under: "Sources") where file.imports.contains(module) {
      let isHome = homes.contains { file.path.hasPrefix($0) }
      #expect(isHome, "\(file) imports \(module); use \(instead) instead")
    }
  }

  /// What each target of ours may import of the others.
  static let storeys: [(target: String, below: Set<String>)] = [
    ("Basics", ["CLibcrypto"]),
    ("Stripe", ["Basics", "CLibcurl"]),
    ("StripeSandbox", ["Basics"]),
    ("BillingCore", ["Basics", "Stripe", "CLibsqlite"]),
    ("BillingServer", ["Basics", "BillingCore", "Stripe", "StripeSandbox"]),
    ("billing", ["Basics", "Stripe", "StripeSandbox", "BillingCore", "BillingServer"]),
  ]

  @Test(arguments: storeys)
  func targetsImportOnlyWhatIsBelow(target: String, below: Set<String>) throws {
    let ours = Set(Self.storeys.map { $0.target } + ["CLibcurl", "CLibcrypto", "CLibsqlite"])
    for file in try SourceTree.files(under: "Sources") where file.target == target {
      let wrong = file.imports.intersection(ours).subtracting(below)
      #expect(wrong.isEmpty, "\(file) imports \(wrong.sorted()); move it up, or what it needs down")
    }
  }

  static let bans: [(text: String, instead: String)] = [
    ("print(", "return a report, or write to an output of `Context`"),
    ("try!", "throw, or handle the error"),
    ("fatalError(", "throw an error, or use `precondition` for a programmer's mistake"),
    ("NSLog(", "log through swift-log"),
    ("exit(", "return an exit code"),
    ("public ", "`package`: nothing outside this package uses it"),
  ]

  /// Places where a ban does not hold, each with its reason.
  static let exemptions: [String: [String: String]] = [
    "exit(": ["Sources/billing/main.swift": "ends the process with the code of `Billing`"]
  ]

  @Test(arguments: bans)
  func bansHold(text: String, instead: String) throws {
    for file in try SourceTree.files(under: "Sources")
    where Self.exemptions[text]?[file.path] == nil {
      for line in file.code where contains(line.text, word: text) {
        Issue.record("\(file):\(line.number) has `\(text)`; instead: \(instead)")
      }
    }
  }

  /// Whether the text stands in the line, not as the end of a longer word, nor as a member.
  private func contains(_ line: String, word: String) -> Bool {
    line.ranges(of: word).contains { range in
      guard let before = line[..<range.lowerBound].last else { return true }
      return !before.isLetter && !before.isNumber && !"._`\"".contains(before)
    }
  }

  /// Files that may be longer than 300 lines, each with its reason.
  static let longFiles: [String: String] = [
    "Sources/StripeSandbox/Engine/APIFactsText.swift": "a table of the API, not code"
  ]

  @Test func filesAreShort() throws {
    for file in try SourceTree.files(under: "Sources") where Self.longFiles[file.path] == nil {
      #expect(file.lines.count <= 300, "\(file) has \(file.lines.count) lines; cut it at an aspect")
    }
  }

  @Test func linesStartWithoutTabs() throws {
    let files = try SourceTree.files(under: "Sources") + SourceTree.files(under: "Tests")
    for file in files where Self.longFiles[file.path] == nil {
      for (index, line) in file.lines.enumerated() where line.hasPrefix("\t") {
        Issue.record("\(file):\(index + 1) starts with a tab; run `make format`")
      }
    }
  }

  /// Tests that may sleep, each with its reason.
  static let sleepers: [String: String] = [:]

  @Test func testsDoNotSleep() throws {
    // Put together here, so that this file does not find itself.
    let calls = [
      "Task.sle" + "ep", "usle" + "ep(", "sle" + "ep(", "nanosle" + "ep(", "XCT" + "est",
    ]
    for file in try SourceTree.files(under: "Tests") where Self.sleepers[file.path] == nil {
      for line in file.code {
        for call in calls where contains(line.text, word: call) {
          Issue.record("\(file):\(line.number) has `\(call)`; wait for the event instead")
        }
      }
    }
  }
}
