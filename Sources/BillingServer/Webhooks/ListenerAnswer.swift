import Basics
import BillingCore
import HTTPTypes
import Hummingbird
import NIOCore

/// What is answered to one request, with what the log says of it.
struct ListenerAnswer: Sendable {
  var status: Int
  var body: String
  var headers: HTTPFields = [.contentType: "application/json"]
  var eventID: String?
  var eventType: String?
  /// In a word: `kept`, `duplicate`, `too_old`.
  var result: String?

  init(_ status: Int, _ json: JSON) {
    self.status = status
    body = json.compact + "\n"
  }

  static func refused(_ status: Int, _ code: String, _ message: String) -> ListenerAnswer {
    var answer = ListenerAnswer(
      status, ["error": ["code": .string(code), "message": .string(message)]])
    answer.result = code
    return answer
  }

  static func rejected(_ reason: DeliveryRejection, _ message: String) -> ListenerAnswer {
    var answer = refused(reason.status, reason.rawValue, message)
    if reason == .tooLarge { answer.headers[.connection] = "close" }
    if reason == .notKept { answer.headers[.retryAfter] = "5" }
    return answer
  }

  static func wrongMethod(allowed: HTTPRequest.Method) -> ListenerAnswer {
    var answer = refused(
      405, "method_not_allowed", "only \(allowed.rawValue) is understood here")
    answer.headers[.allow] = allowed.rawValue
    return answer
  }

  static func taken(_ receipt: EventReceipt) -> ListenerAnswer {
    let result =
      switch receipt {
      case .kept: "kept"
      case .again, .settled(.duplicate): "duplicate"
      case .settled(.conflict): "conflict"
      case .settled(.otherMode): "other_mode"
      case .settled(.processed), .settled(.ignored), .settled(.failed): "known"
      }
    var answer = ListenerAnswer(200, ["received": true, "result": .string(result)])
    answer.result = result
    return answer
  }

  static func metrics(_ text: String) -> ListenerAnswer {
    var answer = ListenerAnswer(200, .null)
    answer.body = text
    answer.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
    return answer
  }

  var response: Response {
    Response(
      status: HTTPResponse.Status(code: status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }
}
