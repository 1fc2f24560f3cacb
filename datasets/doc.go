// Package datasets knows what a dataset is beside its snapshots: its settings
// and the limits for migrations that run on it, and where the two are found.
//
// A dataset is a named series of snapshots, such as nova/user_001. It lives in
// the store as a directory (an OCI image layout). Its settings are a file beside
// the layout, in the same directory: config.json, as the classic tools had it, or
// settings.yaml. Both are read the same way, since JSON is YAML; a dataset has at
// most one of them.
//
//	project: openstack/nova            # whose changes are tested on it
//	type: mysql
//	database: nova                     # the schema's name during a build
//	maximum_migration_times:           # seconds a step may take
//	  default: 60
//	  "151->152": 333.0
//	  _152_bugs: [1263836]             # keys with an underscore are notes
//	XInnodb_rows_changed: {default: 100000}
//	Innodb_rows_read: {default: 100000, "151->152": 3470000}
//
// A limit is looked up by the step, "FROM->TO", then by "default"; with neither,
// there is no limit.
//
// # Classic directories
//
// A classic directory of datasets has a subdirectory for each, in which an SQL dump, the seed, takes the snapshots' place. It is
// served as it is ([Scan]), with four keys more in its settings:
//
//	seed_data: nova_user_001.sql       # the dump, plain or compressed
//	logging_conf: logging.conf         # an OpenStack logging configuration, for scripts
//	db_user: nova                      # the account during a build, made anew for it
//	db_pass: tester
//
// Paths are of files in the dataset's directory: one that leaves it, by "..", from the root, or by a symbolic
// link, is a mistake. The account must not be one of the server's own, such as root.
//
// A directory with snapshots may have the same file: then the snapshots are used, and the
// seed, the account and its password are not.
package datasets
