// Package checkout gets the tree that has a change, with the git command.
//
// # The tree
//
// A build's tree is a repository of its own in the build's directory. It has the
// wanted commit on a new branch, working; the branches of the project's own
// repository (the *origin*) as origin/NAME; the origin's tags, from which some
// projects make their version; and the submodules. Its remote origin has no
// password.
//
// # The clone
//
// When a directory for clones is given, every origin has a bare repository there
// (the *clone*), which builds fill:
//
//	lock the clone
//	fetch branches and tags from the origin
//	fetch the ref from where the change is      // only what is new comes over the line
//	link the clone's objects into the tree's repository
//	unlock
//	check out
//
// The origin may be down when the other place gives all that is needed. Objects
// are hard links (copies, where the tree is on another file system): git writes
// an object once and never again, so a tree needs the clone no more. For a
// repository of 10,000 commits and 80 MB a tree takes 0.1 s, as with a shared
// object directory (alternates) or a worktree, against 0.7 s for git clone
// --reference --dissociate and 1.9 s for a clone over the file protocol; but
// neither packing the clone anew nor throwing it away breaks a tree.
//
// Locks and unfinished packs that killed processes left in a clone are removed.
// When git fails in a way that neither a server nor the disk nor the ref explains,
// the clone is thrown away and made anew, once in a checkout. What a build fetched
// is kept under refs/th/builds/DAY/ and forgotten after Checkouter.Keep; git gc
// then cleans when it finds that due.
//
// # What is tried again
//
// What the network or a server may be to blame for is tried four times in all,
// within 20 seconds of waiting. So is a ref that does not exist, when it is a full
// name (refs/…) or a full id and comes from a server: Zuul announces refs and
// commits that a mirror may get a little later. A branch that a person misspelt, a
// password that is not known, a full disk and another commit than the announced
// one are not.
//
// # What comes from others
//
// A ref may be HEAD, a branch, a tag, a full ref such as refs/changes/1/2/3, or a
// commit's id of at least seven hexadecimal digits. A ref that git could take for
// an option or a range, a URL that could run a program (ext::) and one whose path
// has ".." are refused before git runs.
//
// git never asks for a password, runs no hooks, and uses no other protocols than
// file, git, http, https and ssh; for submodules, file only when tree and origin
// are on this machine. Filters do not run, also those that the operator has
// configured: files in Git LFS stay pointers. For the rest, such as entries that
// lead out of the tree, this relies on git's own checks (2.39.4, 2.45.1 or later),
// and tests that they hold.
//
// The password of an http or https URL reaches git through a credential helper: it
// is on no command line, and goes to its own host only. A token in place of the
// user's name is on git's command line; write it as the password.
//
// Builds of one user are not kept from one another: a build that means harm can
// change the clone, by its path or through the files that its tree shares.
//
// An existing tree (Source.Dir) is used where it is and never changed; its commit
// and whether it has changes are noted.
package checkout
