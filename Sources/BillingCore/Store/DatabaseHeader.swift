import Foundation

/// The first 100 bytes of an SQLite file (https://www.sqlite.org/fileformat.html#the_database_header),
/// read before SQLite sees the file, so that what is not ours is never touched.
struct DatabaseHeader {
  /// `bill` in ASCII.
  static let applicationID: Int32 = 0x6269_6C6C

  let applicationID: Int32
  let userVersion: Int32

  static func check(path: String, knownVersion: Int) throws(StoreError) {
    let header = try read(path: path)
    guard header.applicationID == applicationID else { throw .otherProgram(path: path) }
    guard header.userVersion <= knownVersion else {
      throw .newerVersion(path: path, found: Int(header.userVersion), known: knownVersion)
    }
  }

  private static func read(path: String) throws(StoreError) -> DatabaseHeader {
    let bytes: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      bytes = Array(try file.read(upToCount: 100) ?? Data())
    } catch {
      throw .cannotOpen(path: path, reason: reason(of: error))
    }
    guard !bytes.isEmpty else { throw .empty(path: path) }
    guard bytes.count == 100, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw .notADatabase(path: path)
    }
    let word = { (offset: Int) in
      Int32(bitPattern: bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) })
    }
    return DatabaseHeader(applicationID: word(68), userVersion: word(60))
  }
}

/// The system's own words for an error of Foundation's file functions.
func reason(of error: any Error) -> String {
  let error = error as NSError
  if let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError {
    return String(cString: strerror(Int32(underlying.code)))
  }
  return error.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(error.code))) : error.localizedDescription
}
