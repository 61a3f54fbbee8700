package value

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Fault is one thing wrong with the configuration.
type Fault struct {
	Line    int    // counts from 1; 0 when there is no place to point at
	Column  int    // counts from 1
	Path    string // the key it is about, as in "apps[2].roles[0].route"
	Problem string // cause and remedy, one sentence

	misnamed bool // it is a key that nobody reads
}

// Error holds every fault of a configuration file, in file order.
type Error struct {
	File   string
	Faults []Fault
	Cause  error // set when the file could not be read
}

// Error gives one line per fault: "config.yaml:12:5: what is wrong: what to do".
func (e *Error) Error() string {
	lines := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", filepath.Clean(e.File), f.Line, f.Column, f.Problem)
		if f.Line == 0 {
			lines[i] = fmt.Sprintf("%s: %s", filepath.Clean(e.File), f.Problem)
		}
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives why the file could not be read, if that was it.
func (e *Error) Unwrap() error { return e.Cause }
