package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/clock/clocktest"
	"latchkey/config"
	"latchkey/workflow"
)

// itReads notes what IT is told, and which catalogues were noted.
type itReads struct {
	mu     sync.Mutex
	alarms []workflow.Alarm
	noted  []string
	full   error // why nothing can be noted
}

func (r *itReads) Alarm(_ context.Context, a workflow.Alarm) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alarms = append(r.alarms, a)
	return nil
}

func (r *itReads) InForce(_ context.Context, version, _ string) (time.Time, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full != nil {
		return time.Time{}, r.full
	}
	if !slices.Contains(r.noted, version) {
		r.noted = append(r.noted, version)
	}
	return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), nil
}

// desk is a reloader with a file that a test edits.
type desk struct {
	*testing.T
	*reloader
	it   *itReads
	file string
	anew *int // how often what goes by the catalogue was looked at anew
}

func newDesk(t *testing.T) desk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	source, err := os.ReadFile("../config.yaml")
	if err == nil {
		err = os.WriteFile(path, source, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	parse := func(source []byte) (*config.Config, error) {
		return config.Parse(path, source, func(string) (string, bool) { return "", false }, Backends())
	}
	started, err := parse(source)
	if err != nil {
		t.Fatal(err)
	}
	it := &itReads{}
	r := &reloader{Reload: Reload{Parse: parse}, path: path, started: started, inForce: newInForce(started.Catalog), clock: clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)), log: slog.New(slog.DiscardHandler), tell: it}
	d := desk{t, r, it, path, new(int)}
	r.changed = func() { *d.anew++ }
	r.begin(t.Context())
	return d
}

// edit writes the file with a change.
func (d desk) edit(old, now string) {
	d.Helper()
	source, err := os.ReadFile(d.file)
	if err != nil || strings.Count(string(source), old) != 1 {
		d.Fatalf("%q stands %d times in the file, %v", old, strings.Count(string(source), old), err)
	}
	if err := os.WriteFile(d.file, []byte(strings.Replace(string(source), old, now, 1)), 0o600); err != nil {
		d.Fatal(err)
	}
}

// told are the titles and lines of what IT has read since it was asked last.
func (d desk) told() string {
	var said []string
	for _, a := range d.it.alarms {
		said = append(said, a.Title+": "+strings.Join(a.Lines, " "))
	}
	d.it.alarms = nil
	return strings.Join(said, "\n")
}

const (
	editor = `description: Draw and publish., groups: ["okta:figma-editors"]}`
	owned  = `description: Draw and publish., groups: ["okta:figma-editors"], route: owner}`
	faulty = `description: Draw and publish., groups: ["okta:figma-editors"], route: ownr}`
)

func TestAFaultyFileIsRefusedOnceAndAGoodOneTaken(t *testing.T) {
	d := newDesk(t)
	first := d.inForce.now()
	d.edit(editor, faulty)
	d.look(t.Context())
	if got := d.told(); got != "" {
		t.Errorf("whoever is just writing isn't done: %s", got)
	}
	d.look(t.Context())
	if got := d.told(); !strings.Contains(got, "is refused") || !strings.Contains(got, `there is no approval route "ownr"`) {
		t.Errorf("IT reads %q", got)
	}
	d.look(t.Context())
	d.reload(t.Context()) // a signal
	if got := d.told(); got != "" || d.inForce.now() != first || !strings.Contains(d.inForce.check().Detail, "is refused") {
		t.Errorf("told again: %q; %+v", got, d.inForce.check())
	}
	d.edit(faulty, owned)
	d.reload(t.Context())
	if got := d.told(); !strings.Contains(got, "The catalogue was changed") || !strings.Contains(got, "Figma · Editor: manager → owner") || d.inForce.now() == first {
		t.Errorf("IT reads %q", got)
	}
	if s := d.inForce.shown(); s.Refused != "" || s.Catalog == first.Version() || len(d.it.noted) != 2 || *d.anew != 1 {
		t.Errorf("%+v, noted %v, looked at anew %d times", s, d.it.noted, *d.anew)
	}
	d.edit(owned, faulty)
	d.reload(t.Context())
	d.edit(faulty, owned)
	d.reload(t.Context())
	if got := d.told(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "as it should be again") {
		t.Errorf("IT reads %q", got)
	}
}

func TestWhatCountsOnlyAfterARestartIsSaid(t *testing.T) {
	d := newDesk(t)
	d.edit("admins: [ines@acme.example] ", "admins: [ines@acme.example, omar@acme.example] ")
	d.reload(t.Context())
	if got := d.told(); !strings.Contains(got, "Counts only once Latchkey is started again: people.admins") {
		t.Errorf("IT reads %q", got)
	}
	d.edit("# Latchkey's configuration", "# The configuration")
	d.reload(t.Context())
	if got := d.told(); got != "" {
		t.Errorf("of a comment IT reads %q", got)
	}
	d.edit("type: bolt", "type: bolt\n  ")
	d.edit("  level: info ", "  level: warn ")
	d.edit("break_glass: 4h", "break_glass: 2h")
	d.reload(t.Context())
	if got := d.told(); !strings.Contains(got, "people.admins, requests, log") {
		t.Errorf("IT reads %q", got)
	}
}

// TestACatalogueThatNeedsARestartIsRefused: what it stands on isn't there yet.
func TestACatalogueThatNeedsARestartIsRefused(t *testing.T) {
	d := newDesk(t)
	first := d.inForce.now()
	d.edit("# oncall:\n#   platform: {file: oncall.yaml}", "oncall:\n  platform: {file: oncall.yaml}")
	d.edit("  it: [admins]\n", "  it: [admins]\n  night: [\"oncall:platform\"]\n")
	d.edit(editor, strings.Replace(owned, "owner", "night", 1))
	d.reload(t.Context())
	if got := d.told(); !strings.Contains(got, "is refused") || !strings.Contains(got, "platform") || !strings.Contains(got, "once Latchkey is started again") || d.inForce.now() != first {
		t.Errorf("IT reads %q", got)
	}
}

// TestNothingTakesForceThatCannotBeNoted: the log has every catalogue that counted.
func TestNothingTakesForceThatCannotBeNoted(t *testing.T) {
	d := newDesk(t)
	first := d.inForce.now()
	d.edit(editor, owned)
	d.it.full = errors.New("no room left")
	d.look(t.Context())
	d.look(t.Context())
	if d.inForce.now() != first {
		t.Fatal("it is in force all the same")
	}
	d.it.full = nil
	d.look(t.Context())
	if d.inForce.now() == first || len(d.it.noted) != 2 {
		t.Error("it isn't tried again")
	}
}

// TestWhoeverReadsSeesOneCatalogue while others take its place; run with -race.
func TestWhoeverReadsSeesOneCatalogue(t *testing.T) {
	d := newDesk(t)
	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	for range 4 {
		reading.Go(func() {
			for ctx.Err() == nil {
				c := d.inForce.now()
				if _, role, _ := c.Role("figma", "editor"); role.Route != "manager" && role.Route != "owner" || len(c.Routes()) == 0 {
					t.Error("a catalogue that never was")
				}
				_ = d.inForce.check()
			}
		})
	}
	for range 3 {
		d.edit(editor, owned)
		d.reload(ctx)
		d.edit(owned, editor)
		d.reload(ctx)
	}
	stop()
	reading.Wait()
}
