import Basics
private import Foundation

/// Money, days and numbers as people of a language write them; exact, by Unicode's tables.
struct LocalWords: Sendable {
  private let locale: Locale

  /// - Parameter language: `en`, `de`, `pt-BR`.
  init(language: String) { locale = Locale(identifier: language) }

  /// `$1,900.00`, `1.900,00 €`.
  ///
  /// - Parameter minor: in minor units of the currency.
  func money(_ minor: Int64, _ currency: String) -> String {
    let decimals = Currency.decimals(of: currency)
    let amount = Decimal(
      sign: minor < 0 ? .minus : .plus, exponent: -decimals, significand: Decimal(minor.magnitude))
    return amount.formatted(
      .currency(code: currency.uppercased()).precision(.fractionLength(decimals)).locale(locale))
  }

  /// `November 20, 2026`, in UTC, by which Stripe bills.
  func day(_ moment: Timestamp) -> String {
    let date = Date(timeIntervalSince1970: TimeInterval(moment.seconds))
    let style = Date.FormatStyle(
      date: .long, time: .omitted, locale: locale, calendar: Calendar(identifier: .gregorian),
      timeZone: .gmt)
    return date.formatted(style)
  }

  /// `1,000,000`.
  func number(_ value: Int64) -> String { value.formatted(.number.locale(locale)) }
}
