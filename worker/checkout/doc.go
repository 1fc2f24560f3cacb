// Package checkout gets the tree that has a change, with the git command.
//
// A build's tree is a new repository in the build's directory, at the wanted
// commit, detached. Nothing of it is shared with other builds, except, when a
// directory for clones is given, the objects in the project's clone there
// (git's alternates): then a build fetches only what is new. A clone is locked
// while it is fetched into, so that builds may run side by side.
//
// What a ref may be: HEAD, a branch, a tag, a full ref such as refs/changes/1/2/3,
// or a commit's id of at least seven hexadecimal digits. Refs and URLs come from
// others: a ref that git could take for an option or a range, and a URL that could
// run a program (ext::) are refused. git never asks for a password, runs no hooks
// of the repository, and uses no other protocols than file, git, http, https and ssh.
//
// An existing tree (Source.Dir) is used where it is and never changed; its commit
// and whether it has changes are noted.
package checkout
