/**
 * The schema, step by step. A step that was released is never changed; each runs whole or not at all. The indexes of
 * `visitor` are named in turn with and without `_b`, for publishing a model builds that table anew: name both.
 */

export const MIGRATIONS: readonly string[] = [
  `
  -- The number of a site that was removed is not given again: ids of events are known by it.
  CREATE TABLE site (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE secret_key (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    site TEXT,
    label TEXT NOT NULL,
    hint TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE model (
    version INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    published_at INTEGER NOT NULL
  ) STRICT;

  -- seq is shared with transition and with visitor.changed: one order for all that can be read as it happens.
  -- A row holds what one visitor did in one commit, in short; seq is that of the last event of it.
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    visitor INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX event_visitor ON event (visitor);

  -- Texts that many share.
  CREATE TABLE term (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;

  -- Hashes of the event ids in the log up to up_to, in runs; a slot holds those that begin with the same ten bits.
  CREATE TABLE id_run (n INTEGER PRIMARY KEY, level INTEGER NOT NULL, up_to INTEGER NOT NULL) STRICT;
  CREATE TABLE id_slot (
    run INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    keys BLOB NOT NULL,
    PRIMARY KEY (run, slot)
  ) STRICT;

  -- A visitor merged into another keeps its row and its events: root leads to the survivor, and undoing is possible.
  CREATE TABLE visitor (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    site INTEGER NOT NULL,
    root INTEGER,
    user TEXT,
    email TEXT,
    state BLOB,
    heat REAL,
    stage TEXT,
    qualification TEXT,
    grade TEXT,
    account TEXT,
    label TEXT,
    last_seen INTEGER,
    stage_since INTEGER,
    due INTEGER,
    changed INTEGER
  ) STRICT;
  CREATE INDEX visitor_heat ON visitor (heat DESC) WHERE root IS NULL;
  CREATE INDEX visitor_last_seen ON visitor (last_seen DESC) WHERE root IS NULL;
  CREATE INDEX visitor_changed ON visitor (changed);
  CREATE INDEX visitor_due ON visitor (due) WHERE due IS NOT NULL;
  CREATE INDEX visitor_root ON visitor (root) WHERE root IS NOT NULL;

  CREATE TABLE name (
    site INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    visitor INTEGER NOT NULL,
    PRIMARY KEY (site, kind, value)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE merge (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    source INTEGER NOT NULL,
    target INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE transition (
    seq INTEGER PRIMARY KEY,
    visitor INTEGER NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    rule TEXT NOT NULL,
    event TEXT,
    score REAL NOT NULL,
    model INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX transition_visitor ON transition (visitor, at);

  CREATE TABLE rejected (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    site TEXT,
    id TEXT,
    code TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE TABLE rejected_count (code TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- When a merge was taken back, and the place of that in the order of all that happened.
  ALTER TABLE merge ADD COLUMN undone_at INTEGER;
  ALTER TABLE merge ADD COLUMN undone INTEGER;
  CREATE INDEX merge_source ON merge (source);
  CREATE INDEX merge_target ON merge (target);
  `,
  `
  -- The heat without penalties, of those who belong to a company: what they can add to it at most.
  ALTER TABLE visitor ADD COLUMN warmth REAL;
  CREATE INDEX visitor_account ON visitor (account, warmth DESC, site) WHERE root IS NULL AND account IS NOT NULL;
  `,
  `
  CREATE TABLE model_version (
    version INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    author TEXT NOT NULL,
    approver TEXT,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER
  ) STRICT;
  INSERT INTO model_version
    SELECT version, iif(version = (SELECT max(version) FROM model), 'published', 'retired'), document, '', NULL, '',
      published_at, published_at FROM model;
  DROP TABLE model;
  ALTER TABLE model_version RENAME TO model;
  CREATE UNIQUE INDEX model_published ON model (state) WHERE state = 'published';

  -- 'live': something happened, or time passed. 'model': another model was published, and nobody is to be told.
  ALTER TABLE transition ADD COLUMN cause TEXT NOT NULL DEFAULT 'live';
  `,
  `
  -- How many visitors there are of each kind: what reports are read from. The sum of what contribution.ts gives for
  -- each visitor, but for 'move', which counts transitions as they were recorded.
  CREATE TABLE aggregate (
    site INTEGER NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    outcome TEXT NOT NULL,
    day INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (site, kind, what, outcome, day)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What is left of the erased: a hash of each name, under a key that is not in this file.
  CREATE TABLE tombstone (mark TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  -- All names of somebody, to be erased with them.
  CREATE INDEX name_visitor ON name (visitor);
  -- The last erasure keeps its place in the order of all that happened, so that no number is given twice.
  -- tidy: the bytes of what was erased are gone from the file too.
  CREATE TABLE erasure (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, tidy INTEGER NOT NULL) STRICT;
  `,
  `
  -- Who did what, and to whom: of people no more than a hash, so that an entry outlives them.
  CREATE TABLE audit (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    site TEXT,
    subject TEXT,
    detail TEXT
  ) STRICT;
  CREATE INDEX audit_subject ON audit (subject, n) WHERE subject IS NOT NULL;
  `,
  `
  -- Where hand-offs go. What must stay secret of it is sealed.
  CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    site TEXT,
    types TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    sealed TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- The outbox: written with the transition it tells of. One row however many webhooks want it.
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    visitor INTEGER NOT NULL,
    type TEXT NOT NULL,
    handoff TEXT,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX message_handoff ON message (visitor, handoff, at) WHERE handoff IS NOT NULL;

  CREATE TABLE delivery (
    message INTEGER NOT NULL,
    webhook TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    tried_at INTEGER,
    outcome TEXT,
    PRIMARY KEY (webhook, message)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_due ON delivery (webhook, due_at) WHERE state = 'pending';
  CREATE INDEX delivery_message ON delivery (message);
  CREATE INDEX delivery_done ON delivery (tried_at) WHERE state = 'delivered';

  CREATE INDEX transition_lead ON transition (seq, at) WHERE what = 'qualification' AND target IN ('mql', 'sql');

  -- What sales said, beside the log for the reports: which event, of whom.
  CREATE TABLE feedback (
    visitor INTEGER NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (visitor, at, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- To the minute or so: a key is not worth a write per request.
  ALTER TABLE secret_key ADD COLUMN last_used_at INTEGER;
  `,
  `
  -- All that others were told of somebody: to be shown with what they did, and to be erased with them.
  CREATE INDEX message_visitor ON message (visitor);
  `,
  `
  -- Who came to their stage last, without sorting everybody.
  CREATE INDEX visitor_stage_since ON visitor (stage_since DESC) WHERE root IS NULL;
  -- A sight tells now whether it is the person's first: counted anew at the start, by the states of visitors.
  DELETE FROM aggregate WHERE kind <> 'move';
  `,
]
