extension Migrations {
  /// Tokens are kept like money: every entry stays as it was written, follows from the one before
  /// it, and carries the balance along, whoever writes it.
  static let tokens = """
    -- Append-only: what was added to a customer's tokens and what was taken, in its order.
    CREATE TABLE token_entries (
      id INTEGER PRIMARY KEY, customer TEXT NOT NULL,
      kind TEXT NOT NULL
        CHECK (kind IN ('purchased', 'granted', 'consumed', 'refunded', 'expired')),
      amount INTEGER NOT NULL CHECK (amount <> 0),
      balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
      reference TEXT NOT NULL CHECK (reference <> ''), note TEXT, actor TEXT NOT NULL,
      idempotency_key TEXT UNIQUE, created INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK (kind = 'refunded' OR (kind IN ('purchased', 'granted')) = (amount > 0))
    ) STRICT;
    CREATE INDEX token_entries_customer ON token_entries (customer, id);
    -- Your references are one name space a customer; a payment is credited once.
    CREATE UNIQUE INDEX token_entries_reference ON token_entries (customer, reference)
      WHERE kind IN ('granted', 'consumed');
    CREATE UNIQUE INDEX token_entries_payment ON token_entries (reference)
      WHERE kind = 'purchased';

    CREATE TABLE token_balances (
      customer TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0),
      purchased INTEGER NOT NULL, granted INTEGER NOT NULL, consumed INTEGER NOT NULL,
      refunded INTEGER NOT NULL, expired INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK (balance = purchased + granted - consumed - refunded - expired)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER token_entries_stay BEFORE UPDATE ON token_entries
    BEGIN SELECT RAISE(ABORT, 'token entries are never changed'); END;
    CREATE TRIGGER token_entries_remain BEFORE DELETE ON token_entries
    BEGIN SELECT RAISE(ABORT, 'token entries are never deleted'); END;
    CREATE TRIGGER token_entries_follow BEFORE INSERT ON token_entries
    WHEN NEW.balance_after IS NOT NEW.amount
      + COALESCE((SELECT balance FROM token_balances WHERE customer = NEW.customer), 0)
    BEGIN SELECT RAISE(ABORT, 'a token entry does not follow from the balance'); END;
    CREATE TRIGGER token_entries_count AFTER INSERT ON token_entries
    BEGIN
      INSERT OR IGNORE INTO token_balances (customer, balance, purchased, granted, consumed,
        refunded, expired, created_at, updated_at)
      VALUES (NEW.customer, 0, 0, 0, 0, 0, 0, NEW.created_at, NEW.updated_at);
      UPDATE token_balances SET balance = balance + NEW.amount,
        purchased = purchased + iif(NEW.kind = 'purchased', NEW.amount, 0),
        granted = granted + iif(NEW.kind = 'granted', NEW.amount, 0),
        consumed = consumed - iif(NEW.kind = 'consumed', NEW.amount, 0),
        refunded = refunded - iif(NEW.kind = 'refunded', NEW.amount, 0),
        expired = expired - iif(NEW.kind = 'expired', NEW.amount, 0),
        updated_at = NEW.updated_at
      WHERE customer = NEW.customer;
    END;

    -- What is left of each credit, so that the oldest is used first and what lapses is known.
    CREATE TABLE token_lots (
      entry INTEGER PRIMARY KEY REFERENCES token_entries (id), customer TEXT NOT NULL,
      remaining INTEGER NOT NULL CHECK (remaining >= 0), expires_at INTEGER,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX token_lots_left ON token_lots (customer, entry) WHERE remaining > 0;

    -- Payments for packages of tokens: by the payment intent, or by the page where nothing was due.
    -- Without an entry nobody knows how many tokens were sold. Of what was refunded, `taken_back` is
    -- what could be taken from the balance, and `missed` what had been used.
    CREATE TABLE token_purchases (
      payment TEXT PRIMARY KEY, customer TEXT NOT NULL, package TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0), tokens INTEGER CHECK (tokens > 0),
      amount INTEGER NOT NULL CHECK (amount >= 0), currency TEXT NOT NULL,
      entry INTEGER UNIQUE REFERENCES token_entries (id), paid_at INTEGER NOT NULL,
      expires_at INTEGER, refunded_amount INTEGER NOT NULL DEFAULT 0 CHECK (refunded_amount >= 0),
      taken_back INTEGER NOT NULL DEFAULT 0 CHECK (taken_back >= 0),
      missed INTEGER NOT NULL DEFAULT 0 CHECK (missed >= 0),
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK (taken_back + missed <= COALESCE(tokens, 0)),
      CHECK (entry IS NULL OR tokens IS NOT NULL)
    ) STRICT;
    CREATE INDEX token_purchases_customer ON token_purchases (customer);
    CREATE INDEX token_purchases_unknown ON token_purchases (payment) WHERE entry IS NULL;

    -- By which payment a refund is found, whichever of the two was told first.
    CREATE INDEX refunds_payment_intent ON refunds (payment_intent)
      WHERE payment_intent IS NOT NULL;
    CREATE INDEX objects_charge_payment ON objects (json_extract(json, '$.payment_intent'))
      WHERE type = 'charge';
    """
}
