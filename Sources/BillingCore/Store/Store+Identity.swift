package import Basics

extension Store {
  /// Which Stripe the file belongs to.
  package enum Mode: String, Sendable {
    case sandbox, test, live

    /// Whether what is told with this `livemode` belongs here.
    func accepts(isLive: Bool) -> Bool { isLive == (self == .live) }
  }

  package func mode() throws -> Mode? {
    try read { try $0.setting(.mode) }.flatMap(Mode.init(rawValue:))
  }

  /// Stamps a new file with the mode; an older one must have the same.
  package func requireMode(_ wanted: Mode) throws {
    let stored = try read { try $0.setting(.mode) }
    if stored == wanted.rawValue { return }
    if let stored {
      throw StoreError.wrongMode(path: path, stored: stored, wanted: wanted.rawValue)
    }
    guard !isReadOnly else { return }
    let winner = try write { transaction in
      if try transaction.setting(.mode) == nil { try transaction.set(.mode, to: wanted.rawValue) }
      return try transaction.setting(.mode)
    }
    if let winner, winner != wanted.rawValue {
      throw StoreError.wrongMode(path: path, stored: winner, wanted: wanted.rawValue)
    }
  }

  /// Whether the account of this key was asked before, at this server: the same key at another one
  /// may open another account.
  package func knowsAccount(ofKey key: Secret, at server: String = "") throws -> Bool {
    try read { try $0.setting(.accountKeyFingerprint) } == Self.fingerprint(of: key, server)
  }

  /// Stamps a new file with the account; an older one must have the same.
  package func requireAccount(_ account: String, key: Secret, at server: String = "") throws {
    guard !isReadOnly else { return }
    let stored = try write { transaction in
      let stored = try transaction.setting(.account)
      if stored == nil { try transaction.set(.account, to: account) }
      if stored == nil || stored == account {
        try transaction.set(.accountKeyFingerprint, to: Self.fingerprint(of: key, server))
      }
      return stored
    }
    if let stored, stored != account {
      throw StoreError.wrongAccount(path: path, stored: stored, wanted: account)
    }
  }

  private static func fingerprint(of key: Secret, _ server: String) -> String {
    let text = "billing key \(key.reveal()) \(server)"
    return Hex.encode(Hash.sha256(Array(text.utf8)).prefix(16))
  }
}
