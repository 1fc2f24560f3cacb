package datasets_test

import (
	"testing"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// A classic directory as it is: its seed in its database, reached by its account.
func TestClassicDatasetIsServed(t *testing.T) {
	dir := tree(t, map[string]string{
		"user_001/config.json": `{"project": "openstack/nova", "type": "mysql", "database": "nova_user_001",
			"db_user": "nova", "db_pass": "te'ster", "seed_data": "seed.sql", "logging_conf": "logging.conf", "_note": "x"}`,
		"user_001/seed.sql": "CREATE DATABASE `nova`;\nUSE `nova`;\n" +
			"CREATE TABLE `migrate_version` (`version` int NOT NULL);\nINSERT INTO `migrate_version` VALUES (133);\n",
	})
	found, err := datasets.Scan(dir)
	if err != nil {
		t.Fatal(err)
	}
	settings := found[0].Settings
	s := servertest.Start(t)
	account, err := s.CreateAccountAs(t.Context(), settings.Database, settings.DBUser, settings.DBPassword)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := found[0].OpenSeed()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = seed.Close() }()
	result, err := restore.Dump(t.Context(), s, account, settings.Database, seed, restore.DumpOptions{})
	if err != nil || result.Rows != 1 {
		t.Fatalf("got %+v, %v", result, err)
	}
	db := s.AccountDB(account, settings.Database)
	defer func() { _ = db.Close() }()
	var version int
	if err := db.QueryRow("SELECT version FROM migrate_version").Scan(&version); err != nil || version != 133 || account.User != "nova" {
		t.Errorf("%s reads version %d, %v", account.User, version, err)
	}
}
