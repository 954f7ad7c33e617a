extension Migrations {
  /// What is written with every event, without what nobody needs.
  static let fastWrites = """
    -- The rules of three columns in other words: for more than two values `IN` makes a table of its
    -- own at each row that is written. What is stored stays, so that the text is all that changes,
    -- as https://sqlite.org/lang_altertable.html describes in section 7.
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(replace(sql,
        'status IN (''pending'', ''processed'', ''ignored'', ''failed'')',
        'status = ''pending'' OR status = ''processed'' OR status = ''ignored'' OR status = ''failed'''),
        'verdict IN (''verified'', ''trusted'', ''unverified'')',
        'verdict = ''verified'' OR verdict = ''trusted'' OR verdict = ''unverified''')
      WHERE type = 'table' AND name = 'events';
    UPDATE sqlite_schema SET sql = replace(sql,
        'origin IN (''response'', ''event'', ''page'')',
        'origin = ''response'' OR origin = ''event'' OR origin = ''page''')
      WHERE type = 'table' AND name = 'objects';
    PRAGMA writable_schema = RESET;

    -- Nearly every event is processed and stays so, and nobody looks those up by their state. (With
    -- this, other connections read the schema anew.)
    DROP INDEX events_status;
    CREATE INDEX events_status ON events (status, created) WHERE status <> 'processed';
    -- Events of one second stand in the order in which they came.
    DROP INDEX events_created;
    CREATE INDEX events_created ON events (created);
    """
}
