// Command bench measures Latchkey and what one would use in its place, side by
// side, and prints one table: what was measured, against whom, the target, and
// whether it was met. The method and the last results are in
// docs/performance.md.
//
// There are three kinds of row. D is deterministic: a Go test that also runs in
// "make test" holds it. R is a ratio, taken in interleaved pairs: the table
// shows the median and, in brackets, the lowest and highest pair. W is an
// absolute figure with a wide margin.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], "child:") {
		end(beChild(strings.TrimPrefix(os.Args[1], "child:"), os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	end(run(ctx, os.Args[1:]))
}

// end ends the process: 0 for success, 2 for wrong usage, 1 for the rest.
func end(err error) {
	switch {
	case err == nil:
		os.Exit(0)
	case errors.Is(err, flag.ErrHelp):
		os.Exit(0)
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type usageError struct{ error }

// options are what the command line says.
type options struct {
	only     string
	short    bool
	force    bool
	markdown bool
	alone    bool
	profile  string
	dir      string // where stores and databases are made; it decides what a flush costs
	repo     string
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.only, "only", "", "run only benchmarks whose name begins with one of these, such as ack/rotation,jobs")
	f.BoolVar(&o.short, "short", false, "fewer and shorter rounds, smaller stores: a rehearsal, not a result")
	f.BoolVar(&o.force, "force", false, "measure although the machine is busy; the figures are marked as loaded")
	f.BoolVar(&o.markdown, "markdown", false, "print the table as Markdown")
	f.BoolVar(&o.alone, "alone", false, "leave the peers out, for tuning")
	f.StringVar(&o.profile, "profile", "", "folder for CPU profiles of Latchkey's processes, for tuning")
	f.StringVar(&o.dir, "dir", "", "folder on the disk to be measured (default: the system's temporary folder)")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, usageError{err}
	}
	if f.NArg() > 0 {
		return o, usageError{fmt.Errorf("bench takes no %q; see -help", f.Arg(0))}
	}
	repo, err := os.Getwd()
	if err != nil {
		return o, err
	}
	if _, err := os.Stat(filepath.Join(repo, "bench", "peers")); err != nil {
		return o, usageError{errors.New("run bench in the folder of the repository: go run ./bench")}
	}
	o.repo = repo
	return o, nil
}

// wants tells whether a benchmark was asked for.
func (o options) wants(name string) bool {
	return slices.ContainsFunc(strings.Split(o.only, ","), func(begin string) bool { return strings.HasPrefix(name, begin) })
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	b, err := newBench(o)
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.machine.ready(o.force); err != nil {
		return err
	}
	for _, one := range suite() {
		if !o.wants(one.name) {
			continue
		}
		b.say("%s …", one.name)
		if err := one.run(ctx, b); err != nil {
			b.failed(one.name, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	b.machine.finish()
	b.print(os.Stdout)
	return b.verdict()
}

// benchmark is one entry of the suite.
type benchmark struct {
	name string
	run  func(context.Context, *bench) error
}

// suite is every benchmark, in the order of the table.
func suite() []benchmark {
	return []benchmark{
		{"ack/slash", ackSlash},
		{"ack/view", ackView},
		{"ack/click", ackClick},
		{"ack/slow-disk", ackSlowDisk},
		{"ack/replicas", ackReplicas},
		{"ack/rotation", rotationSuite},
		{"provision", provisionSuite},
		{"expiry/lateness", expirySuite},
		{"ends/replicas", replicasSuite},
		{"jobs/throughput", jobsSuite},
		{"jobs/replicas", sharedSuite},
		{"recover", recoverSuite},
		{"footprint", footprintSuite},
		{"review/snapshot", snapshotSuite},
		{"review/reading", readingSuite},
		{"review/ends", endsSuite},
		{"soak/day", soakSuite},
	}
}
