-- The metadata key "backup" becomes a table of its own.
CREATE TABLE backup_policies (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  instance_uuid CHAR(36) NOT NULL,
  enabled TINYINT(1) NOT NULL,
  UNIQUE KEY uniq_backup_policies0instance_uuid (instance_uuid),
  CONSTRAINT backup_policies_instance_uuid_fkey FOREIGN KEY (instance_uuid) REFERENCES instances (uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO backup_policies (instance_uuid, enabled)
  SELECT instance_uuid, MAX(value <> '') FROM instance_metadata WHERE `key` LIKE 'backup%' GROUP BY instance_uuid;
