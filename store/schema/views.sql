-- SPDX-License-Identifier: Apache-2.0
-- The views. They hold nothing, and are created again from here with the last step of every migration. A view that is given
-- up keeps its DROP.
DROP VIEW IF EXISTS message_search_content;
DROP VIEW IF EXISTS messages_by_role;
DROP VIEW IF EXISTS first_response;
DROP VIEW IF EXISTS agent_by_day;
DROP VIEW IF EXISTS queue_by_day;
DROP VIEW IF EXISTS coverage_by_day;
DROP VIEW IF EXISTS messages;
DROP VIEW IF EXISTS conversations;
DROP VIEW IF EXISTS conversation_keyed;

-- One row for each task. `.schema conversations` shows the comments; columns are only added, behind the others.
CREATE VIEW conversations AS
SELECT t.task_id,
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
       t.wrapup_code, -- name of the last one
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

-- Between the customer's earliest message and the earliest message of a human agent that was not sent before it; the same
-- as model::compute_metrics(). Without a message of the customer both are NULL. Where a transcript gives no role, an agent
-- has a user id, and inbound messages come from the customer. Bots are no agents.
CREATE VIEW first_response AS
SELECT task_id, (SELECT name FROM queue WHERE queue.queue_key = r.queue_key) AS queue, ended_ms, first_customer_ms,
       first_agent_ms, first_agent_ms - first_customer_ms AS first_response_ms
  FROM (SELECT o.*,
               (SELECT min(m.sent_ms)
                  FROM transcript AS x
                       JOIN message AS m ON m.transcript_key = x.transcript_key
                       LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant
                 WHERE x.task_key = o.task_key AND m.sent_ms >= o.first_customer_ms
                   AND (p.role COLLATE NOCASE IN ('agent', 'supervisor') OR (p.role IS NULL AND p.user_id IS NOT NULL)))
                 AS first_agent_ms
          FROM (SELECT t.task_key, t.task_id, t.queue_key, t.ended_ms,
                       (SELECT min(m.sent_ms)
                          FROM transcript AS x
                               JOIN message AS m ON m.transcript_key = x.transcript_key
                               LEFT JOIN participant AS p
                                 ON p.transcript_key = m.transcript_key AND p.position = m.participant
                         WHERE x.task_key = t.task_key
                           AND (p.role = 'customer' COLLATE NOCASE
                                OR (p.role IS NULL AND p.user_id IS NULL AND m.direction = 'inbound' COLLATE NOCASE)))
                         AS first_customer_ms
                  FROM task AS t
                 WHERE t.transcript_state = 'archived') AS o) AS r;

CREATE VIEW messages_by_role AS
SELECT t.task_id, p.role AS participant_role, count(*) AS messages, min(m.sent_ms) AS first_ms, max(m.sent_ms) AS last_ms
  FROM task AS t
       JOIN transcript AS x ON x.task_key = t.task_key
       JOIN message AS m ON m.transcript_key = x.transcript_key
       LEFT JOIN participant AS p ON p.transcript_key = m.transcript_key AND p.position = m.participant
 GROUP BY t.task_id, p.role;

CREATE VIEW message_search_content AS
SELECT m.message_key, m.text, t.task_id, x.first_seq + m.seq AS seq
  FROM message AS m
       JOIN transcript AS x ON x.transcript_key = m.transcript_key
       JOIN task AS t ON t.task_key = x.task_key
 WHERE m.text IS NOT NULL;
