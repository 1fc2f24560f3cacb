package mysqldump

import (
	"slices"
	"strings"
)

// perconaStatements are what the dump program of Percona Server 5.7 and 8.0 writes around its dumps, each in a conditional comment, so that
// MyRocks loads faster: text that it prepares and executes. They are known whole, since anything else that is prepared may carry rows.
// Nothing of the data depends on them.
var perconaStatements = []string{
	"SELECT COUNT(*) INTO @is_rocksdb_supported FROM INFORMATION_SCHEMA.SESSION_VARIABLES WHERE VARIABLE_NAME='rocksdb_bulk_load'",
	"SET @save_old_rocksdb_bulk_load = IF (@is_rocksdb_supported, 'SET @old_rocksdb_bulk_load = @@rocksdb_bulk_load', 'SET @dummy_old_rocksdb_bulk_load = 0')",
	"PREPARE s FROM @save_old_rocksdb_bulk_load",
	"SET @enable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @dummy_rocksdb_bulk_load = 0')",
	"PREPARE s FROM @enable_bulk_load",
	"SET @disable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = @old_rocksdb_bulk_load', 'SET @dummy_rocksdb_bulk_load = 0')",
	"PREPARE s FROM @disable_bulk_load",

	"SELECT COUNT(*) INTO @rocksdb_has_p_s_session_variables FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'performance_schema' AND TABLE_NAME = 'session_variables'",
	`SET @rocksdb_get_is_supported = IF (@rocksdb_has_p_s_session_variables, 'SELECT COUNT(*) INTO @rocksdb_is_supported FROM performance_schema.session_variables WHERE VARIABLE_NAME=\'rocksdb_bulk_load\'', 'SELECT 0')`,
	"PREPARE s FROM @rocksdb_get_is_supported",
	"SET @rocksdb_enable_bulk_load = IF (@rocksdb_is_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @rocksdb_dummy_bulk_load = 0')",
	"PREPARE s FROM @rocksdb_enable_bulk_load",

	"EXECUTE s",
	"DEALLOCATE PREPARE s",
}

// ofPercona reports whether a statement is one of perconaStatements.
func ofPercona(sql []byte) bool {
	text, ok := strings.CutSuffix(string(sql[:min(len(sql), 300)]), " */")
	if !ok || !strings.HasPrefix(text, "/*!50112 ") && !strings.HasPrefix(text, "/*!50717 ") {
		return false
	}
	return slices.Contains(perconaStatements, text[len("/*!50112 "):])
}
