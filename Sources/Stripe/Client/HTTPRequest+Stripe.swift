private import Basics

extension HTTPRequest {
  /// The request as Stripe reads it: parameters in the query or the form, and its headers.
  init(
    _ request: StripeRequest, _ configuration: StripeClient.Configuration
  ) throws(StripeError) {
    guard let base = BaseURL(configuration.baseURL) else {
      throw .notReached(
        TransportError(
          kind: .badURL, mayHaveReachedServer: false,
          detail: "the base address is not of the form https://HOST or https://HOST:PORT"))
    }
    guard base.isSecure || base.isLoopback else { throw .invalidRequest(.insecureBase) }
    guard request.path.isValid else { throw .invalidRequest(.path) }

    var headers = HTTPHeaders()
    if let key = configuration.key { headers["Authorization"] = "Bearer \(key.secret.reveal())" }
    headers["Stripe-Version"] = configuration.apiVersion
    headers["User-Agent"] = configuration.userAgent
    headers["Accept"] = "application/json"

    var url = base.text + request.path.description
    var body: [UInt8] = []
    let form = FormEncoding.encode(request.parameters)
    switch request.method {
    case .get, .delete:
      if !form.isEmpty { url += "?" + form }
    case .post:
      body = Array(form.utf8)
      headers["Content-Type"] = "application/x-www-form-urlencoded"
      headers["Idempotency-Key"] = (request.idempotencyKey ?? .random()).text
    }
    self.init(
      method: request.method, url: url, headers: headers, body: body,
      timeoutSeconds: configuration.timeoutSeconds)
  }
}
