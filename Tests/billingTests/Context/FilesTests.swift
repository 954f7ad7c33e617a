import Foundation
import Testing

@testable import billing

@Suite(.tags(.unit)) struct FilesTests {
  private let world: TestWorld
  private let path: String

  init() throws {
    world = try TestWorld()
    path = world.directory + "/a.pdf"
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: world.directory)
  }

  @Test func aFileIsPutWhereThereIsNone() throws {
    try Files.place([1, 2], at: path, token: "t")
    #expect(try Files.bytes(of: path) == [1, 2])
    #expect(throws: FileError(path: path, errno: EEXIST)) {
      try Files.place([3], at: path, token: "t")
    }
    #expect(try Files.bytes(of: path) == [1, 2])
    #expect(try names() == ["a.pdf"])
  }

  /// FAT, for one, has no links.
  @Test(arguments: [EPERM, ENOTSUP]) func withoutLinks(_ refusal: Int32) throws {
    let link = { (_: String, _: String) -> Int32 in
      errno = refusal
      return -1
    }
    try Files.place([1, 2], at: path, token: "t", link: link)
    #expect(try Files.bytes(of: path) == [1, 2])
    #expect(throws: FileError(path: path, errno: EEXIST)) {
      try Files.place([3], at: path, token: "t", link: link)
    }
    #expect(try Files.bytes(of: path) == [1, 2])
    #expect(try names() == ["a.pdf"])
  }

  @Test func whatElseIsWrongStaysAnError() throws {
    let link = { (_: String, _: String) -> Int32 in
      errno = ENOSPC
      return -1
    }
    #expect(throws: FileError(path: path, errno: ENOSPC)) {
      try Files.place([1], at: path, token: "t", link: link)
    }
    #expect(try names() == [])
  }
}
