-- SPDX-License-Identifier: Apache-2.0
-- The archive. Times are milliseconds since 1970-01-01T00:00:00Z, durations milliseconds; a text that the cloud did not give is NULL.
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

-- What the cloud names by an id. named_ms: the end of the latest task that gave the name, so that reading old tasks later does
-- not bring an old name back. Until a name is known it is the id.
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

-- The tasks whose transcript is to be asked for. ended_ms is the task's own, here so that one index gives the order of the work.
CREATE TABLE fetch_queue (
  task_key    INTEGER PRIMARY KEY REFERENCES task ON DELETE CASCADE,
  ended_ms    INTEGER NOT NULL,
  due_ms      INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  second_look INTEGER NOT NULL DEFAULT 0 CHECK (second_look IN (0, 1))
) STRICT;
CREATE INDEX fetch_queue_order ON fetch_queue (ended_ms DESC, due_ms);
CREATE INDEX fetch_queue_due ON fetch_queue (due_ms);

-- Every version of every transcript. first_seq: the number in the conversation of its first message; NULL when it is not
-- shown, being superseded or unparsed. format NULL: unparsed. The bytes stand last so that the rest is read without them.
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

-- Derived from the bytes of the transcripts that are shown.
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

-- The time that scans have read to the end; spans of one kind neither overlap nor touch. to_ms does not belong to the span.
CREATE TABLE scan_span (
  by_field   TEXT NOT NULL CHECK (by_field IN ('ended', 'created')),
  from_ms    INTEGER NOT NULL,
  to_ms      INTEGER NOT NULL,
  scanned_ms INTEGER NOT NULL,
  PRIMARY KEY (by_field, from_ms),
  CHECK (from_ms < to_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
  only_row           INTEGER PRIMARY KEY CHECK (only_row = 1),
  high_water_mark_ms INTEGER,
  last_success_ms    INTEGER,
  last_error_ms      INTEGER,
  last_error         TEXT,
  needs_login        TEXT,
  needs_login_ms     INTEGER,
  access_expires_ms  INTEGER,
  refresh_expires_ms INTEGER,
  retained_from_ms   INTEGER
) STRICT;
INSERT INTO service (only_row) VALUES (1);

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Erased tasks: HMAC-SHA256 of the task's id under organisation.tombstone_key, so that the archive does not name them.
CREATE TABLE tombstone (
  task_hash BLOB PRIMARY KEY CHECK (length(task_hash) = 32)
) STRICT, WITHOUT ROWID;

-- What was done to or with the archive. hash: SHA-256 over the entry before and this one (docs/schema.md has the recipe).
CREATE TABLE audit (
  entry   INTEGER PRIMARY KEY CHECK (entry >= 1),
  at_ms   INTEGER NOT NULL,
  action  TEXT NOT NULL CHECK (action IN ('create', 'erase', 'retention', 'reparse', 'restore', 'extract')),
  program TEXT NOT NULL,
  account TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  hash    BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is append-only'); END;

-- conversations with the keys that the program's own filters need.
CREATE VIEW conversation_keyed AS
SELECT t.task_key,
       t.queue_key,
       t.agent_key,
       t.task_id,
       t.channel,
       t.status,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.created_ms / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.ended_ms / 1000.0, 'unixepoch') AS ended_at,
       t.created_ms,
       t.ended_ms,
       coalesce(t.duration_ms, t.ended_ms - t.created_ms) AS duration_ms,
       queue.name AS queue,
       team.name AS team,
       site.name AS site,
       entry_point.name AS entry_point,
       agent.name AS agent,
       customer.name AS customer_name,
       customer.email AS customer_email,
       customer.phone AS customer_phone,
       t.origin,
       t.destination,
       t.direction,
       t.wrapup_code,
       t.termination_type,
       t.csat_score,
       t.transcript_state,
       (SELECT coalesce(sum(x.message_count), 0) FROM transcript AS x
         WHERE x.task_key = t.task_key AND x.first_seq IS NOT NULL) AS message_count
  FROM task AS t
       LEFT JOIN queue ON queue.queue_key = t.queue_key
       LEFT JOIN team ON team.team_key = t.team_key
       LEFT JOIN site ON site.site_key = t.site_key
       LEFT JOIN entry_point ON entry_point.entry_point_key = t.entry_point_key
       LEFT JOIN agent ON agent.agent_key = t.agent_key
       LEFT JOIN customer ON customer.customer_key = t.customer_key;

CREATE VIEW conversations AS
SELECT task_id, channel, status, created_at, ended_at, created_ms, ended_ms, duration_ms, queue, team, site, entry_point, agent,
       customer_name, customer_email, customer_phone, origin, destination, direction, wrapup_code, termination_type, csat_score,
       transcript_state, message_count
  FROM conversation_keyed;

CREATE VIEW messages AS
SELECT t.task_id,
       x.first_seq + m.seq AS seq,
       strftime('%Y-%m-%dT%H:%M:%fZ', m.sent_ms / 1000.0, 'unixepoch') AS sent_at,
       m.sent_ms,
       m.direction,
       p.name AS participant_name,
       p.role AS participant_role,
       p.user_id AS participant_user_id,
       m.alias_id,
       m.text,
       m.redacted,
       m.message_key
  FROM message AS m
       JOIN transcript AS x ON x.transcript_key = m.transcript_key
       JOIN task AS t ON t.task_key = x.task_key
       LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant;

-- Views by day group by the number of the day, which is much faster than by its text. NOT INDEXED: the whole table is read
-- in its own order, not row by row in an index's.
CREATE VIEW coverage_by_day AS
SELECT date(day_number * 86400, 'unixepoch') AS day, ended, archived, pending, absent, failed, unparsed
  FROM (SELECT ended_ms / 86400000 AS day_number,
               count(*) AS ended,
               sum(transcript_state = 'archived') AS archived,
               sum(transcript_state = 'pending') AS pending,
               sum(transcript_state = 'absent') AS absent,
               sum(transcript_state = 'failed') AS failed,
               sum(transcript_state = 'unparsed') AS unparsed
          FROM task
         GROUP BY 1);

CREATE VIEW queue_by_day AS
SELECT date(day_number * 86400, 'unixepoch') AS day, queue.name AS queue, conversations, archived, mean_duration_ms,
       mean_queue_duration_ms, mean_csat_score
  FROM (SELECT ended_ms / 86400000 AS day_number,
               queue_key,
               count(*) AS conversations,
               sum(transcript_state = 'archived') AS archived,
               avg(coalesce(duration_ms, ended_ms - created_ms)) AS mean_duration_ms,
               avg(queue_duration_ms) AS mean_queue_duration_ms,
               avg(nullif(csat_score, 0)) AS mean_csat_score
          FROM task NOT INDEXED
         GROUP BY 1, 2) AS by_number LEFT JOIN queue ON queue.queue_key = by_number.queue_key;

CREATE VIEW agent_by_day AS
SELECT date(day_number * 86400, 'unixepoch') AS day, agent.name AS agent, conversations, mean_connected_duration_ms,
       mean_wrapup_duration_ms, mean_csat_score
  FROM (SELECT ended_ms / 86400000 AS day_number,
               agent_key,
               count(*) AS conversations,
               avg(connected_duration_ms) AS mean_connected_duration_ms,
               avg(wrapup_duration_ms) AS mean_wrapup_duration_ms,
               avg(nullif(csat_score, 0)) AS mean_csat_score
          FROM task NOT INDEXED
         WHERE agent_key IS NOT NULL
         GROUP BY 1, 2) AS by_number JOIN agent ON agent.agent_key = by_number.agent_key;

-- Between the customer's first message, without one the creation, and the first message of an agent after it.
CREATE VIEW first_response AS
SELECT task_id, (SELECT name FROM queue WHERE queue.queue_key = r.queue_key) AS queue, ended_ms, asked_ms, answered_ms,
       answered_ms - asked_ms AS waited_ms
  FROM (SELECT o.*,
               (SELECT min(m.sent_ms)
                  FROM transcript AS x
                       JOIN message AS m ON m.transcript_key = x.transcript_key
                       JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant
                 WHERE x.task_key = o.task_key AND p.role = 'agent' AND m.sent_ms >= o.asked_ms) AS answered_ms
          FROM (SELECT t.task_key, t.task_id, t.queue_key, t.ended_ms,
                       coalesce((SELECT min(m.sent_ms)
                                   FROM transcript AS x
                                        JOIN message AS m ON m.transcript_key = x.transcript_key
                                        JOIN participant AS p
                                          ON p.transcript_key = m.transcript_key AND p.position = m.participant
                                  WHERE x.task_key = t.task_key AND p.role = 'customer'), t.created_ms) AS asked_ms
                  FROM task AS t
                 WHERE t.transcript_state = 'archived') AS o) AS r;

CREATE VIEW messages_by_role AS
SELECT t.task_id, p.role AS participant_role, count(*) AS messages, min(m.sent_ms) AS first_ms, max(m.sent_ms) AS last_ms
  FROM task AS t
       JOIN transcript AS x ON x.task_key = t.task_key
       JOIN message AS m ON m.transcript_key = x.transcript_key
       LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant
 GROUP BY t.task_id, p.role;

-- Full text. The index reads its columns through this view, so nothing is stored twice.
CREATE VIEW message_search_content AS
SELECT m.message_key, m.text, t.task_id, x.first_seq + m.seq AS seq
  FROM message AS m
       JOIN transcript AS x ON x.transcript_key = m.transcript_key
       JOIN task AS t ON t.task_key = x.task_key
 WHERE m.text IS NOT NULL;

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
