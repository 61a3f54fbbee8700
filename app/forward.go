package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"latchkey/access"
	"latchkey/config"
	"latchkey/evidence/anchor"
	"latchkey/store"
	"latchkey/workflow/recovery"
)

// Forwarded is what bringing up an older store has done.
type Forwarded struct {
	Written     bool       `json:"written"`
	Requests    int        `json:"requests"`
	New         int        `json:"new_requests"`
	Events      int        `json:"events"`
	Gap         uint64     `json:"missing_events"`
	Unconfirmed int        `json:"unconfirmed"`
	Disputed    int        `json:"disputed"`
	Rejoined    []string   `json:"known_again,omitempty"`
	Log         string     `json:"log"`
	Conflicts   []Conflict `json:"conflicts"`
}

// Forward brings a store up that is older than what is anchored of its log, from what
// Jira's issues have more of and is signed. With dry, nothing is written.
func Forward(ctx context.Context, c *config.Config, hooks Hooks, dry bool, progress io.Writer) (out Forwarded, err error) {
	a, err := Open(ctx, c, hooks)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	trust := a.keys.trust()
	if trust.Nobody() {
		return out, errNoTrust
	}
	fmt.Fprintln(progress, "Comparing the store with what is anchored of it …")
	standing, found, err := a.workflow.Anchors.Stand(ctx)
	if err != nil {
		return out, err
	}
	by, err := a.behind(ctx, standing, found)
	if err != nil {
		return out, err
	}
	fmt.Fprintln(progress, "Reading the issues of project "+c.Jira.Project+" …")
	issues, _, err := a.services.jira.Archive.RecordedIssues(ctx)
	if err != nil {
		return out, fmt.Errorf("jira: %w", err)
	}
	got, err := a.workflow.Recovery.Forward(ctx, recovery.Found{Issues: issues, Trust: trust, Heads: found.Heads(), Comments: a.services.jira.Archive}, by, dry)
	if err != nil {
		return out, err
	}
	return forwarded(got, dry), nil
}

// behind says how far the store is behind; an error where bringing it up is not what
// it needs.
func (a *App) behind(ctx context.Context, c anchor.Comparison, found anchor.Reading) (by recovery.Behind, err error) {
	refuse := func(why string) error { return &access.Failure{Class: access.Rejected, Sentence: why} }
	switch {
	case c.Standing == anchor.Forked:
		return by, refuse("The store has another history than what is anchored of its log, so it can't be brought up: latchkey evidence verify names what differs. Put the right store in its place, or move this one away and run latchkey recover")
	case c.Size == 0:
		return by, refuse("The store is empty: run latchkey recover, which rebuilds it from Jira")
	}
	err = a.store.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadAnchoring(tx)
		by.Checkpoint = now.Checkpoint
		return err
	})
	by.Size, by.Newest = c.Size, found.Heads().Newest
	by.Instance, _ = found.Instance()
	if c.Anchor != nil {
		by.Anchored = c.Anchor.Size
	}
	return by, err
}

func forwarded(f recovery.Forwarded, dry bool) Forwarded {
	out := Forwarded{
		Written: !dry, Requests: f.Requests, New: f.New, Events: f.Events, Gap: f.Gap, Unconfirmed: f.Unconfirmed, Disputed: f.Disputed, Rejoined: f.Rejoined, Log: f.Log, Conflicts: []Conflict{},
	}
	for _, c := range f.Conflicts {
		out.Conflicts = append(out.Conflicts, Conflict{About: c.About, Text: c.Text, Do: c.Do, People: c.People, Urgent: c.Urgent})
	}
	return out
}
