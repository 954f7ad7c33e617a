/// The names that a catalogue gives: of plans, meters, limits, features, packages.
enum CatalogueID {
  static let maximumLength = 40

  static func isValid(_ text: String) -> Bool {
    guard let first = text.utf8.first, isSmallLetter(first) else { return false }
    return text.utf8.count <= maximumLength
      && text.utf8.allSatisfy {
        isSmallLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
  }

  private static func isSmallLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  static func mistake(_ text: String) -> String {
    """
    an id is 1 to \(maximumLength) characters: a small letter, then small letters, digits, - and _; \
    "\(YAMLNode.shown(text))" is none
    """
  }
}

/// Exact decimals as texts, so that no floating point comes near money.
package enum DecimalText {
  /// The shortest text of the same decimal (`0.050` → `0.05`); nil for what is none, is negative,
  /// or has more than 12 digits before or after the point, Stripe's limit.
  package static func normalized(_ text: String) -> String? {
    guard let match = text.wholeMatch(of: /\+?([0-9]{0,12})(?:\.([0-9]{1,12}))?/)?.output,
      match.1.count + (match.2?.count ?? 0) > 0
    else { return nil }
    let whole = match.1.drop { $0 == "0" }
    var fraction = match.2 ?? ""
    while fraction.last == "0" { fraction.removeLast() }
    return (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : ".\(fraction)")
  }
}

/// The currencies that Stripe takes (https://docs.stripe.com/currencies).
package enum Currency {
  private static let known = Set(
    """
    usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn \
    bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf \
    gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr \
    lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen \
    pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd \
    top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
    """.split(separator: " ").map(String.init))

  package static func isKnown(_ code: String) -> Bool { known.contains(code) }

  /// Digits after the point (https://docs.stripe.com/currencies): none, three, else two. ISK and
  /// UGX have none any more, yet Stripe still counts them in hundredths.
  package static func decimals(of code: String) -> Int {
    switch code.lowercased() {
    case "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
      "xof", "xpf":
      0
    case "bhd", "jod", "kwd", "omr", "tnd": 3
    default: 2
    }
  }

  /// The largest amount of a price in minor units: eight digits, more for a few currencies of small
  /// units (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
  static func maximumAmount(_ code: String) -> Int64 {
    switch code {
    case "idr", "lbp": 999_999_999_999
    case "cop", "huf", "jpy": 9_999_999_999
    case "inr": 999_999_999
    default: 99_999_999
    }
  }
}
