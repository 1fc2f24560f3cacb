package migrate

import "github.com/turbo-hipster/turbo-hipster/internal/subprocess"

// markerVariable marks the processes of one run.
const markerVariable = "TH_MIGRATION_ID"

// marker is the variable's value: KillLeftovers knows by its beginning whose the
// process is.
func marker(build, run string) string { return build + "-" + run }

// KillLeftovers ends the commands of a build whose worker was killed, by the mark
// in their environment. It sees the processes of its own user only, and where there
// is no /proc none.
func KillLeftovers(build string) {
	if build != "" {
		subprocess.KillMarked(markerVariable + "=" + marker(build, ""))
	}
}
