package zuul

import (
	"errors"
	"fmt"
	"strings"
)

// Function is what a build's Gearman function names. Zuul invokes build:JOB, or
// build:JOB:NODE for a job that a parameter function gave a ZUUL_NODE.
type Function struct {
	Job  string
	Node string // the node label; "" is none
}

const buildPrefix = "build:"

// maxFunctionBytes is how long the name of a function may be: gearmand takes 512.
const maxFunctionBytes = 512

// ParseFunction reads a configured function: JOB, build:JOB, JOB:NODE or
// build:JOB:NODE, and a node label that may be given beside it. Exactly one
// function is to be registered for it: String.
func ParseFunction(configured, node string) (Function, error) {
	job, label, hasLabel := strings.Cut(strings.TrimPrefix(configured, buildPrefix), ":")
	switch {
	case !hasLabel:
		label = node
	case label == "":
		return Function{}, fmt.Errorf("function %q: no node label after the last colon", configured)
	case node != "" && node != label:
		return Function{}, fmt.Errorf("function %q: the node label is given as %q too", configured, node)
	}
	if why := badFunctionPart(job); why != "" {
		return Function{}, fmt.Errorf("function %q: job: %s", configured, why)
	}
	if why := badFunctionPart(label); label != "" && why != "" {
		return Function{}, fmt.Errorf("function %q: node label: %s", configured, why)
	}
	f := Function{Job: job, Node: label}
	if len(f.String()) > maxFunctionBytes {
		return Function{}, errors.New("function: name too long")
	}
	return f, nil
}

// badFunctionPart says what keeps a name out of a function's name. Zuul reads the
// registered names from a list that is separated by white space, and a job's name
// becomes part of the log path.
func badFunctionPart(name string) string {
	if strings.ContainsAny(name, " :") {
		return "want a name without spaces and colons"
	}
	return badElement(name)
}

// String is the Gearman function: build:JOB or build:JOB:NODE.
func (f Function) String() string {
	if f.Node == "" {
		return buildPrefix + f.Job
	}
	return buildPrefix + f.Job + ":" + f.Node
}

// called tells whether name means the function's job. Zuul says the job's name
// alone; "" means any.
func (f Function) called(name string) bool {
	name = strings.TrimPrefix(name, buildPrefix)
	return name == "" || name == f.Job || buildPrefix+name == f.String()
}
