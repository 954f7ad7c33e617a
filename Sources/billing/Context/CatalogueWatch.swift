import BillingCore
private import Foundation
private import Synchronization

/// The door to the mirror of a program that runs for long: the catalogue is read anew when its file
/// changes. One that is bad by then changes nothing, and is said once.
final class CatalogueWatch: Sendable {
  /// Which state of the file was read.
  private struct Stamp: Equatable {
    var inode: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int
  }

  private struct Read {
    var stamp: Stamp?
    var mirror: StripeMirror
  }

  private let context: Context
  private let last: Mutex<Read>

  /// Throws for a catalogue that has mistakes now, or was named and is not there.
  init(_ context: Context) throws {
    self.context = context
    let stamp = Self.stamp(of: context.settings.plansPath)
    _ = try context.catalogueIfAny()
    last = Mutex(Read(stamp: stamp, mirror: context.mirror()))
  }

  /// With the plans as the file names them now.
  func mirror() -> StripeMirror {
    last.withLock { last in
      let stamp = Self.stamp(of: context.settings.plansPath)
      guard stamp != last.stamp else { return last.mirror }
      last.stamp = stamp
      do {
        let catalogue = try context.readCatalogue()
        context.connections.renew(catalogue)
        last.mirror = catalogue.mirror
        context.note("\(context.shown(context.settings.plansPath)) has changed and was read anew")
      } catch {
        let reason = CommandError(explaining: error).message
        context.warn("\(reason); the plans as they were read before go on")
      }
      return last.mirror
    }
  }

  private static func stamp(of path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec)
  }
}
