package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"latchkey/catalog/plan"
	"latchkey/config"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/rehearsal"
)

// rehearseTime bounds a rehearsal: it holds up nobody, but it works.
const rehearseTime = 10 * time.Minute

// standstill is a clock on which no time passes, so that both sides judge the same moment.
type standstill time.Time

// Now implements clock.Clock.
func (s standstill) Now() time.Time { return time.Time(s) }

// Until implements clock.Clock: nothing is ever waited for.
func (standstill) Until(time.Time) (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

// rehearse says what becomes different for everybody and everything that a store knows.
func rehearse(ctx context.Context, s store.Store, with outside, now time.Time, before, after *config.Config) (plan.Plan, error) {
	ctx, cancel := context.WithTimeout(ctx, rehearseTime)
	defer cancel()
	read := map[string]idp.Directory{}
	for _, d := range with.directories {
		read[d.ID()] = rehearsal.Once(d)
	}
	side := func(c *config.Config) (rehearsal.Side, error) {
		working := workflowConfig(c)
		working.Store, working.AsSeen, working.Clock, working.Owner = rehearsal.Dry(s), true, standstill(now), processName()
		working.Logger = slog.New(slog.DiscardHandler)
		for _, d := range c.IDP {
			known, there := read[d.ID]
			if !there {
				known = rehearsal.Unread(d.ID)
			}
			working.Directories = append(working.Directories, known)
		}
		flow, err := workflow.New(working, workflow.Ports{Groups: with.groups, OnCalls: with.onCalls})
		if err != nil {
			return rehearsal.Side{}, err
		}
		return rehearsal.Side{File: c.Path, Catalog: c.Catalog, Admins: c.People.Admins, Fallback: c.People.Fallback, People: flow.People, Requests: flow.Requests}, nil
	}
	old, err := side(before)
	if err != nil {
		return plan.Plan{}, fmt.Errorf("%s: %w", before.Path, err)
	}
	next, err := side(after)
	if err != nil {
		return plan.Plan{}, fmt.Errorf("%s: %w", after.Path, err)
	}
	p, err := rehearsal.Run(ctx, rehearsal.Config{View: s.View, Now: now, Before: old, After: next})
	return besides(p, before, after), err
}

// rehearser answers what a change of the catalogue would do.
type rehearser struct {
	store   store.Store
	outside outside
	now     func() time.Time
}

// plan rehearses for a command, which sends both files.
func (s rehearser) plan(r *http.Request) (any, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	parse := func(which string) (*config.Config, error) {
		return config.Parse(r.PostFormValue(which), []byte(r.PostFormValue(which+".text")), os.LookupEnv, Backends())
	}
	before, err := parse("old")
	if err != nil {
		return nil, err
	}
	after, err := parse("new")
	if err != nil {
		return nil, err
	}
	return rehearse(r.Context(), s.store, s.outside, s.now(), before, after)
}
