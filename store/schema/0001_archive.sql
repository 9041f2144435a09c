-- SPDX-License-Identifier: Apache-2.0
-- The archive. Times are milliseconds since 1970-01-01T00:00:00Z, durations milliseconds; a text that the API did not give is NULL.
-- docs/schema.md explains every column.

CREATE TABLE schema_migration (
  version    INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  applied_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE organisation (
  only_row      INTEGER PRIMARY KEY CHECK (only_row = 1),
  org_id        TEXT NOT NULL,
  created_ms    INTEGER NOT NULL,
  program       TEXT NOT NULL,
  tombstone_key BLOB NOT NULL CHECK (length(tombstone_key) = 32)
) STRICT;

-- Entities that the API names by an id. named_ms: the end of the latest task that gave the name, so that reading old tasks
-- later does not bring an old name back. Until a name is known it is the id.
CREATE TABLE queue (
  queue_key INTEGER PRIMARY KEY,
  queue_id  TEXT NOT NULL UNIQUE,
  name      TEXT NOT NULL,
  named_ms  INTEGER
) STRICT;
CREATE INDEX queue_name ON queue (name);

CREATE TABLE team (
  team_key INTEGER PRIMARY KEY,
  team_id  TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  named_ms INTEGER
) STRICT;

CREATE TABLE site (
  site_key INTEGER PRIMARY KEY,
  site_id  TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  named_ms INTEGER
) STRICT;

CREATE TABLE entry_point (
  entry_point_key INTEGER PRIMARY KEY,
  entry_point_id  TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  named_ms        INTEGER
) STRICT;

CREATE TABLE agent (
  agent_key INTEGER PRIMARY KEY,
  agent_id  TEXT NOT NULL UNIQUE,
  name      TEXT NOT NULL,
  named_ms  INTEGER
) STRICT;
CREATE INDEX agent_name ON agent (name);

CREATE TABLE customer (
  customer_key INTEGER PRIMARY KEY,
  name         TEXT,
  email        TEXT,
  phone        TEXT
) STRICT;
CREATE INDEX customer_email ON customer (email) WHERE email IS NOT NULL;
CREATE INDEX customer_phone ON customer (phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX customer_identity ON customer (coalesce(name, ''), coalesce(email, ''), coalesce(phone, ''));

CREATE TABLE task (
  task_key              INTEGER PRIMARY KEY,
  task_id               TEXT NOT NULL UNIQUE,
  channel               TEXT,
  channel_subtype       TEXT,
  status                TEXT,
  direction             TEXT,
  origin                TEXT,
  destination           TEXT,
  created_ms            INTEGER,
  ended_ms              INTEGER NOT NULL,
  last_activity_ms      INTEGER,
  duration_ms           INTEGER,
  connected_duration_ms INTEGER,
  queue_duration_ms     INTEGER,
  wrapup_duration_ms    INTEGER,
  queue_key             INTEGER REFERENCES queue,
  team_key              INTEGER REFERENCES team,
  site_key              INTEGER REFERENCES site,
  entry_point_key       INTEGER REFERENCES entry_point,
  agent_key             INTEGER REFERENCES agent,
  customer_key          INTEGER REFERENCES customer,
  wrapup_code_id        TEXT,
  wrapup_code           TEXT,
  termination_type      TEXT,
  termination_reason    TEXT,
  terminating_end       TEXT,
  contact_reason        TEXT,
  csat_score            INTEGER,
  transcript_state      TEXT NOT NULL DEFAULT 'pending'
                        CHECK (transcript_state IN ('pending', 'archived', 'unparsed', 'absent', 'failed')),
  first_seen_ms         INTEGER NOT NULL,
  changed_ms            INTEGER NOT NULL,
  other_members         TEXT CHECK (other_members IS NULL OR json_valid(other_members))
) STRICT;
CREATE UNIQUE INDEX task_ended ON task (ended_ms, task_id);
CREATE UNIQUE INDEX task_created ON task (created_ms, task_id);
CREATE INDEX task_state ON task (transcript_state, ended_ms);
CREATE INDEX task_queue ON task (queue_key, ended_ms);
CREATE INDEX task_agent ON task (agent_key, ended_ms);
CREATE INDEX task_customer ON task (customer_key) WHERE customer_key IS NOT NULL;

-- The tasks whose transcript is to be fetched. recheck: archived already. ended_ms is the task's own, so that one index gives the order of the work.
CREATE TABLE fetch_queue (
  task_key INTEGER PRIMARY KEY REFERENCES task ON DELETE CASCADE,
  ended_ms INTEGER NOT NULL,
  due_ms   INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  recheck  INTEGER NOT NULL DEFAULT 0 CHECK (recheck IN (0, 1))
) STRICT;
CREATE INDEX fetch_queue_order ON fetch_queue (ended_ms DESC, due_ms);
CREATE INDEX fetch_queue_due ON fetch_queue (due_ms);

-- Every version of every transcript. first_seq: the number in the conversation of its first message; NULL when it is not
-- current, being superseded or unparsed. format NULL: unparsed. The bytes stand last so that the rest is read without them.
CREATE TABLE transcript (
  transcript_key INTEGER PRIMARY KEY,
  task_key       INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  source         TEXT,
  provider       TEXT,
  capture_id     TEXT,
  file_name      TEXT,
  language       TEXT,
  started_ms     INTEGER,
  created_ms     INTEGER,
  fetched_ms     INTEGER NOT NULL,
  sha256         BLOB NOT NULL CHECK (length(sha256) = 32),
  format         TEXT,
  parse_error    TEXT,
  message_count  INTEGER NOT NULL CHECK (message_count >= 0),
  first_seq      INTEGER CHECK (first_seq >= 1),
  raw            BLOB NOT NULL,
  CHECK ((format IS NULL) = (parse_error IS NOT NULL)),
  CHECK (first_seq IS NULL OR format IS NOT NULL)
) STRICT;
CREATE INDEX transcript_task ON transcript (task_key, first_seq, message_count);

-- Derived from the bytes of the current transcripts.
CREATE TABLE participant (
  transcript_key INTEGER NOT NULL REFERENCES transcript ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  name           TEXT,
  role           TEXT,
  user_id        TEXT,
  PRIMARY KEY (transcript_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  message_key    INTEGER PRIMARY KEY,
  transcript_key INTEGER NOT NULL REFERENCES transcript ON DELETE CASCADE,
  seq            INTEGER NOT NULL CHECK (seq >= 0),
  message_id     TEXT,
  alias_id       TEXT,
  participant    INTEGER,
  sent_ms        INTEGER,
  direction      TEXT,
  text           TEXT,
  redacted       INTEGER CHECK (redacted IN (0, 1)),
  UNIQUE (transcript_key, seq),
  FOREIGN KEY (transcript_key, participant) REFERENCES participant (transcript_key, position) ON DELETE CASCADE
) STRICT;

CREATE TABLE failure (
  task_key INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  phase    TEXT NOT NULL,
  kind     TEXT NOT NULL,
  message  TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms  INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (task_key, phase)
) STRICT, WITHOUT ROWID;

-- The time covered by completed scans; spans of one kind neither overlap nor touch. to_ms does not belong to the span.
CREATE TABLE scan_span (
  by_field   TEXT NOT NULL CHECK (by_field IN ('ended', 'created')),
  from_ms    INTEGER NOT NULL,
  to_ms      INTEGER NOT NULL,
  scanned_ms INTEGER NOT NULL,
  PRIMARY KEY (by_field, from_ms),
  CHECK (from_ms < to_ms)
) STRICT, WITHOUT ROWID;

-- What the service last recorded of itself, and how far long work has come: purge_pending while removed bytes may still
-- be in the file or its WAL; reparsed_*: the last task whose transcripts that program parsed again; copy_of_ms: when the
-- copy was made that this file is, until a writer has opened it; backfill_*: where the time that is to be archived begins, a
-- date, or a time back from now.
CREATE TABLE service (
  only_row             INTEGER PRIMARY KEY CHECK (only_row = 1),
  high_water_mark_ms   INTEGER,
  last_success_ms      INTEGER,
  last_error_ms        INTEGER,
  last_error           TEXT,
  needs_login          TEXT,
  needs_login_ms       INTEGER,
  access_expires_ms    INTEGER,
  refresh_expires_ms   INTEGER,
  backfill_from_ms     INTEGER,
  backfill_lookback_ms INTEGER,
  retained_from_ms     INTEGER,
  reconciled_ms        INTEGER,
  purge_pending        INTEGER NOT NULL DEFAULT 0 CHECK (purge_pending IN (0, 1)),
  reparsed_program     TEXT,
  reparsed_task_key    INTEGER,
  copy_of_ms           INTEGER
) STRICT;
INSERT INTO service (only_row) VALUES (1);

-- Erased tasks: HMAC-SHA256 of the task's id under organisation.tombstone_key, so that the archive does not name them.
CREATE TABLE tombstone (
  task_hash BLOB PRIMARY KEY CHECK (length(task_hash) = 32)
) STRICT, WITHOUT ROWID;

-- The operations on the archive. hash: SHA-256 over the entry before and this one (docs/schema.md has the recipe).
CREATE TABLE audit (
  entry   INTEGER PRIMARY KEY CHECK (entry >= 1),
  at_ms   INTEGER NOT NULL,
  action  TEXT NOT NULL CHECK (action IN ('create', 'erase', 'retention', 'reparse', 'restore')),
  program TEXT NOT NULL,
  account TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;

-- Full text. The index reads its columns through the view message_search_content, so nothing is stored twice.
CREATE VIRTUAL TABLE message_search USING fts5(
  text, task_id UNINDEXED, seq UNINDEXED,
  content = 'message_search_content', content_rowid = 'message_key', tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER message_search_insert AFTER INSERT ON message WHEN new.text IS NOT NULL BEGIN
  INSERT INTO message_search (rowid, text) VALUES (new.message_key, new.text);
END;
CREATE TRIGGER message_search_delete AFTER DELETE ON message WHEN old.text IS NOT NULL BEGIN
  INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', old.message_key, old.text);
END;
CREATE TRIGGER message_search_update AFTER UPDATE OF text, message_key ON message BEGIN
  INSERT INTO message_search (message_search, rowid, text)
    SELECT 'delete', old.message_key, old.text WHERE old.text IS NOT NULL;
  INSERT INTO message_search (rowid, text) SELECT new.message_key, new.text WHERE new.text IS NOT NULL;
END;
