extension Tour {
  /// Products, prices, meters, features, coupons and promotion codes.
  static let catalogue = """
    GET /v1/account
    GET /v1/balance
    POST /v1/products name=Pro&unit_label=user > product
    POST /v1/products id=gone&name=Gone
    POST /v1/products/{product} description=x
    GET /v1/products
    DELETE /v1/products/gone
    POST /v1/prices product={product}&currency=usd&unit_amount=1900&recurring[interval]=month > monthly
    POST /v1/prices product={product}&currency=usd&unit_amount=19000&recurring[interval]=year > yearly
    POST /v1/prices product={product}&currency=usd&unit_amount=500 > once
    POST /v1/products/{product} default_price={monthly}
    GET /v1/products/{product}
    POST /v1/prices/{monthly} nickname=Monthly
    GET /v1/prices
    GET /v1/prices/{monthly}
    POST /v1/billing/meters display_name=Calls&event_name=calls&default_aggregation[formula]=sum > meter
    POST /v1/billing/meters/{meter} display_name=More
    POST /v1/billing/meters/{meter}/deactivate
    POST /v1/billing/meters/{meter}/reactivate
    GET /v1/billing/meters
    GET /v1/billing/meters/{meter}
    POST /v1/prices product={product}&currency=usd&unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered&recurring[meter]={meter} > metered
    GET /v1/prices/{metered}
    GET /v1/plans
    GET /v1/plans/{monthly}
    POST /v1/entitlements/features lookup_key=sso&name=SSO > feature
    POST /v1/entitlements/features/{feature} name=Single
    GET /v1/entitlements/features
    GET /v1/entitlements/features/{feature}
    POST /v1/products/{product}/features entitlement_feature={feature} > attached
    GET /v1/products/{product}/features
    GET /v1/products/{product}/features/{attached}
    DELETE /v1/products/{product}/features/{attached}
    POST /v1/products/{product}/features entitlement_feature={feature}
    POST /v1/coupons id=ten&percent_off=10&duration=forever
    POST /v1/coupons id=gone&amount_off=500&currency=usd&duration=repeating&duration_in_months=3
    POST /v1/coupons/ten name=Ten
    GET /v1/coupons
    GET /v1/coupons/ten
    DELETE /v1/coupons/gone
    <basil POST /v1/promotion_codes coupon=ten&code=TEN > code
    >=basil POST /v1/promotion_codes promotion[type]=coupon&promotion[coupon]=ten&code=TEN > code
    POST /v1/promotion_codes/{code} metadata[a]=b
    GET /v1/promotion_codes
    GET /v1/promotion_codes/{code}
    """
}
