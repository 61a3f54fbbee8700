package config

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Fault is one thing wrong with the configuration.
type Fault struct {
	Line    int    // counts from 1; 0 when there is no place to point at
	Column  int    // counts from 1
	Path    string // the key it is about, as in "apps[2].roles[0].route"
	Problem string // cause and remedy, one sentence
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

// sorted puts faults into file order, each one once, with nothing in them that
// came from the environment or a file.
func (d *configDecoder) sorted(faults []Fault) []Fault {
	out := slices.Clone(faults)
	for i := range out {
		out[i].Problem = d.refs.conceal(out[i].Problem)
	}
	slices.SortStableFunc(out, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Problem, b.Problem))
	})
	return slices.CompactFunc(out, func(a, b Fault) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Problem == b.Problem
	})
}

// parseYAML reads one document. The parser's own errors name a place, but speak
// of grammar; the sentence adds what usually is behind them.
func parseYAML(source []byte) (*yaml.Node, *Fault) {
	var document yaml.Node
	err := yaml.Load(source, &document)
	if err == nil && len(document.Content) == 1 {
		return document.Content[0], nil
	}
	fault := &Fault{Line: 1, Column: 1, Problem: "the file holds nothing to read: start from the example config.yaml"}
	first := firstLoadError(err)
	if first == nil {
		return nil, fault
	}
	fault.Line, fault.Column = max(1, first.Mark.Line), max(1, first.Mark.Column)
	fault.Problem = fmt.Sprintf("this is not valid YAML (%s)%s", plainLoadError(first), yamlRemedy(source, first.Mark.Line))
	return nil, fault
}

func firstLoadError(err error) *yaml.LoadError {
	if all := (*yaml.LoadErrors)(nil); errors.As(err, &all) && len(all.Errors) > 0 {
		return all.Errors[0]
	}
	if one := (*yaml.LoadError)(nil); errors.As(err, &one) {
		return one
	}
	return nil
}

func plainLoadError(e *yaml.LoadError) string {
	message := strings.TrimPrefix(e.Message, "yaml: ")
	if message == "" && e.Unwrap() != nil {
		message = strings.TrimPrefix(e.Unwrap().Error(), "yaml: ")
	}
	if e.ContextMsg != "" {
		message += " " + e.ContextMsg
	}
	return message
}

// yamlRemedy knows the two slips that explain most syntax errors here.
func yamlRemedy(source []byte, line int) string {
	lines := strings.Split(string(source), "\n")
	if line < 1 || line > len(lines) {
		return ": write one UTF-8 document"
	}
	text := lines[line-1]
	switch {
	case strings.Contains(text, "${") && strings.ContainsAny(strings.ReplaceAll(text, "${", ""), "{["):
		return ": inside { } and [ ] put ${…} in quotes"
	case strings.Contains(text, "\t"):
		return ": indent with spaces, not tabs"
	}
	return ": check the indentation, brackets and quotes here and just above"
}
