/// What a customer whose card was refused can do about it.
package enum DeclineAdvice: String, Sendable, Hashable, CaseIterable {
  case askBank = "ask_bank"
  case overLimit = "over_limit"
  case newCard = "new_card"
  case otherCard = "other_card"
  case correct = "correct_details"
  case confirm
  case later
  case revoked
  case twice

  /// For the customer's eyes: says nothing of a suspicion, and blames nobody.
  package var sentence: String {
    switch self {
    case .askBank:
      "Your bank declined the payment. Please ask your bank, or pay with another card."
    case .overLimit:
      """
      Your card does not cover this payment at the moment. Please see to its balance or its limit, \
      or pay with another card.
      """
    case .newCard: "Your card has expired. Please enter a new one."
    case .otherCard: "This card cannot be used for this payment. Please pay with another one."
    case .correct: "The details of your card were not accepted. Please enter the card again."
    case .confirm: "Your bank asks you to confirm the payment. Please open it and confirm it."
    case .later:
      """
      Your bank could not process the payment just now. It will be tried again; you can also pay \
      with another card.
      """
    case .revoked:
      """
      Your bank was told to stop this payment. Please enter another card, or tell us that you want \
      to end your subscription.
      """
    case .twice:
      """
      Your bank took this for a repetition of a payment made a moment ago. Please see whether you \
      have paid already.
      """
    }
  }
}
