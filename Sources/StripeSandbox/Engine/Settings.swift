import Basics

/// What a sandbox keeps about itself. Made once, when its file is made.
struct Settings {
  /// How far its clock is ahead of the real time.
  var clockOffsetSeconds: Int64
  var accountID: String
  /// When the account, that is the file, was made.
  var accountCreated: Timestamp
  /// Signs what is sent to webhook endpoints given on the command line.
  var webhookSecret: String
  /// The version of requests that name none, and of the events.
  var apiVersion = APIVersion.current

  /// What follows when an automatic payment fails.
  var dunning = Dunning.usual

  static func made(at now: Timestamp, makeToken: (Int) -> String) -> Settings {
    Settings(
      clockOffsetSeconds: 0, accountID: "acct_\(makeToken(16))", accountCreated: now,
      webhookSecret: "whsec_\(makeToken(32))")
  }

  init(
    clockOffsetSeconds: Int64, accountID: String, accountCreated: Timestamp, webhookSecret: String
  ) {
    self.clockOffsetSeconds = clockOffsetSeconds
    self.accountID = accountID
    self.accountCreated = accountCreated
    self.webhookSecret = webhookSecret
  }

  init(readFrom store: StoreTransaction) throws {
    let kept = try store.settings()
    guard let offset = kept["clock_offset_seconds"].flatMap({ Int64($0) }),
      let accountID = kept["account_id"],
      let created = kept["account_created"].flatMap({ Int64($0) }),
      let secret = kept["webhook_secret"]
    else { throw SandboxError.unexpected }
    self.init(
      clockOffsetSeconds: offset, accountID: accountID, accountCreated: Timestamp(created),
      webhookSecret: secret)
    dunning = Dunning(kept)
    // A file of before accounts had a version lacks it.
    apiVersion = kept["api_version"].flatMap { APIVersion($0) } ?? .current
  }

  func write(to store: StoreTransaction) throws {
    try writeClock(to: store)
    try store.set("account_id", to: accountID)
    try store.set("account_created", to: String(accountCreated.seconds))
    try store.set("webhook_secret", to: webhookSecret)
    try store.set("api_version", to: apiVersion.description)
  }

  func writeClock(to store: StoreTransaction) throws {
    try store.set("clock_offset_seconds", to: String(clockOffsetSeconds))
  }
}
