// Package migrate runs a migration command, or a shell script, keeps its output as
// a log, and finds in it the steps as they happen, the rows that they touched, and
// why a tool failed. ReadLog finds the same in a log.
//
// # What the command gets
//
// The command runs in the checked-out tree, in a session of its own, with nothing
// on standard input and no terminal (but see Rails). Its environment is clean. Of
// what sets the same variable, the last in this order wins: PATH, LANG, HOME, TMPDIR
// and PYTHONUNBUFFERED; the build's parameters; what preparing the environment asks
// for; the other variables here; the job's configuration.
//
//	PATH                  as the worker has it, behind the prepared environment's directories
//	LANG                  C.UTF-8
//	HOME                  a directory of the build, empty except for .my.cnf
//	TMPDIR                an empty directory of the build
//	PYTHONUNBUFFERED      1: output arrives when it is printed
//	MYSQL_UNIX_PORT       the server's socket, for programs that read no option files
//	MYSQL_PWD             the account's password, likewise
//	TH_JOB_NAME           the job's name
//	TH_JOB_DIR            the build's directory, the same as HOME
//	TH_SOURCE_DIR         the tree, where the command starts
//	TH_UNIQUE             names the build: ZUUL_UUID, or the build's id where there is none
//	TH_PIP_CACHE          the directory of pip's cache; "" for none
//	TH_DATASET            the dataset's name
//	TH_SEED_PATH          the SQL dump of a classic dataset directory; "" for a snapshot
//	TH_LOGGING_CONF       the logging configuration of a classic dataset directory; or ""
//	TH_DATABASE_SOCKET    the path of the server's unix socket
//	TH_DATABASE_NAME      the schema
//	TH_DATABASE_USER      an account that reaches only this schema
//	TH_DATABASE_PASSWORD  its password
//	TH_DATABASE_CHARSET   the client's character set, such as utf8mb4
//	TH_DATABASE_URL       mysql+pymysql://USER:PASSWORD@localhost/NAME?unix_socket=SOCKET&charset=CHARSET
//	TH_STEP               of a step driver: the version to reach
//	TH_RESULT_FILE        of a script: what its first line says comes first in the verdict
//	TH_MIGRATION_ID       names this run; what still carries it afterwards is ended
//	TERM                  dumb, for Rails alone
//	PAGER                 cat, likewise
//	GIT_PAGER             cat, likewise
//
// Of the build's parameters, which come over the network, only those called ZUUL_…
// and SWIFT_…, LOG_PATH, BASE_LOG_PATH and BRANCH become variables, none longer than
// 64 KiB or with a NUL in it. Others are not for the command to see; a job that
// needs one names it in its configuration.
//
// $HOME/.my.cnf (mode 0600) gives socket, user, password and character set to the
// mysql and mariadb clients. So a shell's line needs no more than
//
//	mariadb "$TH_DATABASE_NAME" < 001.sql
//
// and the password is never on a command line. It is never in the log either:
// where the command or a followed file has it, the log has "***", also where it is
// written as in a URL; so it is with SWIFT_…_SIGNATURE, and with what stands before
// the @ of any URL. (A password of less than six characters, which only a classic
// dataset's own can be, hides nothing and is left.) A script of the classic worker's takes its nine arguments from
// the variables:
//
//	./nova_mysql_migrations.sh "$TH_UNIQUE" "$TH_JOB_DIR" "$TH_SOURCE_DIR" "$TH_DATABASE_USER" \
//	    "$TH_DATABASE_PASSWORD" "$TH_DATABASE_NAME" "$TH_SEED_PATH" "$TH_LOGGING_CONF" "$TH_PIP_CACHE"
//
// Scripts (Script) have no database: none of the variables of datasets and
// databases, nor .my.cnf. They get three arguments behind their command line: the
// tree, the build's directory and the build's unique name.
//
// # The log
//
// Lines have the classic form, in UTC:
//
//	2014-01-16 06:57:33,961 [running nova-manage db sync]
//	2014-01-16 06:57:34,120 [output] 73 -> 74...
//	2014-01-16 06:57:34,310 [sqlslo] # Query_time: 1.2  Lock_time: 0.0
//	2014-01-16 06:58:04,310 [heartbeat]
//	2014-01-16 06:58:35,001 [timeout]
//	2014-01-16 06:58:35,002 [script exit code = 0]
//
// Standard output and error go to one pipe, in the order of arrival. A line is
// logged when its end arrives, and can be read in the file then; a line longer than
// 64 KiB is logged in pieces, and what follows 256 MiB of text is left out. Lines of
// followed files (sqlslo and sqlerr of the server, the syslog) come between, never
// inside one another: what is appended from the start of the command to its end,
// also to files that are made, truncated or rotated meanwhile. A heartbeat says that
// for 30 seconds there was nothing to log.
//
// # Steps
//
// Steps are timed by the monotonic clock, when the line that starts or ends them
// arrives, or when the command exits, where that ends one. Colours and other ANSI
// codes are removed before lines are matched, and what stands behind a carriage
// return is a line of its own: progress bars leave out the newline.
//
//   - sqlalchemy-migrate: "N -> N+1..." starts a step, "done" ends it. Another
//     start before the end leaves the step without one. Of several "done" the last
//     counts, since the migration may have printed the others; so it is with Rails.
//   - alembic: "Running upgrade A -> B, title" starts a step. The next start, a
//     line "OK" or the command's exit with status 0 ends it: alembic prints no end.
//     An "OK" is the migration's own when the next step starts without alembic's
//     beginning anew ("Context impl"). Where an error was printed after the last
//     start (a traceback, "ERROR 1064 (42000)" of a mysql client, "Killed" of a shell),
//     status 0 is not believed, and the step has not ended: so does a shell's line
//     that goes on after alembic failed.
//   - django: "  Applying app.0001_initial..." starts a step to app.0001_initial,
//     "Unapplying" one from it; " OK" or " FAKED", on the same line or a later one,
//     ends it. A line that starts a step is logged as a line of its own, without
//     waiting for its end. The names of its files say nothing of a highest version.
//   - rails: "== N Name: migrating" starts a step to N, "reverting" one from it;
//     "migrated (0.2840s)" ends it. The time that is printed is believed. The output
//     is a pseudo-terminal, since Ruby holds back what it prints into a pipe, and
//     then its errors stand before its steps. It is not the controlling terminal,
//     and changes nothing: no carriage returns, no echo, no signals. Where a
//     command pipes Rails' output itself, times stay right and rows are not known.
//   - patterns: as the configuration says.
//   - run: each run of a step driver is one step, whatever it prints.
//
// A step driver (Tool.Versions, or what Tool.VersionsCommand prints, a line each)
// runs the command once for each version, with TH_STEP set, until a run fails. All
// runs share one log and the time that the command has.
//
// # Rows
//
// The server's counters are read when steps start and end. Of a step driver, they
// are exact: nothing runs between the runs. Otherwise they are sampled when a line
// arrives, and what happens between the printing of a line and the answer of the
// server is counted to the step before. The output is read on meanwhile. A step that
// is over before the server answered, and one of which it answered more than 100
// ms late, has no count, which is not 0. Everything counts that the step's time
// includes, by whatever session.
//
// Where a script prints "Innodb_rows_read<TAB>n" and its like after a step, as the
// classic ones do, the difference from the time before wins over the server's
// counters; rows changed are those updated, inserted and deleted.
//
// # The expected version
//
// Expected.HighestIn names a directory of the tree. The tree is the change's: where
// it has no such directory, or one that is reached over a symbolic link, or no file
// in it begins with a number, then no final version is right. That is a verdict, and
// says what was expected.
//
// # How it ends
//
// When the time is up, or the build is cancelled, the command's process group gets
// SIGTERM, and two seconds later SIGKILL. After every run, processes that are left
// over are killed, those that made sessions of their own included (package
// internal/subprocess). KillLeftovers does so for a worker that was killed itself.
package migrate
