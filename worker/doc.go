// Package worker is one build: from a change to a judged migration.
//
// Its terms:
//
//   - a *build* is what is asked: a job's name, the change to test, the datasets
//     to test it on, the command that migrates;
//   - a *tree* is the working tree that has the change;
//   - a *database* is a private copy of a snapshot, for one dataset of one build;
//   - a *step* is one migration, found in the command's output;
//   - a *finding* is something a person should know of: a failure or a warning;
//   - the *verdict* is the answer: SUCCESS, WARNING or FAILURE, with its findings.
//
// A Runner does a build:
//
//	tree := checkout(build)
//	for each dataset {
//	    database := restore(dataset)
//	    outcome  := migrate(tree, database)      // steps, exit status
//	    verdict  := Judge(outcome, limits)       // a pure function
//	    close database
//	}
//	report(result)
//
// An answer is not trouble. A migration that fails, or is too slow, is a
// verdict, and the error is nil. No server, no snapshot, a full disk or a git ref
// that does not exist say nothing about the change: they are errors, and there is
// no verdict.
//
// The package knows no technology: git, MariaDB, processes and files are behind
// interfaces of one method, and are found in the subpackages and in cmd.
package worker
