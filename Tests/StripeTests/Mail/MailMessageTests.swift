import Basics
import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct MailMessageTests {
  private func message(
    name: String? = "Shop", subject: String = "Your bill", id: String = "billing.1",
    text: String = "Hello", html: String = "<p>Hello</p>"
  ) throws -> MailMessage {
    try MailMessage(
      from: .init(name: name, address: #require(MailAddress("shop@example.com"))),
      to: #require(MailAddress("ada@example.com")), subject: subject, name: id,
      date: Timestamp(1_795_168_800), text: text, html: html)
  }

  @Test func theWholeMessage() throws {
    let message = try message(
      name: "Zoë & Co", subject: "Zahlung über 19,00 €", text: "Grüße = 1 \nEnde",
      html: "<p>Grüße</p>\r\n")
    #expect(
      String(decoding: message.bytes, as: UTF8.self).replacing("\r\n", with: "\n") == """
        Date: Fri, 20 Nov 2026 10:00:00 +0000
        From: =?utf-8?B?Wm/DqyAmIENv?= <shop@example.com>
        To: ada@example.com
        Subject: =?utf-8?B?WmFobHVuZyDDvGJlciAxOSwwMCDigqw=?=
        Message-ID: <billing.1@example.com>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=_billing"

        --=_billing
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Gr=C3=BC=C3=9Fe =3D 1=20
        Ende
        --=_billing
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p>Gr=C3=BC=C3=9Fe</p>

        --=_billing--

        """)
  }

  @Test func plainWordsStayAsTheyAre() throws {
    let text = String(decoding: try message().bytes, as: UTF8.self)
    #expect(text.contains("\r\nFrom: Shop <shop@example.com>\r\n"))
    #expect(text.contains("\r\nSubject: Your bill\r\n"))
    let bare = String(decoding: try message(name: nil).bytes, as: UTF8.self)
    #expect(bare.contains("\r\nFrom: shop@example.com\r\n"))
  }

  @Test(arguments: [
    "Ada\r\nBcc: all@example.com", "Ada\nBcc: all@example.com", "Ada\rBcc: x", "a\0b", "a\u{1B}[0m",
    "a\u{85}Bcc: x", "a\u{2028}Bcc: x", "a\u{7F}b",
  ])
  func noLineBreakReachesAHeader(_ text: String) throws {
    #expect(throws: MailMessage.Mistake(header: "From")) { try message(name: text) }
    #expect(throws: MailMessage.Mistake(header: "Subject")) { try message(subject: text) }
    #expect(throws: MailMessage.Mistake(header: "Message-ID")) { try message(id: text) }
    #expect(MailAddress("ada\(text)@example.com") == nil)
    #expect(MailAddress("ada@\(text)") == nil)
  }

  @Test(arguments: [
    #"Ada" <all@example.com>, ""#, "Ada <all@example.com>", "Ada, Bob", "Ada (x)",
    "=?utf-8?B?QQ==?=",
    "a;b:c",
  ])
  func aNameThatMeansSomethingIsEncoded(_ name: String) throws {
    let text = String(decoding: try message(name: name).bytes, as: UTF8.self)
    let from = try #require(text.split(separator: "\r\n").first { $0.hasPrefix("From: ") })
    #expect(from.wholeMatch(of: /From: =\?utf-8\?B\?[A-Za-z0-9+\/=]+\?= <shop@example.com>/) != nil)
  }

  @Test func aLongSubjectIsFoldedBetweenCharacters() throws {
    let subject = String(repeating: "Ü€😀 ", count: 30)
    let text = String(decoding: try message(subject: subject).bytes, as: UTF8.self)
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("Subject: ") })
    let end = try #require(lines[(start + 1)...].firstIndex { !$0.hasPrefix(" ") })
    #expect(end - start > 4)
    #expect(lines[start..<end].allSatisfy { $0.utf8.count <= 84 && $0.hasSuffix("?=") })
  }

  @Test func noLineIsLongAndNoneIsABoundary() throws {
    let text = String(repeating: "word ", count: 60) + "\n--=_billing\n--=_billing--\n"
    let bytes = try message(text: text, html: String(repeating: "é", count: 200)).bytes
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(lines.count { $0 == "--=_billing" } == 2)
    #expect(lines.count { $0 == "--=_billing--" } == 1)
    #expect(bytes.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: [
    "ada@example.com", "ada.lovelace+bills@mail.example.co.uk", "o'neil@example.com", "a@localhost",
  ])
  func addresses(_ text: String) { #expect(MailAddress(text)?.text == text) }

  @Test(arguments: [
    "", "ada", "@example.com", "ada@", "a b@example.com", "a@b@c", "ada@exa mple.com", "ada@-x.com",
    ".ada@example.com", "ada.@example.com", "a..b@example.com", "<ada@example.com>",
    "ada@example.com>", "ada@example..com", "zoë@example.com", "ada@exämple.com",
    "\"ada\"@example.com", "ada@[127.0.0.1]", "ada,bob@example.com",
    String(repeating: "a", count: 65) + "@example.com",
    "ada@" + String(repeating: "a", count: 64) + ".com",
  ])
  func noAddresses(_ text: String) { #expect(MailAddress(text) == nil) }
}
