// Package environment prepares what a tree's commands need: a Python virtual
// environment made with venv and pip, a command of the job's own, or both, in that
// order.
//
// # What is made
//
// Everything lies in the directory that the build gives:
//
//	venv/   the virtual environment, when there is one
//	home/   HOME of what runs here
//	tmp/    TMPDIR
//	cache/  pip's cache, unless the job names one that builds share
//
// The tree's commands find venv/bin before PATH and VIRTUAL_ENV set.
//
// # What runs
//
//	python3 -I -m venv [--system-site-packages] venv         in the build's directory
//	venv/bin/python -I -m pip install [--constraint=…] …     in the tree
//	the job's own command                                    in the tree
//
// With -I no module of the tree takes the place of one of Python's own. Each runs
// in a session of its own, with nothing on standard input and a clean
// environment:
//
//	PATH, VIRTUAL_ENV              with the virtual environment first
//	HOME, TMPDIR, LANG=C.UTF-8, PYTHONUNBUFFERED=1
//	PIP_NO_INPUT=1, PIP_DISABLE_PIP_VERSION_CHECK=1, PIP_CACHE_DIR, PIP_INDEX_URL
//	TH_JOB_NAME, TH_JOB_DIR (HOME), TH_SOURCE_DIR (the tree)
//	TH_ENVIRONMENT_ID              names this run; what still carries it afterwards is killed
//	Preparer.Passthrough, such as http_proxy
//
// The build's parameters, those that package migrate lets in, come first, so that
// none of them wins over these; the job's own command has its own variables last.
//
// # An answer or trouble
//
// A requirement that does not exist, versions that contradict one another, a wrong
// hash, a package that cannot be built: those are the tree's, and the outcome is
// one that did not succeed. An index that does not answer, refuses, or hangs up, a
// full disk, a missing interpreter, a pip that was killed are trouble, and an
// error. What may pass is tried again. A pip that takes too long is the tree's
// fault, unless it says that it is waiting for the network.
//
// pip does not tell the two apart: when an index answers 503, pip 23 prints no
// more than "No matching distribution found". So, when that is what it says, pip
// runs once more with its debug log, where every page that it could not fetch is
// named, before the tree is blamed. (It does not run so from the start because
// pip then keeps the output of failed builds to the debug log.)
//
// # Secrets
//
// The index's URL reaches pip through its environment, not its command line. The
// passwords in it, in proxies and in pip's arguments are "***" in the log, in
// outcomes and in errors, as is all that stands before an @ in a URL, and the
// build's SWIFT_…_SIGNATURE. What is built can read the environment: give an index
// an account that can only read.
//
// # The log
//
// It has the classic form (see package migrate): what runs, its output as it
// comes, its status, and a heartbeat when nothing came for a while.
package environment
