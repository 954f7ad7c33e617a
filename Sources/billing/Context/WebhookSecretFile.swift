import Basics

/// The env file as the place of a webhook endpoint's signing secret.
///
/// The new secret stands before those that are there: the first one signs, and all are believed,
/// so that what the old endpoint still delivers is not refused while one replaces the other.
struct WebhookSecretFile {
  private static let variable = "STRIPE_WEBHOOK_SECRET"

  private let context: Context
  private let path: String
  /// As the user names it.
  let name: String

  /// Refuses where the secret could not be kept, or would count for nothing: before there is one.
  init(_ context: Context) throws(CommandError) {
    self.context = context
    name = context.environmentFileName
    path = context.resolve(name)
    for variable in [Self.variable + "_FILE"] where context.environment.all[variable] != nil {
      throw .configuration(
        "invalid_env", "\(variable) says where the secret stands, so \(name) is not the place",
        hint: "leave --save out, and put the secret that is shown into that file")
    }
    guard Files.canReplace(path) else {
      throw .configuration("invalid_env", "\(name) cannot be written", hint: "leave --save out")
    }
    if context.world.environment[Self.variable] != nil {
      context.warn("\(Self.variable) of the environment wins over the one in \(name)")
    }
  }

  /// Reads the file again, so that what was written since the start is not lost.
  func keep(_ secret: Secret) throws {
    let text = Files.exists(path) ? try Files.text(of: path) : ""
    let known = try EnvironmentFile.parse(text, path: name)[Self.variable] ?? ""
    let others = known.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty && $0 != secret.reveal() }
    let value = ([secret.reveal()] + others).joined(separator: ",")
    try Files.replace(
      path, with: EnvironmentFile.setting(Self.variable, to: value, in: text),
      token: context.world.makeToken(8))
  }
}
