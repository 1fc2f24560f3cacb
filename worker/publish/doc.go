// Package publish shows a build's results to people, while it runs and after.
//
// Local copies the build's output directory to LOG_PATH below a directory that a
// web server serves. Every interval
//
//   - what was added to a log (a name that ends in .log) is appended to its copy;
//   - any other file that has changed replaces its copy, by a rename, so that
//     readers see the old page or the new one, and never half of one.
//
// Close does this a last time, compares every copy with its original byte for
// byte, removes copies whose originals are gone, and writes all to the disk. Then
// source and target are equal, but for what is not published: names that begin
// with a dot, since web servers may take such files for settings (.htaccess) or
// hide them; names with control characters or not in UTF-8; symbolic links, pipes,
// sockets and devices; what may not be read; more than 10,000 files; and of more
// than 4 GiB in all the largest files. Copies have the modes 0644 and 0755, whatever
// the originals have.
//
// # Staying in place
//
// LOG_PATH comes from others. It must be relative and clean, and no part of it may
// begin with a dot. Both sides are reached through an os.Root: no symbolic link
// that a build leaves in its output, however quickly it changes it, leads out of
// it, and nothing is written outside the target.
//
// # The same place twice
//
// A build that is run again, after trouble, has the same LOG_PATH, and its URL was
// told to Zuul already. So the later run takes the place over: what an earlier one
// published there is replaced, and removed where the later one has nothing of the
// name. What that is stands in the file .published of the target; anything else
// that is found there stays. Two runs at once never share a place: the later one
// fails with ErrBusy, also when the earlier is another process's.
//
// A full disk leaves whole pages and the beginnings of logs. What did not fit is
// tried again at the next interval.
package publish
