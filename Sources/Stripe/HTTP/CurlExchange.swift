import CLibcurl
private import Synchronization

/// One request on its way through libcurl, and what has come back of it.
///
/// `@unchecked Sendable`: the caller makes it and hands it to the loop through the loop's lock;
/// from then on all but `cancellation`, which is atomic, is used by the loop's thread alone.
final class CurlExchange: CurlTransfer, @unchecked Sendable {
  private let request: HTTPRequest
  private let configuration: CurlTransport.Configuration
  private let cancellation = Atomic(false)

  private var handle: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>

  private var headers = HTTPHeaders()
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false
  /// Whether the address is one to which nothing is ever sent.
  private var isForbidden = false
  /// Whether a byte of the request itself (not of a handshake or a proxy) went out.
  private var wasSent = false

  init(_ request: HTTPRequest, _ configuration: CurlTransport.Configuration) {
    self.request = request
    self.configuration = configuration
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    release()
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  var isCanceled: Bool { cancellation.load(ordering: .acquiring) }

  func cancel() { cancellation.store(true, ordering: .releasing) }

  // MARK: Out

  func makeHandle() -> UnsafeMutableRawPointer? {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    var codes: [CURLcode] = []
    setRules(handle, &codes)
    setRequest(handle, &codes)
    setCallbacks(handle, &codes)
    return codes.allSatisfy { $0 == CURLE_OK } ? handle : nil
  }

  /// What holds for every request.
  private func setRules(_ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]) {
    codes += [
      curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
      curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
      curl_set_long(handle, CURLOPT_PATH_AS_IS, 1),
      curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
      curl_set_long(handle, CURLOPT_NETRC, 0),
      // A look-up of a name that hangs must not keep a canceled request, and with it the loop.
      curl_set_long(handle, CURLOPT_QUICK_EXIT, 1),
      curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
      // Requests to one host wait for its first connection, to share it where HTTP/2 allows; over
      // plain http, where only an answer tells, they would wait for that.
      curl_set_long(handle, CURLOPT_PIPEWAIT, request.isSecure ? 1 : 0),
      curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
      curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
      curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
      curl_set_string(handle, CURLOPT_ACCEPT_ENCODING, ""),
      curl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
      curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1),
      curl_set_long(
        handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(configuration.connectTimeoutSeconds)),
      curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds(request.timeoutSeconds)),
    ]
    if let caFile = configuration.caFile {
      codes.append(curl_set_string(handle, CURLOPT_CAINFO, caFile))
    }
    if !request.mayUseProxy { codes.append(curl_set_string(handle, CURLOPT_PROXY, "")) }
  }

  private func setRequest(_ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]) {
    codes.append(curl_set_string(handle, CURLOPT_URL, request.url))
    for field in request.headers.fields {
      // libcurl reads `Name:` as "leave it out" and `Name;` as "with an empty value".
      append(header: field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    append(header: "Expect:")
    codes.append(curl_set_list(handle, CURLOPT_HTTPHEADER, headerList))
    if request.method == .post || !request.body.isEmpty {
      codes.append(curl_set_long(handle, CURLOPT_POST, 1))
      codes.append(
        curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
      request.body.withUnsafeBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { text in
          let empty: StaticString = ""
          let start =
            text.baseAddress
            ?? UnsafeRawPointer(empty.utf8Start)
            .assumingMemoryBound(to: CChar.self)
          codes.append(curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, start))
        }
      }
    }
    if request.method != .post {
      codes.append(curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
    }
    // libcurl sends a request anew by itself where a connection that it used before ends without an
    // answer. A POST has its key; a DELETE that was executed would come back as not found.
    if request.method == .delete {
      codes.append(curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1))
    }
  }

  private func append(header: String) {
    guard let longer = curl_slist_append(headerList, header) else { return }
    headerList = longer
  }

  private func setCallbacks(_ handle: UnsafeMutableRawPointer, _ codes: inout [CURLcode]) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    codes += [
      curl_set_pointer(handle, CURLOPT_WRITEDATA, context),
      curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
        exchange(context)?.receiveBody(data, size &* count) ?? 0
      },
      curl_set_pointer(handle, CURLOPT_HEADERDATA, context),
      curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { data, size, count, context in
        exchange(context)?.receiveHeader(data, size &* count) ?? 0
      },
      // Whatever a name leads to is known only now; nothing was sent yet.
      curl_set_pointer(handle, CURLOPT_PREREQDATA, context),
      curl_set_prereq_callback(handle) { context, address, _, _, _ in
        exchange(context)?.mayTalk(to: address) == false
          ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK
      },
      curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText),
      // The only way to know for certain whether bytes of the request went out.
      curl_set_long(handle, CURLOPT_VERBOSE, 1),
      curl_set_pointer(handle, CURLOPT_DEBUGDATA, context),
      curl_set_debug_callback(handle) { _, kind, data, count, context in
        exchange(context)?.noticeTraffic(kind, data, count)
        return 0
      },
    ]
  }

  // MARK: In

  private func mayTalk(to address: UnsafePointer<CChar>?) -> Bool {
    isForbidden = address.map { LinkLocalAddress.contains(String(cString: $0)) } ?? false
    return !isForbidden
  }

  private func noticeTraffic(
    _ kind: curl_infotype, _ data: UnsafeMutablePointer<CChar>?, _ count: Int
  ) {
    guard !wasSent, kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_OUT else { return }
    let connect = Array("CONNECT ".utf8)
    let start = UnsafeRawBufferPointer(start: data, count: min(count, connect.count))
    wasSent = kind == CURLINFO_DATA_OUT || !start.elementsEqual(connect)
  }

  /// Fewer bytes taken than offered make libcurl stop.
  private func receiveBody(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard hasRoom(for: count) else { return 0 }
    body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: count))
    return count
  }

  private func receiveHeader(_ data: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard hasRoom(for: count) else { return 0 }
    headerBytes += count
    let line = String(
      decoding: UnsafeRawBufferPointer(start: data, count: count), as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // The start of an answer; what came before was an interim one (1xx).
      headers = HTTPHeaders()
    } else if let colon = line.firstIndex(of: ":") {
      headers.append(
        String(line[..<colon]), trimmed(line[line.index(after: colon)...]))
    }
    return count
  }

  private func hasRoom(for count: Int) -> Bool {
    let used = headerBytes + body.count
    isTooLarge = isTooLarge || count > configuration.maximumResponseBytes - used
    return !isTooLarge
  }

  private func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character.isWhitespace }
    let end = text.lastIndex { !isSpace($0) }.map { text.index(after: $0) } ?? text.startIndex
    return String(text[..<end].drop(while: isSpace))
  }

  // MARK: The end

  func finish(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
    defer { release() }
    guard code == CURLE_OK, let handle else { return .failure(error(code)) }
    var status = 0
    curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return .success(HTTPResponse(status: status, headers: headers, body: body))
  }

  func finishCanceled() -> Result<HTTPResponse, TransportError> {
    release()
    return .failure(
      TransportError(
        kind: .canceled, mayHaveReachedServer: wasSent, detail: "the request was canceled"))
  }

  private func release() {
    if let handle { curl_easy_cleanup(handle) }
    handle = nil
  }

  private func error(_ code: CURLcode) -> TransportError {
    if isTooLarge {
      return TransportError(
        kind: .responseTooLarge, mayHaveReachedServer: wasSent,
        detail: "the answer is larger than \(configuration.maximumResponseBytes) bytes")
    }
    if isForbidden {
      return TransportError(
        kind: .badURL, mayHaveReachedServer: false,
        detail: "the address is link-local, where machines keep their own secrets")
    }
    let said = String(cString: errorText)
    return TransportError(
      kind: TransportError.Kind(code, wasSent: wasSent), mayHaveReachedServer: wasSent,
      detail: said.isEmpty ? String(cString: curl_easy_strerror(code)) : said)
  }
}

private func exchange(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
  context.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
}

extension TransportError.Kind {
  /// What a code of libcurl means (https://curl.se/libcurl/c/libcurl-errors.html).
  init(_ code: CURLcode, wasSent: Bool) {
    switch code {
    case CURLE_URL_MALFORMAT: self = .badURL
    // Also what libcurl says of an answer that is no HTTP.
    case CURLE_UNSUPPORTED_PROTOCOL: self = wasSent ? .cut : .badURL
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .nameNotResolved
    case CURLE_COULDNT_CONNECT: self = .refused
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_INITFAILED,
      CURLE_USE_SSL_FAILED:
      self = .tls
    case CURLE_OPERATION_TIMEDOUT: self = .timeout
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      self = .cut
    default: self = .other
    }
  }
}
