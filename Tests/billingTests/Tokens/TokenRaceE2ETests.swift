import Basics
import BillingCore
import Foundation
import Testing

@testable import billing

/// Many processes and one balance: every token is taken once.
@Suite(.tags(.e2e)) struct TokenRaceE2ETests {
  private static let balance = 1000
  private static let processes = 8

  /// Eight shells, each of which takes one token after the other until there is none.
  @Test func eightProcessesTakeExactlyWhatThereIs() throws {
    let world = try TestWorld()
    let program = Executable(directory: world.directory)
    let tool = "--sandbox --quiet"
    try #require(
      try program.run("\(tool) customer create --email ada@example.com").status == 0)
    let granted = try program.run(
      "\(tool) tokens grant ada@example.com \(Self.balance) --reference start")
    try #require(granted.status == 0, "\(granted.errors)")
    let shells = try (0..<Self.processes).map { number in
      try Self.shell(
        """
        n=0
        while [ $n -lt \(Self.balance) ]; do
          '\(Executable.path)' \(tool) tokens consume ada@example.com 1 --reference \(number)-$n \
            > /dev/null 2> /dev/null
          status=$?
          [ $status -eq 3 ] && break
          [ $status -eq 0 ] || { echo "exit $status" >&2; exit 1; }
          n=$((n + 1))
        done
        echo $n
        """, in: world.directory)
    }
    let counts = shells.map { process, output in
      let text = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return Int(text.filter { $0.isNumber }) ?? -1
    }
    #expect(counts.reduce(0, +) == Self.balance, "\(counts)")
    let left = try program.run("\(tool) tokens balance ada@example.com --json")
    #expect(try JSON(parsing: left.output)["balance"] == 0)
    let audit = try program.run("\(tool) tokens audit --json")
    #expect(audit.status == 0)
    #expect(try JSON(parsing: audit.output)["entries"] == .integer(Int64(Self.balance + 1)))
  }

  /// `kill -9` at whatever moment: what is asked for again with its reference is done once.
  @Test func aKilledProcessTakesNothingOrTakesOnce() throws {
    let world = try TestWorld()
    let program = Executable(directory: world.directory)
    let tool = "--sandbox --quiet"
    try #require(
      try program.run("\(tool) customer create --email ada@example.com").status == 0)
    try #require(
      try program.run("\(tool) tokens grant ada@example.com 100 --reference start").status == 0)
    for number in 0..<24 {
      let line = "\(tool) tokens consume ada@example.com 1 --reference r-\(number)"
      let process = try program.start(
        line.split(separator: " ").map { String($0) }, output: FileHandle.nullDevice,
        errors: FileHandle.nullDevice)
      // As long as other runs take, none to three of them.
      for _ in 0..<(number % 4) { _ = try program.run("version") }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let again = try program.run(line)
      #expect(again.status == 0, "\(again.errors)")
    }
    let audit = try JSON(parsing: program.run("\(tool) tokens audit --json").output)
    #expect(audit["clean"] == true && audit["entries"] == 25 && audit["balance"] == 76)
  }

  private static func shell(
    _ script: String, in directory: String
  ) throws -> (Process, Pipe) {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = [:]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    try process.run()
    return (process, output)
  }
}
