-- SPDX-License-Identifier: Apache-2.0
-- Between the customer's earliest message and the earliest message of a human agent that was not sent before it; the same
-- as model::compute_metrics(). Without a message of the customer both are NULL. Where a transcript gives no role, an agent
-- has a user id, and inbound messages come from the customer. Bots are no agents.
DROP VIEW first_response;
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
