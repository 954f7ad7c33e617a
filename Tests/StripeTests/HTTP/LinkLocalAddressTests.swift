import Testing

@testable import Stripe

@Suite(.tags(.unit)) struct LinkLocalAddressTests {
  @Test(arguments: [
    "169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.169.254",
    "fd00:ec2::254", "[FE80::1]",
  ])
  func whereNothingIsSent(_ address: String) { #expect(LinkLocalAddress.contains(address)) }

  @Test(arguments: [
    "127.0.0.1", "::1", "10.169.254.1", "169.253.169.254", "1.169.254.1", "fec0::1", "fd00::254",
    "febula.example.com", "2001:db8::fe80", "",
  ])
  func whereItIs(_ address: String) { #expect(!LinkLocalAddress.contains(address)) }
}
