-- Instances can be locked against changes.
ALTER TABLE instances ADD COLUMN locked TINYINT(1) NOT NULL DEFAULT 0;
CREATE INDEX instances_host_deleted_idx ON instances (host, deleted);
