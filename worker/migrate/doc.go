// Package migrate runs a migration command, keeps its output as a log, and finds
// the steps in it as they happen.
//
// # What the command gets
//
// The command runs in the checked-out tree, in a process group of its own, with
// nothing on standard input. Its environment is clean: only the following, then
// what the job's configuration adds (which wins).
//
//	PATH                  as the worker has it
//	LANG                  C.UTF-8
//	HOME                  a directory of the build, empty except for .my.cnf
//	TMPDIR                an empty directory of the build
//	PYTHONUNBUFFERED      1: output arrives when it is printed
//	MYSQL_UNIX_PORT       the server's socket, for programs that read no option files
//	MYSQL_PWD             the account's password, likewise
//	TH_JOB_NAME           the job's name
//	TH_JOB_DIR            the build's directory, the same as HOME
//	TH_SOURCE_DIR         the tree, where the command starts
//	TH_DATASET            the dataset's name
//	TH_DATABASE_SOCKET    the path of the server's unix socket
//	TH_DATABASE_NAME      the schema
//	TH_DATABASE_USER      an account that reaches only this schema
//	TH_DATABASE_PASSWORD  its password
//	TH_DATABASE_CHARSET   the client's character set, such as utf8mb4
//	TH_DATABASE_URL       mysql+pymysql://USER:PASSWORD@localhost/NAME?unix_socket=SOCKET&charset=CHARSET
//	TH_MIGRATION_ID       names this run; what still carries it afterwards is ended
//
// $HOME/.my.cnf (mode 0600) gives socket, user, password and character set to the
// mysql and mariadb clients. So a shell's line needs no more than
//
//	mariadb "$TH_DATABASE_NAME" < 001.sql
//
// and the password is never on a command line. It is never in the log either:
// where the command prints it, the log has "***".
//
// # The log
//
// Lines have the classic form, in local time of the injected clock:
//
//	2014-01-16 06:57:33,961 [running nova-manage db sync]
//	2014-01-16 06:57:34,120 [output] 73 -> 74...
//	2014-01-16 06:57:35,001 [timeout]
//	2014-01-16 06:57:35,002 [script exit code = 0]
//
// Standard output and error go to one pipe, in the order of arrival. A line is
// logged when its end arrives; a line longer than 64 KiB is logged in pieces.
//
// # Steps
//
// Steps are timed by the monotonic clock, when the line that starts or ends them
// arrives. Colours and other ANSI codes are removed before lines are matched.
//
//   - sqlalchemy-migrate: "N -> N+1..." starts a step, "done" ends it. Another
//     start before the end leaves the step without one.
//   - alembic: "Running upgrade A -> B, title" starts a step. The next start, a
//     line "OK" or the command's exit with status 0 ends it: alembic prints no end.
//   - patterns: as the configuration says.
//
// # How it ends
//
// When the time is up, or the build is cancelled, the process group gets SIGTERM,
// and two seconds later SIGKILL. After every run, processes that are left over,
// those that made sessions of their own included (found by TH_MIGRATION_ID in
// /proc), are killed.
package migrate
