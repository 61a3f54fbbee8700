package app

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/workflow"
	"latchkey/workflow/engine"
)

const (
	// helloTime bounds one look at a service.
	helloTime = time.Minute
	// lookAgain is how soon a service that doesn't work is looked at again, and
	// lookAfter how soon one that does.
	lookAgain, lookAfter = time.Minute, 30 * time.Minute
	// alarmAfter is how long a service may be away before IT is told. What a human
	// has to mend is told at once.
	alarmAfter = 10 * time.Minute
)

// alarm tells IT, and the work.
type alarm interface {
	Alarm(ctx context.Context, a workflow.Alarm) error
	// Resume has what a service denied tried again now.
	Resume(queue string)
}

// health knows which services don't work for Latchkey, and tells IT. Nothing waits
// for it: what does not need a service goes on without it, and what does is tried
// again by its own tasks.
type health struct {
	services []service
	clock    clock.Clock
	log      *slog.Logger
	alarm    alarm

	*outages
	noted map[string]bool // notes that were told; guarded by outages
	cured map[string]bool // services of which IT knows that they work; guarded by outages
}

func newHealth(o *outages, all []service, c clock.Clock, log *slog.Logger, to alarm) *health {
	h := &health{services: all, clock: c, log: log, alarm: to, outages: o, noted: map[string]bool{}, cured: map[string]bool{}}
	for _, s := range all {
		h.wakeups[s.name] = make(chan struct{}, 1)
	}
	return h
}

// watch looks at every service by itself until ctx ends: at once if now, and then
// from time to time.
func (h *health) watch(ctx context.Context, now bool) {
	var watching sync.WaitGroup
	for _, s := range h.services {
		watching.Go(func() { h.watchOne(ctx, s, now) })
	}
	watching.Wait()
}

func (h *health) watchOne(ctx context.Context, s service, now bool) {
	for wait := cmp.Or(s.again, lookAfter); ctx.Err() == nil; now = true {
		begun := h.clock.Now() // what is seen is as old as that: the clock may jump during the look
		if now {
			wait = h.look(ctx, s)
		}
		due, stop := h.clock.Until(begun.Add(wait))
		select {
		case <-due:
		case <-h.wakeups[s.name]:
		case <-ctx.Done():
		}
		stop()
	}
}

// look looks at a service and says how long to wait until the next time.
func (h *health) look(ctx context.Context, s service) time.Duration {
	within, cancel := context.WithTimeout(ctx, helloTime)
	defer cancel()
	err := engine.Caught("the look at "+s.called, func() error { return s.hello(within) })
	switch {
	case ctx.Err() != nil:
		return 0
	case err == nil:
		h.well(ctx, s)
		return cmp.Or(s.again, lookAfter)
	}
	f := access.Classify(err)
	level := slog.LevelWarn
	if !h.changes(s, f) { // said already: who reads a night's log finds what is new
		level = slog.LevelDebug
	}
	h.log.Log(ctx, level, "a service doesn't work; going on without it", "service", s.name, "error", err)
	h.ill(ctx, s, f)
	return lookAgain
}

// changes tells whether something else is the matter with a service than when it was looked at last.
func (h *health) changes(s service, f *access.Failure) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	t, had := h.by[s.name]
	return !had || t.why != f.Sentence
}

// well takes note that a service works, and tells those who were told otherwise: maybe
// by a process that has ended meanwhile.
func (h *health) well(ctx context.Context, s service) {
	h.mu.Lock()
	_, had := h.by[s.name]
	delete(h.by, s.name)
	cured := h.cured[s.name]
	h.mu.Unlock()
	h.tellNotes(ctx, s)
	if had {
		h.alarm.Resume(s.name)
		h.log.InfoContext(ctx, "a service works again", "service", s.name)
	}
	if cured {
		return
	}
	over := outage{service: s, since: h.clock.Now().UTC()}
	told := h.tell(ctx, workflow.Alarm{ID: alarmID(over) + "/over", Outage: s.name, Over: true, Title: s.title() + " works again", Lines: []string{"What waited for it is being done."}})
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cured[s.name] = told
}

// tellNotes tells IT, once, what works and should be looked at all the same.
func (h *health) tellNotes(ctx context.Context, s service) {
	if s.notes == nil {
		return
	}
	var fresh []string
	h.mu.Lock()
	for _, note := range s.notes() {
		if !h.noted[note] {
			fresh = append(fresh, note+".")
		}
		h.noted[note] = true
	}
	h.mu.Unlock()
	if len(fresh) > 0 {
		h.tell(ctx, workflow.Alarm{ID: "service/" + s.name + "/names", Title: "Something has another name in " + s.called, Lines: fresh})
	}
}

// ill takes note that a service doesn't work, and tells IT when it is time to.
func (h *health) ill(ctx context.Context, s service, f *access.Failure) {
	now := h.clock.Now().UTC()
	h.mu.Lock()
	t, had := h.by[s.name]
	if !had {
		t = outage{service: s, since: now}
	}
	t.why, t.human = f.Sentence, f.Class == access.Denied || f.Class == access.Rejected
	h.by[s.name] = t
	_, deaf := h.by[slackService]
	h.mu.Unlock()
	if t.told || s.telling || !t.human && now.Sub(t.since) < alarmAfter {
		return
	}
	if !h.tell(ctx, alarmOf(t, deaf)) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	t.told = true
	h.by[s.name], h.cured[s.name] = t, false
}

// alarmOf says what IT reads. Where Slack is what doesn't work, they read it in Jira.
func alarmOf(t outage, deaf bool) workflow.Alarm {
	return workflow.Alarm{
		ID: alarmID(t), Outage: t.service.name, Title: t.service.title() + " doesn't work for Latchkey as it should",
		Lines: []string{
			strings.TrimRight(t.why, ".") + ".",
			"Access ends on time all the same, wherever its directory answers. What can't be done because of this waits, and is done by itself when it works again.",
		},
		InJira: deaf, NotInSlack: t.service.name == slackService,
	}
}

func alarmID(t outage) string {
	return "service/" + t.service.name + "/" + t.since.Format("20060102T1504")
}

func (h *health) tell(ctx context.Context, a workflow.Alarm) bool {
	err := h.alarm.Alarm(ctx, a)
	if err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "IT can't be told about a service", "what", a.Title, "error", err)
	}
	return err == nil
}
