/**
 * The schema on PostgreSQL, step by step. A step that was released is never changed; each runs whole or not at all, and
 * while collectors of the version before are still at work: it may add, and never take away what they use.
 *
 * Every table that grows with the traffic has `shard` first in its key, so that an engine which spreads PostgreSQL over
 * many machines can spread these. The number of a visitor holds its shard (`n % 1024`), so a reference is one number.
 */

/** Numbers in a block of places in the log; see `begin_group`. */
export const BLOCK = 65_536
/** Numbers of visitors that a collector takes at once. */
export const HANDFUL = 256
/** An advisory lock: shared by every transaction that writes to the log; whoever takes it alone has waited for them all. */
export const ALL_GROUPS = 5_065_484
/** Shards; never to be changed. */
export const SHARDS = 1024

export const STEPS: readonly string[] = [
  `
  -- The number of a site that was removed is not given again: ids of events are known by it.
  CREATE TABLE site (
    n integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    key text NOT NULL UNIQUE,
    settings text NOT NULL,
    created_at bigint NOT NULL
  );

  CREATE TABLE secret_key (
    id text PRIMARY KEY,
    kind text NOT NULL,
    site text,
    label text NOT NULL,
    hint text NOT NULL,
    hash text NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    last_used_at bigint
  );

  CREATE TABLE model (
    version integer PRIMARY KEY,
    state text NOT NULL,
    document text NOT NULL,
    author text NOT NULL,
    approver text,
    reason text NOT NULL,
    created_at bigint NOT NULL,
    published_at bigint
  );
  CREATE UNIQUE INDEX model_published ON model (state) WHERE state = 'published';

  -- The log: a row holds what one visitor did in one commit, in the same binary form as on SQLite; seq is the place of
  -- the last event of it. Places are shared with transition, merge and visitor.changed. month counts from the year 0.
  CREATE TABLE event (
    shard smallint NOT NULL,
    visitor bigint NOT NULL,
    seq bigint NOT NULL,
    month integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (shard, visitor, seq, month)
  ) PARTITION BY RANGE (month);
  CREATE TABLE event_other PARTITION OF event DEFAULT;
  CREATE INDEX event_seq ON event (seq);

  -- Which ids of events are in the log: hash is 64 bits of a digest, and the shard is made from it, for an id is known to
  -- a site whoever sends it.
  CREATE TABLE event_id (
    shard smallint NOT NULL,
    site integer NOT NULL,
    hash bigint NOT NULL,
    PRIMARY KEY (shard, site, hash)
  );

  -- A row for each version of the model that is at work or being built: publishing is one update of model. A visitor
  -- merged into another keeps its rows and its events: root leads to the survivor, and undoing is possible.
  CREATE TABLE visitor (
    shard smallint NOT NULL,
    n bigint NOT NULL,
    version integer NOT NULL,
    id text NOT NULL,
    site integer NOT NULL,
    root bigint,
    user_id text,
    email text,
    state bytea,
    heat double precision,
    warmth double precision,
    stage text,
    qualification text,
    grade text,
    account text,
    label text,
    last_seen bigint,
    stage_since bigint,
    due bigint,
    changed bigint NOT NULL,
    PRIMARY KEY (shard, n, version)
  ) PARTITION BY LIST (version);
  CREATE INDEX visitor_id ON visitor (id);
  CREATE INDEX visitor_heat ON visitor (heat DESC NULLS LAST) WHERE root IS NULL;
  CREATE INDEX visitor_last_seen ON visitor (last_seen DESC NULLS LAST) WHERE root IS NULL;
  CREATE INDEX visitor_changed ON visitor (changed);
  CREATE INDEX visitor_due ON visitor (due) WHERE due IS NOT NULL;
  CREATE INDEX visitor_root ON visitor (root) WHERE root IS NOT NULL;
  CREATE INDEX visitor_account ON visitor (account, warmth DESC NULLS LAST, site) WHERE root IS NULL AND account IS NOT NULL;

  -- Which name leads to whom; shard is that of the name.
  CREATE TABLE name (
    shard smallint NOT NULL,
    site integer NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    visitor bigint NOT NULL,
    PRIMARY KEY (shard, site, kind, value)
  );
  CREATE INDEX name_visitor ON name (visitor);

  -- When a merge was taken back, and the place of that. shard is that of the target.
  CREATE TABLE merge (
    shard smallint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    source bigint NOT NULL,
    target bigint NOT NULL,
    undone_at bigint,
    undone bigint,
    PRIMARY KEY (shard, seq)
  );
  CREATE INDEX merge_source ON merge (source);
  CREATE INDEX merge_target ON merge (target);

  -- cause: 'live', or 'model' where another model was published.
  CREATE TABLE transition (
    shard smallint NOT NULL,
    visitor bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    what text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    rule text NOT NULL,
    event text,
    score double precision NOT NULL,
    model integer NOT NULL,
    cause text NOT NULL DEFAULT 'live',
    PRIMARY KEY (shard, visitor, seq)
  );
  CREATE INDEX transition_seq ON transition (seq);
  CREATE INDEX transition_lead ON transition (seq, at) WHERE what = 'qualification' AND target IN ('mql', 'sql');

  -- What sales said, beside the log for the reports: which event, of whom.
  CREATE TABLE feedback (
    shard smallint NOT NULL,
    visitor bigint NOT NULL,
    at bigint NOT NULL,
    seq bigint NOT NULL,
    verdict text NOT NULL,
    PRIMARY KEY (shard, visitor, at, seq)
  );

  -- Counts that reports are read from, under each version of the model; 'move' counts what was recorded, under version 0.
  -- lane: each collector adds to rows of its own, or all would wait for each other; a count is the sum over the lanes.
  CREATE TABLE aggregate (
    version integer NOT NULL,
    site integer NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    outcome text NOT NULL,
    day integer NOT NULL,
    lane smallint NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (version, site, kind, day, what, outcome, lane)
  );

  CREATE TABLE rejected (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    site text,
    id text,
    code text NOT NULL,
    message text NOT NULL
  );
  CREATE TABLE rejected_count (
    code text NOT NULL,
    lane smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (code, lane)
  );

  -- What is left of the erased: a hash of each name, under a key that whoever has this database alone cannot open. n only
  -- grows: who has read up to it knows them all.
  CREATE TABLE tombstone (
    mark text PRIMARY KEY,
    n bigint GENERATED ALWAYS AS IDENTITY
  );
  CREATE INDEX tombstone_n ON tombstone (n);
  -- That key, sealed under the secret that all collectors share. One row.
  CREATE TABLE tombstone_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), sealed text NOT NULL);

  -- Who did what, and to whom: of people no more than a hash, so that an entry outlives them.
  CREATE TABLE audit (
    n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    site text,
    subject text,
    detail text
  );
  CREATE INDEX audit_subject ON audit (subject, n) WHERE subject IS NOT NULL;

  -- Where hand-offs go. What must stay secret of it is sealed.
  CREATE TABLE webhook (
    id text PRIMARY KEY,
    kind text NOT NULL,
    label text NOT NULL,
    site text,
    types text NOT NULL,
    state text NOT NULL,
    reason text,
    sealed text NOT NULL,
    created_at bigint NOT NULL
  );

  -- The outbox: written with the transition it tells of. One row however many webhooks want it.
  CREATE TABLE message (
    shard smallint NOT NULL,
    seq bigint NOT NULL,
    id text NOT NULL,
    visitor bigint NOT NULL,
    type text NOT NULL,
    handoff text,
    at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (shard, seq)
  );
  CREATE INDEX message_seq ON message (seq);
  CREATE INDEX message_id ON message (id);
  CREATE INDEX message_visitor ON message (visitor, handoff, at);

  CREATE TABLE delivery (
    shard smallint NOT NULL,
    message bigint NOT NULL,
    webhook text NOT NULL,
    state text NOT NULL,
    due_at bigint NOT NULL,
    leased_until bigint NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    tried_at bigint,
    outcome text,
    PRIMARY KEY (shard, message, webhook)
  );
  CREATE INDEX delivery_due ON delivery (webhook, due_at) WHERE state = 'pending';
  CREATE INDEX delivery_done ON delivery (tried_at) WHERE state = 'delivered';
  CREATE INDEX delivery_webhook ON delivery (webhook, message);

  -- How visitors differ under a version that is being built: becomes a transition when it is published.
  CREATE TABLE model_move (
    shard smallint NOT NULL,
    visitor bigint NOT NULL,
    stage text NOT NULL,
    qualification text NOT NULL,
    to_stage text NOT NULL,
    to_qualification text NOT NULL,
    score double precision NOT NULL,
    PRIMARY KEY (shard, visitor)
  );

  -- What only one collector may do at a time, and until when it has said that it does.
  CREATE TABLE lease (
    name text PRIMARY KEY,
    holder text NOT NULL,
    until bigint NOT NULL
  );

  -- Of a day on which visitors are named by what their browser tells: not written to the log of the server, and gone with it.
  CREATE UNLOGGED TABLE day_secret (day integer PRIMARY KEY, secret bytea NOT NULL);
  -- What may be used once and was.
  CREATE TABLE spent (hash text PRIMARY KEY, until bigint NOT NULL);
  -- How work stands that takes longer than an answer should.
  CREATE TABLE job (id text PRIMARY KEY, document text NOT NULL, until bigint NOT NULL);

  -- Places in the log are given in blocks, one to each transaction, so that no two wait for each other. They are not
  -- committed in their order: 'settled' tells up to where nothing can appear any more. Whoever takes a block first locks
  -- the number before it, until the end of the transaction: all blocks up to the least number locked are settled.
  CREATE SEQUENCE block;
  -- Numbers of visitors, before their shard: given in handfuls, for a visitor's number must stay below 2 ^ 53 for ever.
  CREATE SEQUENCE visitor_place INCREMENT BY ${HANDFUL};
  CREATE FUNCTION begin_group(OUT block bigint, OUT version integer, OUT tombstones bigint) LANGUAGE plpgsql AS $$
  BEGIN
    -- All that follows is done by keys: no plan made while the tables were small may read through them.
    PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);
    -- Who publishes a model takes this alone, and so waits for those who still work by the last one.
    PERFORM pg_advisory_xact_lock_shared(${ALL_GROUPS});
    PERFORM pg_advisory_xact_lock_shared((5065485::bigint << 40) + (SELECT last_value - (NOT is_called)::integer FROM block));
    block := nextval('block');
    SELECT m.version INTO version FROM model m WHERE m.state = 'published';
    SELECT coalesce(max(t.n), 0) INTO tombstones FROM tombstone t;
  END $$;
  CREATE FUNCTION settled() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
  DECLARE
    last bigint;
    first bigint;
  BEGIN
    SELECT last_value - (NOT is_called)::integer INTO last FROM block;
    SELECT min(((l.classid::bigint << 32) | l.objid::bigint) - (5065485::bigint << 40)) INTO first FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND (l.classid::bigint >> 8) = 5065485
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN (least(last, coalesce(first, last)) + 1) * ${BLOCK} - 1;
  END $$;
  `,
  `
  -- Who came to their stage last, without sorting everybody.
  CREATE INDEX visitor_stage_since ON visitor (stage_since DESC NULLS LAST) WHERE root IS NULL;
  `,
  `
  -- Which collector has it under way.
  ALTER TABLE delivery ADD COLUMN holder integer;
  CREATE INDEX delivery_held ON delivery (holder) WHERE holder IS NOT NULL;
  `,
  `
  -- The same as begin_group(), with what else a transaction asks first: the numbers of these sites, in their order and
  -- with gaps for those that are not there, and whether any webhook wants to be told.
  CREATE FUNCTION begin_group(wanted text[], OUT block bigint, OUT version integer, OUT tombstones bigint,
    OUT sites text, OUT hears boolean) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);
    PERFORM pg_advisory_xact_lock_shared(${ALL_GROUPS});
    PERFORM pg_advisory_xact_lock_shared((5065485::bigint << 40) + (SELECT last_value - (NOT is_called)::integer FROM block));
    block := nextval('block');
    -- Only now, as of the time when the locks were had.
    SELECT m.version, (SELECT coalesce(max(t.n), 0) FROM tombstone t), (
        SELECT string_agg(coalesce(s.n::text, ''), ' ' ORDER BY w.place)
        FROM unnest(wanted) WITH ORDINALITY AS w (name, place) LEFT JOIN site s ON s.name = w.name
      ), EXISTS (SELECT FROM webhook h WHERE h.state = 'on')
      INTO version, tombstones, sites, hears FROM model m WHERE m.state = 'published';
  END $$;
  `,
]
