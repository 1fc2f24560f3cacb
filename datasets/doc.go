// Package datasets knows what a dataset is beside its snapshots: its settings
// and the limits for migrations that run on it.
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
// there is no limit. The classic keys db_user, db_pass, seed_data and
// logging_conf are accepted and not used: snapshots and private servers take
// their place.
package datasets
