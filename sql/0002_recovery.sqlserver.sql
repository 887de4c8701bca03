ALTER TABLE sessions ADD open_since BIGINT NULL;
ALTER TABLE sessions ADD last_event_at BIGINT NULL;
ALTER TABLE sessions ADD bridge_memory BIGINT NULL;

CREATE TABLE recovery_attempts (
  id          BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id  BIGINT NOT NULL REFERENCES accounts (id),
  at          BIGINT NOT NULL,
  cause       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  is_teardown BIGINT NOT NULL,
  ended_at    BIGINT NULL,
  outcome     NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  end_reason  NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL
);

CREATE INDEX recovery_attempts_by_account ON recovery_attempts (account_id, id);

CREATE TABLE gaps (
  id         BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  from_at    BIGINT NOT NULL,
  to_at      BIGINT NULL,
  reason     NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  repaired   BIGINT NOT NULL DEFAULT 0,
  unreadable BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX gaps_by_account ON gaps (account_id, id);
