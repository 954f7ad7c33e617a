extension Migrations {
  /// Keys, tokens and entitlements kept their idempotency keys in columns of their own, which stay
  /// empty from here on. What stands there is told by `kept_answers` like all the rest; of two that
  /// had the same key the first one has it.
  static let keptAnswers = """
    INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
    SELECT idempotency_key, iif(kind = 'consumed', 'tokens consume', 'tokens grant'),
      json_object('customer', customer, 'amount', abs(amount), 'reference', reference,
        'note', note),
      json_object('entry', id), created_at, created_at
    FROM token_entries WHERE idempotency_key IS NOT NULL ON CONFLICT DO NOTHING;

    INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
    SELECT idempotency_key,
      COALESCE(iif(json_valid(meaning), json_extract(meaning, '$.command'), NULL), 'apikey'),
      meaning, json_object('id', id), created_at, created_at
    FROM api_keys WHERE idempotency_key IS NOT NULL ON CONFLICT DO NOTHING;

    INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
    SELECT revocation_key, 'apikey revoke', json_object('id', id), json_object('id', id),
      updated_at, updated_at
    FROM api_keys WHERE revocation_key IS NOT NULL ON CONFLICT DO NOTHING;

    INSERT INTO kept_answers (key, command, meaning, answer, created_at, updated_at)
    SELECT idempotency_key,
      COALESCE(iif(json_valid(meaning), json_extract(meaning, '$.command'), NULL), 'entitlement'),
      meaning, json_object('id', id), created_at, created_at
    FROM own_entitlements WHERE idempotency_key IS NOT NULL ON CONFLICT DO NOTHING;
    """
}
