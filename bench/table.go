package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// row is one line of the table.
type row struct {
	name     string
	workload string
	metric   string
	peer     string
	measured string
	target   string
	kind     string // D, R or W
	verdict  string // met, missed, skipped, failed, or – where there is no target
}

// bench is one run of the suite.
type bench struct {
	options
	machine *machine
	peers   *peers
	rows    []row
	notes   []string
}

func newBench(o options) (*bench, error) {
	b := &bench{options: o, machine: newMachine()}
	dir, err := os.MkdirTemp(o.dir, "latchkey-bench-")
	if err != nil {
		return nil, err
	}
	b.dir = dir
	b.peers = newPeers(o.repo, b.dir)
	return b, nil
}

// close removes what the run left on the disk.
func (b *bench) close() {
	b.peers.close()
	_ = os.RemoveAll(b.dir) // only disk space is lost
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (b *bench) add(r row) {
	b.rows = append(b.rows, r)
	b.say("    %s %s: %s (%s) %s", r.name, r.workload, r.measured, r.target, r.verdict)
}

// note goes under the table.
func (b *bench) note(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !slices.Contains(b.notes, n) {
		b.notes = append(b.notes, n)
	}
}

func (b *bench) failed(name string, err error) {
	b.add(row{name: name, measured: err.Error(), kind: "–", verdict: "failed"})
}

// skip says why a peer's line is missing.
func (b *bench) skip(name, peer string, why error) {
	b.add(row{name: name, peer: peer, measured: "skipped: " + firstLine(why.Error()), kind: "R", verdict: "skipped"})
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// verdict is an error if something that must hold did not, or could not be
// measured. A target that is missed is a figure, not a failure.
func (b *bench) verdict() error {
	var errs []error
	for _, r := range b.rows {
		if r.verdict == "failed" {
			errs = append(errs, fmt.Errorf("%s %s: %s", r.name, r.workload, r.measured))
		}
	}
	return errors.Join(errs...)
}

func (b *bench) print(w io.Writer) {
	fmt.Fprintln(w, b.machine.describe())
	if b.short {
		fmt.Fprintln(w, "SHORT: fewer rounds and smaller stores than the targets ask for.")
	}
	fmt.Fprintln(w)
	head := []string{"benchmark", "workload", "metric", "peer", "median [min–max]", "target", "kind", "verdict"}
	if b.markdown {
		b.printMarkdown(w, head)
	} else {
		b.printColumns(w, head)
	}
	for _, n := range b.notes {
		fmt.Fprintln(w, "·", n)
	}
}

func (r row) cells() []string {
	return []string{r.name, r.workload, r.metric, r.peer, r.measured, r.target, r.kind, r.verdict}
}

func (b *bench) printColumns(w io.Writer, head []string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, strings.Join(head, "\t"))
	for _, r := range b.rows {
		fmt.Fprintln(t, strings.Join(r.cells(), "\t"))
	}
	_ = t.Flush() // as with any printing to standard output
	fmt.Fprintln(w)
}

func (b *bench) printMarkdown(w io.Writer, head []string) {
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, r := range b.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(r.cells(), " | "))
	}
	fmt.Fprintln(w)
}
