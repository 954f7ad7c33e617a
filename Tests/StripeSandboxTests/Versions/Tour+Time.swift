extension Tour {
  /// Test clocks.
  static let time = """
    POST /v1/test_helpers/test_clocks frozen_time=1795168800 > clock
    GET /v1/test_helpers/test_clocks
    GET /v1/test_helpers/test_clocks/{clock}
    POST /v1/test_helpers/test_clocks/{clock}/advance frozen_time=1795255200
    GET /v1/test_helpers/test_clocks/{clock}
    POST /v1/customers test_clock={clock} > timed
    GET /v1/customers/{timed}
    wait 60
    DELETE /v1/test_helpers/test_clocks/{clock}
    """
}
