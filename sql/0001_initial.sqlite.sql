CREATE TABLE accounts (
  id            INTEGER PRIMARY KEY,
  instance_id   TEXT   NOT NULL UNIQUE,
  label         TEXT   NOT NULL,
  phone         TEXT   NULL,
  lid           TEXT   NULL,
  seq           BIGINT NOT NULL DEFAULT 0,
  is_active     BIGINT NOT NULL DEFAULT 1,
  auto_connect  BIGINT NOT NULL DEFAULT 1,
  session_name  TEXT   NOT NULL DEFAULT 'primary',
  created_at    BIGINT NOT NULL,
  deleted_at    BIGINT NULL,
  claimed_by    TEXT   NULL,
  claimed_at    BIGINT NULL,
  lease_until   BIGINT NULL,
  lease_epoch   BIGINT NOT NULL DEFAULT 0
);

INSERT INTO accounts (id, instance_id, label, created_at) VALUES (0, 'system', 'system', 0);

CREATE TABLE sessions (
  account_id        INTEGER PRIMARY KEY REFERENCES accounts (id),
  status            TEXT   NOT NULL,
  qr_status         TEXT   NOT NULL,
  qr                TEXT   NULL,
  pair_code         TEXT   NULL,
  qr_expires_at     BIGINT NULL,
  reason            TEXT   NOT NULL,
  action            TEXT   NOT NULL,
  attempt           BIGINT NOT NULL DEFAULT 0,
  since             BIGINT NOT NULL,
  retry_at          BIGINT NULL,
  last_error        TEXT   NULL,
  last_connected_at BIGINT NULL,
  last_message_at   BIGINT NULL,
  last_proof_at     BIGINT NULL,
  updated_at        BIGINT NOT NULL,
  notices           TEXT   NOT NULL DEFAULT '[]',
  data_key          BLOB   NULL,
  creds             BLOB   NULL
);

CREATE TABLE session_transitions (
  id          INTEGER PRIMARY KEY,
  account_id  BIGINT NOT NULL REFERENCES accounts (id),
  at          BIGINT NOT NULL,
  from_status TEXT   NOT NULL,
  to_status   TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  detail      TEXT   NULL
);

CREATE INDEX session_transitions_by_account ON session_transitions (account_id, id);

CREATE TABLE session_keys (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  type       TEXT   NOT NULL,
  id         TEXT   NOT NULL,
  value      BLOB   NOT NULL,
  PRIMARY KEY (account_id, type, id)
) WITHOUT ROWID;

CREATE TABLE inbound (
  id         INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  record_key TEXT   NOT NULL,
  kind       TEXT   NOT NULL,
  node       BLOB   NOT NULL,
  plaintexts TEXT   NOT NULL,
  offline    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  done_at    BIGINT NULL,
  error      TEXT   NULL,
  UNIQUE (account_id, record_key)
);

CREATE INDEX inbound_pending ON inbound (account_id, id) WHERE done_at IS NULL;
CREATE INDEX inbound_done ON inbound (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE inbound_plaintexts (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  hash       TEXT   NOT NULL,
  plaintext  BLOB   NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, hash)
) WITHOUT ROWID;

CREATE INDEX inbound_plaintexts_by_age ON inbound_plaintexts (at);

CREATE TABLE sent (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  message_id TEXT   NOT NULL,
  proto      BLOB   NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, message_id)
) WITHOUT ROWID;

CREATE INDEX sent_by_age ON sent (at);

CREATE TABLE contacts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  pn         TEXT   NULL,
  lid        TEXT   NULL,
  name       TEXT   NULL,
  push_name  TEXT   NULL,
  updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX contacts_by_pn ON contacts (account_id, pn) WHERE pn IS NOT NULL;
CREATE UNIQUE INDEX contacts_by_lid ON contacts (account_id, lid) WHERE lid IS NOT NULL;

CREATE TABLE threads (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id      BIGINT NOT NULL REFERENCES accounts (id),
  contact_id      BIGINT NULL REFERENCES contacts (id),
  jid             TEXT   NOT NULL,
  is_group        BIGINT NOT NULL,
  title           TEXT   NOT NULL,
  last_message_at BIGINT NOT NULL DEFAULT 0,
  last_message_id BIGINT NULL,
  last_text       TEXT   NULL,
  last_kind       TEXT   NOT NULL DEFAULT 'text',
  last_from_me    BIGINT NOT NULL DEFAULT 0,
  last_status     TEXT   NOT NULL DEFAULT 'received',
  unread          BIGINT NOT NULL DEFAULT 0,
  read_at         BIGINT NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX threads_by_contact ON threads (account_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX threads_by_jid ON threads (account_id, jid);
CREATE INDEX threads_by_time ON threads (last_message_at, id);

CREATE TABLE operators (
  id                  INTEGER PRIMARY KEY,
  email               TEXT   NOT NULL,
  normalized_email    TEXT   NOT NULL UNIQUE,
  name                TEXT   NOT NULL,
  password_hash       TEXT   NULL,
  security_stamp      TEXT   NOT NULL,
  concurrency_stamp   TEXT   NOT NULL,
  role                TEXT   NOT NULL,
  lockout_end         BIGINT NULL,
  lockout_enabled     BIGINT NOT NULL DEFAULT 1,
  access_failed_count BIGINT NOT NULL DEFAULT 0,
  two_factor_enabled  BIGINT NOT NULL DEFAULT 0,
  created_at          BIGINT NOT NULL,
  last_seen_at        BIGINT NULL
);

CREATE TABLE messages (
  id           INTEGER PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id),
  thread_id    BIGINT NOT NULL REFERENCES threads (id),
  wa_id        TEXT   NOT NULL,
  from_me      BIGINT NOT NULL,
  sender_id    BIGINT NOT NULL,
  sender_name  TEXT   NULL,
  kind         TEXT   NOT NULL,
  text         TEXT   NULL,
  at           BIGINT NOT NULL,
  status       TEXT   NOT NULL,
  error        TEXT   NULL,
  seq          BIGINT NOT NULL,
  edited_at    BIGINT NULL,
  is_revoked   BIGINT NOT NULL DEFAULT 0,
  is_unread    BIGINT NOT NULL DEFAULT 0,
  quoted_wa_id TEXT   NULL,
  client_token TEXT   NULL,
  operator_id  BIGINT NULL REFERENCES operators (id),
  created_at   BIGINT NOT NULL
);

CREATE UNIQUE INDEX messages_by_identity ON messages (account_id, wa_id, from_me, thread_id, sender_id);
CREATE UNIQUE INDEX messages_by_token ON messages (account_id, client_token) WHERE client_token IS NOT NULL;
CREATE INDEX messages_by_time ON messages (thread_id, at, id);
CREATE INDEX messages_by_sender ON messages (account_id, sender_id) WHERE sender_id <> 0;
CREATE INDEX messages_unread ON messages (thread_id, at) WHERE is_unread = 1;

CREATE TABLE amendments (
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  wa_id     TEXT   NOT NULL,
  kind      TEXT   NOT NULL,
  sender_id BIGINT NOT NULL,
  from_me   BIGINT NOT NULL,
  value     TEXT   NULL,
  name      TEXT   NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (thread_id, wa_id, kind, sender_id, from_me)
) WITHOUT ROWID;

CREATE TABLE reactions (
  message_id  BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  sender_id   BIGINT NOT NULL,
  from_me     BIGINT NOT NULL,
  emoji       TEXT   NOT NULL,
  sender_name TEXT   NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (message_id, sender_id, from_me)
) WITHOUT ROWID;

CREATE INDEX reactions_by_sender ON reactions (sender_id) WHERE sender_id <> 0;

CREATE TABLE receipts (
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  wa_id     TEXT   NOT NULL,
  sender_id BIGINT NOT NULL,
  from_me   BIGINT NOT NULL,
  status    TEXT   NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (thread_id, wa_id, sender_id, from_me)
) WITHOUT ROWID;

CREATE INDEX receipts_by_sender ON receipts (sender_id) WHERE sender_id <> 0;

CREATE TABLE outbox (
  message_id INTEGER PRIMARY KEY REFERENCES messages (id),
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  thread_id  BIGINT NOT NULL REFERENCES threads (id),
  wa_id      TEXT   NOT NULL,
  chat_jid   TEXT   NOT NULL,
  content    TEXT   NOT NULL,
  state      TEXT   NOT NULL,
  attempts   BIGINT NOT NULL DEFAULT 0,
  next_at    BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  written_at BIGINT NULL,
  error      TEXT   NULL
);

CREATE INDEX outbox_by_state ON outbox (state, account_id, message_id);

CREATE TABLE commands (
  id         INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  kind       TEXT   NOT NULL,
  argument   TEXT   NULL,
  created_at BIGINT NOT NULL,
  done_at    BIGINT NULL,
  error      TEXT   NULL
);

CREATE INDEX commands_open ON commands (account_id, id) WHERE done_at IS NULL;

CREATE TABLE events (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  seq        BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  kind       TEXT   NOT NULL,
  body       TEXT   NOT NULL,
  PRIMARY KEY (account_id, seq)
) WITHOUT ROWID;

CREATE INDEX events_by_age ON events (at);
