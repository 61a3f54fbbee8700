package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"latchkey/access"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/workflow/recovery"
)

// Recovered is what a store rebuilt from Jira holds.
type Recovered struct {
	Written     bool       `json:"written"`
	Requests    int        `json:"requests"`
	Waiting     int        `json:"waiting"`
	Grants      int        `json:"grants"`
	Live        int        `json:"live"`
	Overdue     int        `json:"overdue"`
	Disputed    int        `json:"disputed"`
	Unconfirmed int        `json:"unconfirmed"`
	Unproven    int        `json:"unproven"`
	Events      int        `json:"events"`
	Missing     int        `json:"missing_events"`
	Log         string     `json:"log"`
	OldHead     string     `json:"old_head,omitempty"`
	OldLog      string     `json:"old_log,omitempty"`
	OldPlace    uint64     `json:"old_place,omitempty"`
	OldLeaf     string     `json:"old_leaf,omitempty"`
	Conflicts   []Conflict `json:"conflicts"`
}

// Conflict is something for a human to look at.
type Conflict struct {
	About  string   `json:"about"`
	Text   string   `json:"text"`
	Do     string   `json:"do,omitempty"`
	People []string `json:"people,omitempty"`
	Urgent bool     `json:"urgent,omitempty"`
}

// errNoTrust: nobody is trusted, so nothing can be believed.
var errNoTrust = &access.Failure{Class: access.Rejected, Sentence: "No public key is known, so nothing in Jira can be believed: put the signing key back where evidence.key says, or write its public key under evidence.trust (it is on every export, and latchkey check prints it)"}

// Recover rebuilds an empty store from what Jira's issues say and is signed, and
// compares the result with the directories. With dry, nothing is written. Without any
// public key it only lists what there is, and fails.
func Recover(ctx context.Context, c *config.Config, hooks Hooks, dry bool, progress io.Writer) (out Recovered, err error) {
	a, err := Open(ctx, c, hooks)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	trust := a.keys.trust()
	if trust.Nobody() && !dry {
		return out, errNoTrust
	}
	began := time.Now()
	fmt.Fprintln(progress, "Reading the issues of project "+c.Jira.Project+" …")
	issues, reports, err := a.services.jira.Archive.RecordedIssues(ctx)
	if err != nil {
		return out, fmt.Errorf("jira: %w", err)
	}
	fmt.Fprintf(progress, "%d issues read in %s. Comparing with their comments and the directories …\n", len(issues), time.Since(began).Round(time.Second))
	heads, err := a.anchoredHeads(ctx)
	if err != nil {
		return out, err
	}
	result, err := a.workflow.Recovery.Recover(ctx, recovery.Found{Issues: issues, Reports: reports, Trust: trust, Heads: heads, Comments: a.services.jira.Archive}, dry)
	if err != nil {
		return out, err
	}
	if out = recovered(result, dry); trust.Nobody() {
		err = errNoTrust
	}
	return out, err
}

// anchoredHeads are what anchors say that the issues were seen to hold.
func (a *App) anchoredHeads(ctx context.Context) (evidence.Heads, error) {
	return a.workflow.Anchors.Heads(ctx)
}

func recovered(r recovery.Recovery, dry bool) Recovered {
	out := Recovered{
		Written: !dry, Requests: r.Requests, Waiting: r.Waiting, Grants: r.Grants, Live: r.Live, Overdue: r.Overdue,
		Disputed: r.Disputed, Unconfirmed: r.Unconfirmed, Unproven: r.Unproven, Log: r.Log,
		Events: r.Events, Missing: r.Missing, Conflicts: []Conflict{},
	}
	if r.Head.Place > 0 {
		out.OldHead, out.OldLog, out.OldPlace, out.OldLeaf = r.Head.ID, r.Head.Log, r.Head.Place, r.Head.Leaf.String()
	}
	for _, c := range r.Conflicts {
		out.Conflicts = append(out.Conflicts, Conflict{About: c.About, Text: c.Text, Do: c.Do, People: c.People, Urgent: c.Urgent})
	}
	return out
}
