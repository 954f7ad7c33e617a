import Foundation

/// The program as it was built, run as a child process.
struct Executable {
  /// Beside the bundle of these tests.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("billing").path

  struct Result: Equatable {
    var status: Int32
    var output: String
    var errors: String
  }

  let directory: String
  var environment: [String: String] = [:]

  /// Starts it; standard input is empty unless given.
  func start(_ words: [String], output: Any, errors: Any, input: Any? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = words
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    process.environment = environment
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  func run(_ words: String) throws -> Result {
    let (output, errors) = (Pipe(), Pipe())
    let process = try start(
      words.split(separator: " ").map { String($0) }, output: output, errors: errors)
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let errorText = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: errorText, as: UTF8.self))
  }
}
