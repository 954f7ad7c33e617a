private import Basics
import CLibcurl
private import Synchronization

/// One message on its way through libcurl, and what the server said of it; or, without a message, a
/// visit that ends after the login.
///
/// `@unchecked Sendable`: the caller makes it and hands it to the loop through the loop's lock;
/// from then on all but `cancellation`, which is atomic, is used by the loop's thread alone.
final class CurlMailExchange: CurlTransfer, @unchecked Sendable {
  /// How far the talk is: of which command the last answer is.
  private enum Stage { case greeting, login, sender, recipient, text }

  private static let connectTimeoutSeconds = 20.0
  /// A server's line that is longer is cut: it is for people.
  private static let longestWords = 200

  private let server: SMTPServer
  private let message: MailMessage?
  private let timeoutSeconds: Double
  private var rest: ArraySlice<UInt8>
  private let cancellation = Atomic(false)

  private var handle: UnsafeMutableRawPointer?
  private var recipients: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  private var stage = Stage.greeting
  private var lastWords = ""
  /// The parting, which libcurl sees to by itself, says nothing of the message.
  private var isParting = false

  init(_ message: MailMessage?, _ server: SMTPServer, timeoutSeconds: Double) {
    self.server = server
    self.message = message
    self.timeoutSeconds = timeoutSeconds
    rest = message?.bytes[...] ?? []
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    release()
    curl_slist_free_all(recipients)
    errorText.deallocate()
  }

  var isCanceled: Bool { cancellation.load(ordering: .acquiring) }
  func cancel() { cancellation.store(true, ordering: .releasing) }

  // MARK: Out

  func makeHandle() -> UnsafeMutableRawPointer? {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    var codes: [CURLcode] = []
    setServer(handle, &codes)
    if let message {
      setMessage(message, handle, &codes)
    } else {
      codes.append(curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "NOOP"))
    }
    setCallbacks(handle, &codes)
    return codes.allSatisfy { $0 == CURLE_OK } ? handle : nil
  }

  private func setServer(_ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]) {
    // On this machine a server may have no certificate; what it offers is taken all the same.
    let tls = server.isLoopback ? CURLUSESSL_TRY : CURLUSESSL_ALL
    codes += [
      curl_set_string(handle, CURLOPT_URL, server.url),
      curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
      curl_set_string(handle, CURLOPT_PROXY, ""),
      curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
      curl_set_long(handle, CURLOPT_NETRC, 0),
      curl_set_long(handle, CURLOPT_QUICK_EXIT, 1),
      curl_set_long(handle, CURLOPT_USE_SSL, Int(tls.rawValue)),
      curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
      curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
      curl_set_long(handle, CURLOPT_FORBID_REUSE, 1),
      curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1),
      curl_set_long(
        handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(Self.connectTimeoutSeconds)),
      curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds(timeoutSeconds)),
    ]
    if let caFile = server.caFile {
      codes.append(curl_set_string(handle, CURLOPT_CAINFO, caFile))
    }
    if let user = server.user {
      codes.append(curl_set_string(handle, CURLOPT_USERNAME, user))
      codes.append(curl_set_string(handle, CURLOPT_PASSWORD, server.password?.reveal() ?? ""))
    }
  }

  private func setMessage(
    _ message: MailMessage, _ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]
  ) {
    recipients = curl_slist_append(nil, "<\(message.to)>")
    codes += [
      curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(message.from.address)>"),
      curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients),
      curl_set_long(handle, CURLOPT_UPLOAD, 1),
      curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(rest.count)),
    ]
  }

  private func setCallbacks(_ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    codes += [
      curl_set_pointer(handle, CURLOPT_READDATA, context),
      curl_set_data_callback(handle, CURLOPT_READFUNCTION) { room, size, count, context in
        exchange(context)?.fill(room, size &* count) ?? Int(CURL_READFUNC_ABORT)
      },
      curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size &* count },
      curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
      // The only way to know what was said last, and by whom.
      curl_set_long(handle, CURLOPT_VERBOSE, 1),
      curl_set_pointer(handle, CURLOPT_DEBUGDATA, context),
      curl_set_debug_callback(handle) { _, kind, data, count, context in
        exchange(context)?.notice(kind, UnsafeRawBufferPointer(start: data, count: count))
        return 0
      },
    ]
  }

  private func fill(_ room: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int {
    guard let room else { return 0 }
    let part = rest.prefix(size)
    UnsafeMutableRawBufferPointer(start: room, count: size).copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }

  /// Of what goes out only the command's name is looked at: behind `AUTH` stands the password.
  private func notice(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
    switch kind {
    case CURLINFO_HEADER_OUT:
      switch String(decoding: bytes.prefix(4), as: UTF8.self).uppercased() {
      case "EHLO", "HELO", "STAR": stage = .greeting
      case "AUTH": stage = .login
      case "MAIL": stage = .sender
      case "RCPT": stage = .recipient
      case "DATA": stage = .text
      case "QUIT": isParting = true
      default: break
      }
    case CURLINFO_HEADER_IN where !isParting:
      let line = String(decoding: bytes.prefix(Self.longestWords), as: UTF8.self)
      lastWords = String(line.prefix { !$0.isNewline })
    default: break
    }
  }

  // MARK: The end

  func finish(_ code: CURLcode) -> Result<MailReply, TransportError> {
    defer { release() }
    guard code != CURLE_OK else { return .success(.accepted) }
    let said = String(cString: errorText)
    let detail = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
    guard let status = Int(lastWords.prefix(3)), (400..<600).contains(status) else {
      return .failure(error(code, detail))
    }
    switch stage {
    case .greeting: return .failure(error(code, "\(detail) (\(lastWords))"))
    case .login:
      return .failure(error(code, "the server does not let this user in: \(lastWords)"))
    case .sender, .recipient, .text:
      // 421 is no word on the message: the server goes.
      return status == 421
        ? .failure(error(code, "\(detail) (\(lastWords))"))
        : .success(.refused(status: status, words: lastWords))
    }
  }

  func finishCanceled() -> Result<MailReply, TransportError> {
    release()
    return .failure(
      TransportError(
        kind: .canceled, mayHaveReachedServer: stage == .text, detail: "the message was canceled"))
  }

  private func error(_ code: CURLcode, _ detail: String) -> TransportError {
    TransportError(
      kind: TransportError.Kind(code, wasSent: stage != .greeting),
      mayHaveReachedServer: stage == .text, detail: detail)
  }

  private func release() {
    if let handle { curl_easy_cleanup(handle) }
    handle = nil
  }
}

private func exchange(_ context: UnsafeMutableRawPointer?) -> CurlMailExchange? {
  context.map { Unmanaged<CurlMailExchange>.fromOpaque($0).takeUnretainedValue() }
}
