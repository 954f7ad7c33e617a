import Basics
import Foundation
import Stripe
import Testing

@testable import billing

/// Every error that comes from below, with its code, exit code, words and hint.
@Suite(.tags(.unit)) struct ExplainableTests {
  private static func refusal(
    status: Int = 402, type: String = "card_error", code: String? = "card_declined",
    decline: String? = nil, message: String = "No.", parameter: String? = nil
  ) -> StripeError.Refusal {
    StripeError.Refusal(
      status: status, type: type, code: code, declineCode: decline, message: message,
      parameter: parameter, requestID: "req_1")
  }

  private static func transport(
    _ kind: TransportError.Kind
  ) -> TransportError {
    TransportError(kind: kind, mayHaveReachedServer: false, detail: "it said so")
  }

  private static let declined: any Error = StripeError.refused(
    refusal(decline: "insufficient_funds"))

  @Test(
    arguments: [
      (declined, "6 card_declined No. (insufficient_funds) | try another payment method"),
      (
        StripeError.refused(refusal(decline: "card_declined")),
        "6 card_declined No. | try another payment method"
      ),
      (
        StripeError.refused(refusal(code: "authentication_required")),
        """
        6 authentication_required No. | the customer has to confirm this payment on the invoice's page
        """
      ),
      (
        StripeError.refused(
          refusal(
            status: 400, type: "invalid_request_error", code: nil,
            parameter: "items[0][price]")),
        "6 invalid_request_error No. | Stripe names the parameter items[0][price]"
      ),
      (
        StripeError.refused(
          refusal(
            status: 404, type: "invalid_request_error",
            code: "resource_missing")), "6 resource_missing No. | "
      ),
      (
        StripeError.refused(refusal(status: 400, type: "idempotency_error", code: nil)),
        """
        6 idempotency_error No. | this --idempotency-key was used for another request; take another one
        """
      ),
      (
        StripeError.refused(refusal(code: "no", message: String(repeating: "a", count: 401))),
        "6 no \(String(repeating: "a", count: 400))… | "
      ),
      (
        StripeError.rateLimited(refusal(status: 429, code: "rate_limit")),
        """
        7 rate_limit Stripe asks to wait: No. | nothing was changed; run it again in a moment
        """
      ),
      (
        StripeError.notReached(transport(.refused)),
        """
        7 network Stripe was not reached: it said so | \
        nothing was changed; check the connection and run it again
        """
      ),
      (
        StripeError.notReached(transport(.nameNotResolved)),
        """
        7 network Stripe was not reached: it said so | \
        nothing was changed; check the connection and run it again
        """
      ),
      (
        StripeError.notReached(transport(.timeout)),
        """
        7 timeout Stripe did not answer in time: it said so | run it again, or raise --timeout
        """
      ),
      (
        StripeError.notReached(transport(.badURL)),
        "2 usage no such address: it said so | check --api-base and STRIPE_API_BASE"
      ),
      (StripeError.notReached(transport(.canceled)), "130 interrupted interrupted | "),
      (
        StripeError.noAnswer(StripeError.Failure(status: 500, detail: "500", requestID: "req_1")),
        "7 api_error no readable answer from Stripe: 500 | nothing was changed; run it again"
      ),
      (
        StripeError.noAnswer(StripeError.Failure(detail: "slow", isTimeout: true)),
        "7 timeout no readable answer from Stripe: slow | nothing was changed; run it again"
      ),
      (
        StripeError.outcomeUnknown(StripeError.Failure(detail: "the connection was cut")),
        """
        11 outcome_unknown it is not known whether Stripe carried this out: the connection was cut \
        | billing recover finds out and settles it
        """
      ),
      (StripeError.invalidRequest(.path), "2 usage an id that cannot stand in a path | "),
      (
        StripeError.invalidRequest(.insecureBase),
        """
        2 usage plain http is for loopback addresses only | use https in --api-base or STRIPE_API_BASE
        """
      ),
      (
        UsageError("no", suggestion: "--json", command: "x"),
        "2 usage no; did you mean --json? see billing x --help | "
      ),
      (CommandError.notFound("no customer x"), "4 not_found no customer x | "),
      (CommandError.conflict("frozen", "no"), "5 frozen no | "),
      (CommandError.partial("2 of 3 failed"), "10 partial 2 of 3 failed | "),
      (CommandError.drift("2 changes"), "10 drift 2 changes | "),
      (FileError(path: "a.csv", errno: ENOENT), "4 not_found a.csv: no such file | "),
      (FileError(path: "a.csv", errno: EIO), "1 storage a.csv: input/output error | "),
      (CancellationError(), "130 interrupted interrupted | "),
      (Unknown.thing, "1 internal thing | "),
    ] as [(any Error & Sendable, String)]) func words(_ error: any Error, _ expected: String)
  {
    let error = CommandError(explaining: error)
    #expect(
      "\(error.exit.rawValue) \(error.code) \(error.message) | \(error.hint ?? "")" == expected)
  }

  enum Unknown: Error { case thing }

  @Test func theRequestIDComesAlong() {
    #expect(CommandError(explaining: Self.declined).requestID == "req_1")
  }

  @Test func interruptions() {
    let error = CommandError("network", "no", hint: "again", exit: .unreachable)
    #expect(error.interrupted(by: nil) == error)
    #expect(
      error.interrupted(by: .interrupt)
        == CommandError(
          "interrupted", "interrupted; what is done is kept", exit: .interrupted))
    let unknown = CommandError(
      "outcome_unknown", "who knows", hint: "recover", exit: .outcomeUnknown)
    #expect(
      unknown.interrupted(by: .terminate)
        == CommandError("outcome_unknown", "who knows", hint: "recover", exit: .terminated))
  }
}
