extension Migrations {
  static let usageReports = """
    -- What Stripe was told of usage: each call is written down, with the identifier by which Stripe
    -- knows it again, before it is sent. What failed counts for nothing and is told anew.
    CREATE TABLE usage_reports (
      number INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE CHECK (identifier <> ''),
      customer TEXT NOT NULL, meter TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('meter_event', 'usage_record')),
      target TEXT NOT NULL, parameters TEXT NOT NULL,
      covers_from INTEGER NOT NULL, covers_to INTEGER NOT NULL,
      value INTEGER NOT NULL CHECK (value >= 0), at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'failed')), error TEXT,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      CHECK (covers_from < covers_to), CHECK ((state = 'failed') = (error IS NOT NULL))
    ) STRICT;
    CREATE INDEX usage_reports_customer ON usage_reports (customer, meter, at);
    CREATE INDEX usage_reports_open ON usage_reports (number) WHERE state = 'prepared';

    CREATE INDEX invoices_drafts ON invoices (customer) WHERE status = 'draft';
    """
}
