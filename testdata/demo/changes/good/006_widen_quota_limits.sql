-- RAM is counted in bytes from now on.
ALTER TABLE quotas MODIFY hard_limit BIGINT DEFAULT NULL;
UPDATE quotas SET hard_limit = hard_limit * 1048576 WHERE resource = 'ram' AND hard_limit > 0;
