import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct StreamsTests {
  @Test func memoryInput() {
    let input = MemoryInput("one\n\ntwo")
    #expect(input.readLine() == "one")
    #expect(input.readLine() == "")
    #expect(input.readLine() == "two")
    #expect(input.readLine() == nil)
    #expect(MemoryInput("12345").readAll(limit: 4) == nil)
    #expect(MemoryInput("12345").readAll(limit: 5) == Array("12345".utf8))
  }

  @Test func fileInput() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("one\ntwo\nthree".utf8))
    try pipe.fileHandleForWriting.close()
    let input = FileInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
    #expect(input.readLine() == "one")
    #expect(input.readAll(limit: 100) == Array("two\nthree".utf8))
    #expect(input.readLine() == nil)
  }

  @Test func readingEndsWhenTheProgramIsStopped() {
    let pipe = Pipe()
    let interruption = Interruption()
    #expect(interruption.note(.interrupt))
    #expect(!interruption.note(.terminate))
    let input = FileInput(
      descriptor: pipe.fileHandleForReading.fileDescriptor, interruption: interruption)
    #expect(input.readLine() == nil)
    #expect(interruption.signal == .interrupt)
  }

  /// Half a line is no line: who reads pieces is told that there were more.
  @Test func anInputThatWasStoppedHasNotEnded() throws {
    let ended = InputBytes(input: MemoryInput(), interruption: Interruption())
    #expect(try ended.read() == [])
    let interruption = Interruption()
    #expect(interruption.note(.interrupt))
    let stopped = InputBytes(input: MemoryInput("half a li"), interruption: interruption)
    #expect(try stopped.read() == Array("half a li".utf8))
    #expect(throws: CancellationError.self) { try stopped.read() }
  }

  @Test func filesAreMadeOnce() throws {
    let world = try TestWorld()
    let path = world.directory + "/a"
    try Files.create(path, "one")
    #expect(throws: FileError(path: path, errno: EEXIST)) { try Files.create(path, "two") }
    #expect(try Files.text(of: path) == "one")
    #expect(throws: FileError(path: path + "x", errno: ENOENT)) { try Files.text(of: path + "x") }
  }
}
