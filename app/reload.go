package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/workflow"
)

// Reload is how a running Latchkey takes up another configuration. The zero value never does.
type Reload struct {
	Parse func(source []byte) (*config.Config, error) // reads what the file says now; nil: never
	Now   <-chan struct{}                             // asks for it at once; may be nil
}

// lookAtFile is how often the file is looked at, and settled how soon again where it has changed: what is found
// twice is taken up, for whoever is just writing it isn't done.
const lookAtFile, settled = 10 * time.Second, time.Second

// mostFaults is how many faults, and changes, IT reads of a file.
const mostFaults = 10

// mostWhom is how many of those whom a change concerns stand in its line.
const mostWhom = 5

// reloader puts the catalogue into force that the file has, and tells what becomes of the file.
type reloader struct {
	Reload
	path    string
	started *config.Config // what Latchkey was started with: beside the catalogue it goes by that
	inForce *inForce
	clock   clock.Clock
	log     *slog.Logger
	tell    interface {
		Alarm(ctx context.Context, a workflow.Alarm) error
		InForce(ctx context.Context, version, says string) (time.Time, error)
	}

	changed func() // is told that another catalogue is in force: what was found out by the one before is looked at anew

	current *config.Config // whose catalogue is in force
	seen    string         // what the file held at the last look
	taken   string         // what it held when it was taken up, or refused
}

// watch notes which catalogue is in force, and takes up what the file says until ctx ends.
func (r *reloader) watch(ctx context.Context) {
	r.begin(ctx)
	if r.Parse == nil {
		return
	}
	for wait := lookAtFile; ctx.Err() == nil; {
		due, stop := r.clock.Until(r.clock.Now().Add(wait))
		wait = lookAtFile
		select {
		case <-due:
			if r.look(ctx) {
				wait = settled
			}
		case <-r.Now:
			r.log.InfoContext(ctx, "asked to read the configuration again", "file", r.path)
			r.reload(ctx)
		case <-ctx.Done():
		}
		stop()
	}
}

// begin notes which catalogue Latchkey was started with.
func (r *reloader) begin(ctx context.Context) {
	r.current = r.started
	if source, err := os.ReadFile(r.path); err == nil {
		r.seen, r.taken = sumOf(source), sumOf(source)
	}
	since, err := r.tell.InForce(ctx, r.current.Catalog.Version(), "Latchkey was started with it.")
	if err != nil && ctx.Err() == nil {
		r.log.ErrorContext(ctx, "which catalogue is in force can't be noted", "error", err)
		return
	}
	r.inForce.put(r.current.Catalog, since, nil)
}

func sumOf(source []byte) string {
	sum := sha256.Sum256(source)
	return hex.EncodeToString(sum[:])
}

// look takes the file up once it has changed and stays as it is. It reports whether it is to be seen first
// whether it stays so.
func (r *reloader) look(ctx context.Context) (changing bool) {
	source, err := os.ReadFile(r.path)
	sum := sumOf(source)
	if err != nil {
		sum = err.Error()
	}
	if sum != r.seen {
		r.seen = sum
		return sum != r.taken
	}
	if sum != r.taken {
		r.reload(ctx)
	}
	return false
}

// reload takes the file up as it is now.
func (r *reloader) reload(ctx context.Context) {
	source, err := os.ReadFile(r.path)
	r.seen = sumOf(source)
	if err != nil {
		r.seen = err.Error()
	}
	var next *config.Config
	if err == nil {
		next, err = r.Parse(source)
	}
	if err == nil {
		err = r.started.Unfit(next)
	}
	if err != nil {
		r.refuse(ctx, err)
		r.taken = r.seen
		return
	}
	if err := r.take(ctx, next); err != nil {
		r.log.ErrorContext(ctx, "the configuration can't be taken up; it is tried again", "file", r.path, "error", err)
		r.taken = ""
		return
	}
	r.taken = r.seen
}

// refuse goes on with what is in force, and tells why.
func (r *reloader) refuse(ctx context.Context, why error) {
	lines := strings.Split(why.Error(), "\n")
	for _, line := range lines {
		r.log.ErrorContext(ctx, "the configuration is refused; going on with the one before", "fault", line)
	}
	first := fmt.Sprintf("%s; what was in force before goes on", lines[0])
	if len(lines) > 1 {
		first = fmt.Sprintf("%d faults, first: %s; what was in force before goes on", len(lines), lines[0])
	}
	r.inForce.refuse(first)
	if r.seen == r.taken {
		return // asked for once more, and told
	}
	r.alarm(ctx, "refused", "The configuration was changed, and is refused",
		append(bounded(lines), "What was in force before goes on: catalogue "+r.inForce.now().Version()+". As soon as the file is right it is taken up.")...)
}

// take puts a catalogue into force. What is written down of that comes first: without it nothing changes.
func (r *reloader) take(ctx context.Context, next *config.Config) error {
	restart := r.started.Beside(next)
	was, version := r.current.Catalog.Version(), next.Catalog.Version()
	p := PlanOfFiles(r.current, next)
	changes := make([]string, len(p.Changes))
	for i, l := range p.Changes {
		changes[i] = string(l.Sign) + " " + l.Text(mostWhom)
	}
	since, err := r.tell.InForce(ctx, version, strings.Join(bounded(changes), "\n"))
	if err != nil {
		return err
	}
	news := r.inForce.shown()
	r.inForce.put(next.Catalog, since, restart)
	r.current = next
	if version != was {
		r.changed()
	}
	r.log.InfoContext(ctx, "the configuration was taken up", "file", r.path, "catalogue", version, "before", was, "after a restart", restart)
	if len(changes) == 0 && news.Refused == "" && strings.Join(news.Restart, ",") == strings.Join(restart, ",") {
		return nil // a comment, a line that moved
	}
	var lines []string
	title := "The configuration was changed"
	if len(changes) > 0 {
		title = "The catalogue was changed"
		lines = append(bounded(changes), fmt.Sprintf("What is asked for from now on goes by catalogue %s, in place of %s. What waits keeps the stages it was made with.", version, was))
	} else if news.Refused != "" {
		lines = append(lines, "The file is as it should be again. Catalogue "+version+" goes on.")
	}
	if len(restart) > 0 {
		lines = append(lines, "Counts only once Latchkey is started again: "+strings.Join(restart, ", ")+".")
	}
	r.alarm(ctx, "taken", title, lines...)
	return nil
}

// bounded are the first of some lines, with how many are left out.
func bounded(lines []string) []string {
	if len(lines) <= mostFaults {
		return lines
	}
	return append(lines[:mostFaults:mostFaults], fmt.Sprintf("And %d more.", len(lines)-mostFaults))
}

// alarm tells IT, once for what the file says at this moment.
func (r *reloader) alarm(ctx context.Context, what, title string, lines ...string) {
	id := "configuration/" + what + "/" + r.clock.Now().UTC().Format("20060102T150405.000")
	if err := r.tell.Alarm(ctx, workflow.Alarm{ID: id, Title: title, Lines: lines}); err != nil && !errors.Is(err, context.Canceled) {
		r.log.ErrorContext(ctx, "IT can't be told of the configuration", "what", title, "error", err)
	}
}
