extension Tour {
  /// Subscriptions whose terms change at a time that is set before.
  static let schedules = """
    <basil POST /v1/subscription_schedules customer={customer}&start_date=now&phases[0][items][0][price]={monthly}&phases[0][iterations]=1&phases[0][coupon]=ten&phases[1][items][0][price]={yearly} > schedule
    >=basil POST /v1/subscription_schedules customer={customer}&start_date=now&phases[0][items][0][price]={monthly}&phases[0][duration][interval]=month&phases[0][duration][interval_count]=1&phases[1][items][0][price]={yearly} > schedule
    POST /v1/subscription_schedules/{schedule} end_behavior=release
    GET /v1/subscription_schedules
    GET /v1/subscription_schedules/{schedule}
    POST /v1/subscription_schedules/{schedule}/release
    POST /v1/subscription_schedules customer={customer}&start_date=now&phases[0][items][0][price]={monthly} > schedule
    POST /v1/subscription_schedules/{schedule}/cancel
    """
}
