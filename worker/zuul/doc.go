// Package zuul is Zuul 2's contract with a Gearman worker.
//
// Its terms:
//
//   - a *job* is Gearman's: a function's name, a payload, a unique, a handle;
//   - a *build* is what a job of the function build:JOB asks for;
//   - the *number* of a build is what Zuul calls it by when it wants it stopped:
//     here always the job's unique, which is ZUUL_UUID;
//   - the *manager* is who stops builds: it serves the functions stop:MANAGER and
//     set_description:MANAGER;
//   - the *arguments* of a build are the JSON object in its job's payload; Params
//     are the arguments after they were checked;
//   - a *result* is what Zuul reads: SUCCESS, any other text, or none;
//   - *trouble* is why there is no verdict. It is nobody's fault in the change.
//
// # The exchange
//
//	Zuul                                            worker
//	  │ build:JOB[:NODE]  {"ZUUL_PROJECT": …}          │
//	  ├───────────────────────────────────────────────▶│ checks the arguments
//	  │ WORK_DATA  {name, number, manager, url, worker_…}
//	  │◀───────────────────────────────────────────────┤ before anything else
//	  │ WORK_STATUS  0/total                           │
//	  │◀───────────────────────────────────────────────┤ Runner.Run
//	  │ WORK_STATUS  done/total                        │   │ trouble: again, up to
//	  │◀───────────────────────────────────────────────┤   │ Trouble.Attempts times
//	  │ stop:MANAGER  {name, number}                   │   │
//	  ├── perhaps, as another job ────────────────────▶│   │ context ends with ErrAborted
//	  │ WORK_COMPLETE, of the stop job, at once        │   │
//	  │◀───────────────────────────────────────────────┤   ▼
//	  │ WORK_DATA  {result, url, node_name, …}         │
//	  │◀───────────────────────────────────────────────┤ exactly one of the
//	  │ WORK_COMPLETE (the same payload) or WORK_FAIL  │ answers below
//	  │◀───────────────────────────────────────────────┤
//
// # Answers
//
//	what happened                       result                    last packet
//	the Runner came to a verdict        its text                  WORK_COMPLETE
//	the ref to test was deleted         NOTHING TO TEST - …       WORK_COMPLETE
//	Zuul stopped the build              ABORTED                   WORK_FAIL
//	the worker is being shut down       null                      WORK_FAIL
//	trouble, Then is Retry (default)    null                      WORK_FAIL
//	trouble, Then is Report             the classic words         WORK_FAIL
//
// COMPLETE and FAIL are alike to Zuul: it reads result from the last payload that
// is not empty, so every payload is JSON and there is never a WORK_WARNING.
// Zuul 2.5 starts a build without a result again, within its own attempts; Zuul
// 2.0 has no attempts and shows LOST, so use Report with it. A lost connection
// means the same as no result. A build's first packet has no result, so that a
// build whose later packets are lost is one without a result too.
//
// A verdict is never turned into a retry: once Run returned one, it is sent,
// even when the worker is being shut down, and without Answer.Data if that cannot
// be sent. Only a build that Zuul stopped is answered ABORTED in any case; Zuul does
// not read that answer.
//
// # Trouble
//
// What Run returns as an error is tried again after a pause, except when it says
// that trying again is of no use (a method Permanent() bool that returns true) and
// when Run panicked. A payload that makes no sense is such permanent trouble: Zuul
// or its configuration is mistaken, not the author. The classic words are
//
//	FAILURE during the job setup
//	Exception: the error on one line
//
// or what an error's method Classic() string returns, when that is not empty.
//
// # Arguments
//
// Zuul 2.5 sends ZUUL_UUID ZUUL_PROJECT ZUUL_PIPELINE ZUUL_URL ZUUL_VOTING
// BASE_LOG_PATH LOG_PATH with every build; for changes ZUUL_BRANCH ZUUL_CHANGES
// ZUUL_REF ZUUL_COMMIT ZUUL_CHANGE_IDS ZUUL_CHANGE ZUUL_PATCHSET; for ref updates
// ZUUL_REFNAME ZUUL_OLDREV ZUUL_NEWREV ZUUL_REF ZUUL_COMMIT; and
// SWIFT_name_{URL,HMAC_BODY,SIGNATURE,LOGSERVER_PREFIX} where logs go to Swift. A
// parameter function in its configuration may add or change any. Zuul 2.0 sends no
// LOG_PATH, BASE_LOG_PATH and ZUUL_VOTING. The paths are then what Zuul 2.5 makes:
//
//	change 12345, patch set 6     45/12345/6/check/JOB/1234567
//	ref update to 9abc…           9a/9abc…/post/JOB/1234567
//	timer                         periodic/JOB/1234567
//
// Values may be strings, numbers, booleans or null, which is as if it was missing.
//
// Gearman knows no passwords: whoever reaches the server can send anything. So
// sizes are bounded, names that become paths, URLs or refs must be safe as such,
// control characters are refused, and arguments do not become environment
// variables that change how programs run, such as LD_PRELOAD or PATH. A payload
// with one bad value is refused as a whole. Errors name arguments and never quote
// them: some are credentials.
//
// The unique counts: a ZUUL_UUID that differs from it is overwritten, with a
// warning in the log; without a unique, ZUUL_UUID is the number.
//
// # What it needs
//
// Stop jobs must be taken while every slot is busy with a build: serve the
// functions of FunctionNames on a connection or slot of their own. Managers that
// serve one Gearman server need different names, or Zuul's stop may reach the
// wrong one: two services on a host must not share DefaultName.
//
// The package sends no Gearman packets itself and knows no git: Job and Runner are
// interfaces.
package zuul
