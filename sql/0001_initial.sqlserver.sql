CREATE TABLE accounts (
  id            BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  instance_id   NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
  label         NVARCHAR(200) NOT NULL,
  phone         NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
  lid           NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
  seq           BIGINT NOT NULL DEFAULT 0,
  is_active     BIGINT NOT NULL DEFAULT 1,
  auto_connect  BIGINT NOT NULL DEFAULT 1,
  session_name  NVARCHAR(100) NOT NULL DEFAULT 'primary',
  created_at    BIGINT NOT NULL,
  deleted_at    BIGINT NULL,
  claimed_by    NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NULL,
  claimed_at    BIGINT NULL,
  lease_until   BIGINT NULL,
  lease_epoch   BIGINT NOT NULL DEFAULT 0
);

SET IDENTITY_INSERT accounts ON;

INSERT INTO accounts (id, instance_id, label, created_at) VALUES (0, 'system', 'system', 0);

SET IDENTITY_INSERT accounts OFF;

CREATE TABLE sessions (
  account_id        BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
  status            NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  qr_status         NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  qr                NVARCHAR(MAX) NULL,
  pair_code         NVARCHAR(MAX) NULL,
  qr_expires_at     BIGINT NULL,
  reason            NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  action            NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  attempt           BIGINT NOT NULL DEFAULT 0,
  since             BIGINT NOT NULL,
  retry_at          BIGINT NULL,
  last_error        NVARCHAR(MAX) NULL,
  last_connected_at BIGINT NULL,
  last_message_at   BIGINT NULL,
  last_proof_at     BIGINT NULL,
  updated_at        BIGINT NOT NULL,
  notices           NVARCHAR(MAX) NOT NULL DEFAULT '[]',
  data_key          VARBINARY(MAX) NULL,
  creds             VARBINARY(MAX) NULL
);

CREATE TABLE session_transitions (
  id          BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id  BIGINT NOT NULL REFERENCES accounts (id),
  at          BIGINT NOT NULL,
  from_status NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  to_status   NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason      NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  detail      NVARCHAR(MAX) NULL
);

CREATE INDEX session_transitions_by_account ON session_transitions (account_id, id);

CREATE TABLE session_keys (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  type       NVARCHAR(60) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id         NVARCHAR(380) COLLATE Latin1_General_100_BIN2 NOT NULL,
  value      VARBINARY(MAX) NOT NULL,
  PRIMARY KEY (account_id, type, id)
);

CREATE TABLE inbound (
  id         BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  record_key NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
  kind       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  node       VARBINARY(MAX) NOT NULL,
  plaintexts NVARCHAR(MAX) NOT NULL,
  offline    BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  done_at    BIGINT NULL,
  error      NVARCHAR(MAX) NULL,
  UNIQUE (account_id, record_key)
);

CREATE INDEX inbound_pending ON inbound (account_id, id) WHERE done_at IS NULL;
CREATE INDEX inbound_done ON inbound (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE inbound_plaintexts (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  hash       NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  plaintext  VARBINARY(MAX) NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, hash)
);

CREATE INDEX inbound_plaintexts_by_age ON inbound_plaintexts (at);

CREATE TABLE sent (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  message_id NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  proto      VARBINARY(MAX) NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (account_id, message_id)
);

CREATE INDEX sent_by_age ON sent (at);

CREATE TABLE contacts (
  id         BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  pn         NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
  lid        NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NULL,
  name       NVARCHAR(MAX) NULL,
  push_name  NVARCHAR(MAX) NULL,
  updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX contacts_by_pn ON contacts (account_id, pn) WHERE pn IS NOT NULL;
CREATE UNIQUE INDEX contacts_by_lid ON contacts (account_id, lid) WHERE lid IS NOT NULL;

CREATE TABLE threads (
  id              BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES accounts (id),
  contact_id      BIGINT NULL REFERENCES contacts (id),
  jid             NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
  is_group        BIGINT NOT NULL,
  title           NVARCHAR(MAX) NOT NULL,
  last_message_at BIGINT NOT NULL DEFAULT 0,
  last_message_id BIGINT NULL,
  last_text       NVARCHAR(MAX) NULL,
  last_kind       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT 'text',
  last_from_me    BIGINT NOT NULL DEFAULT 0,
  last_status     NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL DEFAULT 'received',
  unread          BIGINT NOT NULL DEFAULT 0,
  read_at         BIGINT NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX threads_by_contact ON threads (account_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX threads_by_jid ON threads (account_id, jid);
CREATE INDEX threads_by_time ON threads (last_message_at, id);

CREATE TABLE operators (
  id                  BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  email               NVARCHAR(320) NOT NULL,
  normalized_email    NVARCHAR(320) COLLATE Latin1_General_100_BIN2 NOT NULL UNIQUE,
  name                NVARCHAR(200) NOT NULL,
  password_hash       NVARCHAR(MAX) NULL,
  security_stamp      NVARCHAR(100) NOT NULL,
  concurrency_stamp   NVARCHAR(100) NOT NULL,
  role                NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  lockout_end         BIGINT NULL,
  lockout_enabled     BIGINT NOT NULL DEFAULT 1,
  access_failed_count BIGINT NOT NULL DEFAULT 0,
  two_factor_enabled  BIGINT NOT NULL DEFAULT 0,
  created_at          BIGINT NOT NULL,
  last_seen_at        BIGINT NULL
);

CREATE TABLE messages (
  id           BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id   BIGINT NOT NULL REFERENCES accounts (id),
  thread_id    BIGINT NOT NULL REFERENCES threads (id),
  wa_id        NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  from_me      BIGINT NOT NULL,
  sender_id    BIGINT NOT NULL,
  sender_name  NVARCHAR(MAX) NULL,
  kind         NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  text         NVARCHAR(MAX) NULL,
  at           BIGINT NOT NULL,
  status       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  error        NVARCHAR(MAX) NULL,
  seq          BIGINT NOT NULL,
  edited_at    BIGINT NULL,
  is_revoked   BIGINT NOT NULL DEFAULT 0,
  is_unread    BIGINT NOT NULL DEFAULT 0,
  quoted_wa_id NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NULL,
  client_token NVARCHAR(100) COLLATE Latin1_General_100_BIN2 NULL,
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
  wa_id     NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  kind      NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  sender_id BIGINT NOT NULL,
  from_me   BIGINT NOT NULL,
  value     NVARCHAR(MAX) NULL,
  name      NVARCHAR(MAX) NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (thread_id, wa_id, kind, sender_id, from_me)
);

CREATE TABLE reactions (
  message_id  BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  sender_id   BIGINT NOT NULL,
  from_me     BIGINT NOT NULL,
  emoji       NVARCHAR(MAX) NOT NULL,
  sender_name NVARCHAR(MAX) NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (message_id, sender_id, from_me)
);

CREATE INDEX reactions_by_sender ON reactions (sender_id) WHERE sender_id <> 0;

CREATE TABLE receipts (
  thread_id BIGINT NOT NULL REFERENCES threads (id),
  wa_id     NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  sender_id BIGINT NOT NULL,
  from_me   BIGINT NOT NULL,
  status    NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (thread_id, wa_id, sender_id, from_me)
);

CREATE INDEX receipts_by_sender ON receipts (sender_id) WHERE sender_id <> 0;

CREATE TABLE outbox (
  message_id BIGINT NOT NULL PRIMARY KEY REFERENCES messages (id),
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  thread_id  BIGINT NOT NULL REFERENCES threads (id),
  wa_id      NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  chat_jid   NVARCHAR(200) NOT NULL,
  content    NVARCHAR(MAX) NOT NULL,
  state      NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  attempts   BIGINT NOT NULL DEFAULT 0,
  next_at    BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  written_at BIGINT NULL,
  error      NVARCHAR(MAX) NULL
);

CREATE INDEX outbox_by_state ON outbox (state, account_id, message_id);

CREATE TABLE commands (
  id         BIGINT IDENTITY(1, 1) NOT NULL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  kind       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  argument   NVARCHAR(MAX) NULL,
  created_at BIGINT NOT NULL,
  done_at    BIGINT NULL,
  error      NVARCHAR(MAX) NULL
);

CREATE INDEX commands_open ON commands (account_id, id) WHERE done_at IS NULL;

CREATE TABLE events (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  seq        BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  kind       NVARCHAR(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
  body       NVARCHAR(MAX) NOT NULL,
  PRIMARY KEY (account_id, seq)
);

CREATE INDEX events_by_age ON events (at);
