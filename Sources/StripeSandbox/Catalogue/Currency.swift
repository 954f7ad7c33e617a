import Basics

/// The currencies that Stripe takes payments in.
enum Currency {
  static let codes = Set(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp \
    byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip \
    gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd \
    kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok \
    npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos \
    srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer \
    zar zmw
    """.split(separator: " "))

  /// The code in lower case.
  static func checked(_ code: String, parameter: String) throws -> String {
    let currency = code.lowercased()
    guard codes.contains(Substring(currency)) else {
      throw SandboxError.invalid(
        """
        Invalid currency: \(code). Stripe currently supports these currencies: \
        \(codes.sorted().joined(separator: ", "))
        """, parameter: parameter)
    }
    return currency
  }
}
