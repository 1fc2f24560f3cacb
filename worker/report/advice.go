package report

import "github.com/turbo-hipster/turbo-hipster/worker"

// advice is what a finding means, in plain words, and what to do next. docs/FAILURES.md
// explains each code at length.
type advice struct{ Means, Next string }

// adviceOn is the advice for a code; of a code that it does not know it says little.
func adviceOn(code worker.Code) advice {
	if a, ok := advices()[code]; ok {
		return a
	}
	return advice{"The build did not go as it must.", "Read the log where it ends."}
}

// advices is the table of all codes.
func advices() map[worker.Code]advice {
	return map[worker.Code]advice{
		worker.CodeExitStatus: {
			"The migration command ended with an error.",
			"Read the last lines that it printed: they name the error. Mend the migration in which it stopped.",
		},
		worker.CodeSignal: {
			"The migration command did not end by itself: a signal ended it, as when a program crashes or the machine has no memory left.",
			"Look at the last lines of the log, syslog included. A migration that loads a whole table into memory should work in batches.",
		},
		worker.CodeTimeout: {
			"The migration command was stopped, because it took longer than the job allows.",
			"See which step ran when the time was up. Make it faster, or have the job's timeout raised if that time is justified.",
		},
		worker.CodeToolError: {
			"The migration tool says itself why it failed.",
			"Begin with this line: the other findings mostly follow from it.",
		},
		worker.CodeAccessDenied: {
			"A database client was refused: this account and password are not known to the test server.",
			"Use the account that the build provides (~/.my.cnf, or the TH_DATABASE_ variables) in place of one of your own.",
		},
		worker.CodeNoDatabase: {
			"A database client asked for a database that the test server does not have.",
			"Use the database that the build provides (TH_DATABASE_NAME): it is the only one there is.",
		},
		worker.CodeImportError: {
			"Python could not import a module.",
			"Add what is missing to the project's requirements, or to the environment of the job. See the line of the log for the module's name.",
		},
		worker.CodeClientError: {
			"A statement failed in a database client, and the command went on as if it had not.",
			"Mend the statement. Have the script stop at errors (set -e); where a statement may fail, keep its error out of the output.",
		},
		worker.CodeEnvironment: {
			"What the migrations need could not be installed, so none was run.",
			"Read the end of the environment's log. Often a requirement does not exist in the version that is asked for, or two contradict one another.",
		},
		worker.CodeNoSteps: {
			"No migration was found in what the command printed: there was nothing to migrate, or its steps were not recognised.",
			"Check that the new migration is found by the tool and comes after the dataset's version, and that the tool logs its steps.",
		},
		worker.CodeNoEnd: {
			"A migration started, and nothing says that it ended: it is the one that failed.",
			"Read the log from the start of this step: what stopped it comes right after.",
		},
		worker.CodeFailedStep: {
			"This migration did not run to its end.",
			"Read the log from the start of this step: what stopped it comes right after.",
		},
		worker.CodeFinalVersion: {
			"The migrations led to another version than the tree has.",
			"Check that the new migration ran, and that its number or parent follows the last one. If another was merged meanwhile, rebase.",
		},
		worker.CodeTooLong: {
			"This migration takes longer than its limit, on data like that of production.",
			"Look for slow statements (sqlslo) in the log of this step. Add an index, avoid copying the table, or work in batches; if the time is justified, ask for a higher limit for this step.",
		},
		worker.CodeTooLongOnce: {
			"This migration took too long at first, and was within its limit when it was measured again, alone. It does not count.",
			"Nothing needs to be done. It is near its limit.",
		},
		worker.CodeRowsChanged: {
			"This migration changes more rows than its limit, on data like that of production.",
			"Change only the rows that need it, or move data outside the migration, in batches. If so many are justified, ask for a higher limit for this step.",
		},
		worker.CodeRowsRead: {
			"This migration reads more rows than its limit, on data like that of production.",
			"Look for a query without an index, or one that runs once for each row. If so many are justified, ask for a higher limit for this step.",
		},
		worker.CodeScript: {
			"The test script ended with an error.",
			"Read the last lines that it printed.",
		},
		worker.CodeUntested: {
			"The change was not tested: what stops it stops the state before it as well.",
			"There is nothing to mend in the change. Have what is named below mended first, then ask for the build again.",
		},
	}
}

// meaning is what a verdict means, in a sentence.
func (r *Report) meaning() string {
	script := r.Plugin == string(worker.PluginShellScript)
	switch worker.Result(r.Verdict) {
	case worker.Success:
		if script {
			return "The script ended without an error. The change may pass."
		}
		return "All migrations ran to their ends, within their limits, on every dataset. The change may pass."
	case worker.Untested:
		return "The change was not tested: what stops it stops the state before it as well. That says nothing against the change, and nothing for it."
	case worker.Warning:
		return "The migrations ran, and at least one goes beyond its limits. A warning does not let the change pass."
	case worker.Failure:
		if script {
			return "The script ended with an error. The change does not pass."
		}
		return "The migrations do not run as they must. The change does not pass."
	}
	return ""
}
