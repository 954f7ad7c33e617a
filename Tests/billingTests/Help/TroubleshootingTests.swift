import Foundation
import Testing

@testable import billing

/// The page and the hints come from one list, which has to have all of it.
@Suite(.tags(.unit)) struct TroubleshootingTests {
  /// Every constant of the sources stands in the list: none can be found that the page does not tell.
  @Test func theListHasThemAll() throws {
    let folder = Repository.root + "/Sources/billing/Doctor"
    var names: [String] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      names += text.matches(of: /static let ([A-Za-z]+) = Ailment\(/).map { String($0.1) }
    }
    #expect(names.count > 40 && Set(names).count == names.count)
    let passedOn = Ailment.all.count - names.count
    #expect(Set(Ailment.all).count == Ailment.all.count)
    #expect(passedOn == 9, "errors that a check passes on stand in the list by themselves")
  }

  @Test func thePageTellsOfEach() {
    let page = HelpTopic.troubleshooting.text.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    for ailment in Ailment.all {
      #expect(page.contains(ailment.meaning) && page.contains("-> \(ailment.remedy)"))
    }
  }

  /// What the hints tell to run is there.
  @Test func theCommandsOfTheRemediesExist() {
    for ailment in Ailment.all {
      for match in ailment.remedy.matches(of: /billing (?!that)([a-z-]+(?: [a-z]+)*)/) {
        let words = match.1.split(separator: " ").map { String($0) }
        let known = (1...words.count).contains {
          Registry.command(words.prefix($0).joined(separator: " ")) != nil
        }
        #expect(known, "billing \(match.1)")
      }
    }
  }
}
