-- SPDX-License-Identifier: Apache-2.0
-- Where the time that is to be archived begins, as the service last had it configured: a date, or a time back from now.
ALTER TABLE service ADD COLUMN backfill_from_ms INTEGER;
ALTER TABLE service ADD COLUMN backfill_lookback_ms INTEGER;
