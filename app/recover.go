package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"latchkey/workflow/recovery"

	"latchkey/config"
)

// Recovered is what a store rebuilt from Jira holds.
type Recovered struct {
	Written   bool       `json:"written"`
	Requests  int        `json:"requests"`
	Waiting   int        `json:"waiting"`
	Grants    int        `json:"grants"`
	Live      int        `json:"live"`
	Overdue   int        `json:"overdue"`
	Events    int        `json:"events"`
	Missing   int        `json:"missing_events"`
	OldHead   string     `json:"old_head,omitempty"`
	OldLog    string     `json:"old_log,omitempty"`
	OldPlace  uint64     `json:"old_place,omitempty"`
	OldLeaf   string     `json:"old_leaf,omitempty"`
	Conflicts []Conflict `json:"conflicts"`
}

// Conflict is something for a human to look at.
type Conflict struct {
	About  string   `json:"about"`
	Text   string   `json:"text"`
	People []string `json:"people,omitempty"`
}

// Recover rebuilds an empty store from what Jira's issues say, and compares the
// result with the directories. With dry, nothing is written.
func Recover(ctx context.Context, c *config.Config, hooks Hooks, dry bool, progress io.Writer) (out Recovered, err error) {
	a, err := Open(ctx, c, hooks)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()

	began := time.Now()
	fmt.Fprintln(progress, "Reading the issues of project "+c.Jira.Project+" …")
	issues, doubts, err := a.services.jira.Archive.RecordedIssues(ctx)
	if err != nil {
		return out, fmt.Errorf("jira: %w", err)
	}
	fmt.Fprintf(progress, "%d issues read in %s. Comparing with the directories …\n", len(issues), time.Since(began).Round(time.Second))
	result, err := a.workflow.Recovery.Recover(ctx, issues, dry)
	if err != nil {
		return out, err
	}
	for _, d := range doubts {
		result.Conflicts = append(result.Conflicts, recovery.Conflict{About: "jira", Text: d})
	}
	return recovered(result, dry), nil
}

func recovered(r recovery.Recovery, dry bool) Recovered {
	out := Recovered{
		Written: !dry, Requests: r.Requests, Waiting: r.Waiting, Grants: r.Grants, Live: r.Live, Overdue: r.Overdue,
		Events: r.Events, Missing: r.Missing, Conflicts: []Conflict{},
	}
	if r.Head.Place > 0 {
		out.OldHead, out.OldLog, out.OldPlace, out.OldLeaf = r.Head.ID, r.Head.Log, r.Head.Place, r.Head.Leaf.String()
	}
	for _, c := range r.Conflicts {
		out.Conflicts = append(out.Conflicts, Conflict(c))
	}
	return out
}
