import Testing

@testable import billing

@Suite(.tags(.unit)) struct EnvironmentFileSettingTests {
  @Test(arguments: [
    ("", "A=new\n"),
    ("B=1", "B=1\nA=new\n"),
    ("B=1\r\n", "B=1\r\nA=new\n"),
    ("A=\nB=1\n", "A=new\nB=1\n"),
    ("# A=old\nAA=1\n", "# A=old\nAA=1\nA=new\n"),
    ("A=1\nA=2\nB=3\n", "A=1\nA=new\nB=3\n"),
    ("  export  A = 'x' # why\r\nB=1\r\n", "export A=new\r\nB=1\r\n"),
    ("\u{FEFF}A=1\n", "A=new\n"),
  ])
  func oneLineIsAnother(_ text: String, _ expected: String) {
    #expect(EnvironmentFile.setting("A", to: "new", in: text) == expected)
  }

  @Test(arguments: ["plain_1,two", "with space", "a#b", "q\"uo\\te", "$HOME", ""])
  func whatIsWrittenIsReadBack(_ value: String) throws {
    let text = EnvironmentFile.setting("A", to: value, in: "B=1\n")
    #expect(try EnvironmentFile.parse(text, path: ".env") == ["A": value, "B": "1"])
  }
}
