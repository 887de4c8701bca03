ALTER TABLE sessions ADD open_since BIGINT NULL;
ALTER TABLE sessions ADD last_event_at BIGINT NULL;
ALTER TABLE sessions ADD bridge_memory BIGINT NULL;

CREATE TABLE recovery_attempts (
  id          INTEGER PRIMARY KEY,
  account_id  BIGINT NOT NULL REFERENCES accounts (id),
  at          BIGINT NOT NULL,
  cause       TEXT NOT NULL,
  is_teardown BIGINT NOT NULL,
  ended_at    BIGINT NULL,
  outcome     TEXT NOT NULL,
  end_reason  TEXT NULL
);

CREATE INDEX recovery_attempts_by_account ON recovery_attempts (account_id, id);

CREATE TABLE gaps (
  id         INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  from_at    BIGINT NOT NULL,
  to_at      BIGINT NULL,
  reason     TEXT NOT NULL,
  repaired   BIGINT NOT NULL DEFAULT 0,
  unreadable BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX gaps_by_account ON gaps (account_id, id);
