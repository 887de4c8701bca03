ALTER TABLE recovery_attempts ADD is_by_person BIGINT NOT NULL DEFAULT 0;
