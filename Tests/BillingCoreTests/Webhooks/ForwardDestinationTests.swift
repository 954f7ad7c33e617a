import Testing

@testable import BillingCore

@Suite(.tags(.unit)) struct ForwardDestinationTests {
  @Test(arguments: [
    "http://127.0.0.1:3000/webhooks", "https://app.example.com", "HTTPS://app.example.com/a?b=c",
    "http://[::1]:80/x", "http://10.0.0.7/hook", "http://localhost?x",
  ])
  func whatCanBeSentTo(_ url: String) throws {
    #expect(try ForwardDestination(url).url == url)
  }

  @Test(arguments: [
    ("", ForwardDestination.Mistake.noAddress), ("app.example.com", .noAddress),
    ("ftp://x/", .noAddress), ("file:///etc/passwd", .noAddress), ("http://", .noAddress),
    ("http://x:0/", .noAddress), ("http://x:99999/", .noAddress), ("http://a b/", .noAddress),
    ("http://x/\r\nA: b", .noAddress), ("http://x/#part", .noAddress), ("http://[::1", .noAddress),
    ("http://ada:secret@x/", .user), ("http://127.0.0.1@169.254.169.254/", .user),
    ("http://169.254.169.254/latest/meta-data", .linkLocal), ("http://169.254.1.1:80", .linkLocal),
    ("http://[fe80::1]/", .linkLocal), ("http://[::ffff:169.254.169.254]/", .linkLocal),
    ("http://[FD00:EC2::254]/", .linkLocal),
  ])
  func whatCannot(_ url: String, _ mistake: ForwardDestination.Mistake) {
    #expect(throws: mistake) { try ForwardDestination(url) }
  }
}
