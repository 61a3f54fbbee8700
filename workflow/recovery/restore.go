package recovery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence"
)

// restoredCase is one case on its way back into the store.
type restoredCase struct {
	access.RecoveredCase
	r access.Request
	g *access.Grant
}

// restoreAll restores what the issues carry and counts it.
func restoreAll(issues []access.RecordedIssue, now time.Time, out *Recovery) []restoredCase {
	var cases []restoredCase
	seen := map[string]string{} // request -> issue
	for _, is := range issues {
		c, err := restore(is)
		if err == nil && seen[c.ID] != "" {
			err = fmt.Errorf("%s and %s both say they are request %s; the first is used, close the other one", seen[c.ID], is.Issue.Key, c.ID)
		}
		if err != nil {
			out.Conflicts = append(out.Conflicts, Conflict{About: is.Issue.Key, Text: sentenceOf(err)})
			continue
		}
		seen[c.ID] = is.Issue.Key
		cases = append(cases, c)
		out.count(c, now)
	}
	return cases
}

func (out *Recovery) count(c restoredCase, now time.Time) {
	out.Requests++
	if c.r.State == access.RequestPending {
		out.Waiting++
	}
	if c.g == nil {
		return
	}
	out.Grants++
	if c.g.Live() {
		out.Live++
	}
	if due := c.g.Due(); !due.IsZero() && !due.After(now) {
		out.Overdue++
	}
}

// restore tells the story of an issue again.
func restore(is access.RecordedIssue) (c restoredCase, err error) {
	if c.RecoveredCase, err = evidence.ReadIssue(is.Issue, is.Record); err != nil {
		return c, fmt.Errorf("%w. What the person has is not explained by it: check that", err)
	}
	if c.r, c.g, err = c.Replay(); err != nil {
		return c, fmt.Errorf("%s tells the story of request %s, and it does not hold together: %w. Check what the person has, and make the request again if it is still wanted", is.Issue.Key, c.ID, err)
	}
	return c, nil
}

func sentenceOf(err error) string {
	text := strings.TrimSuffix(err.Error(), ".") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

// inOrder brings the entries of all cases into the order they had. Those of one
// case are in it already, so no chain is turned round where places are of
// different logs.
func inOrder(cases []restoredCase) []access.Entry {
	var all []access.Entry
	for _, c := range cases {
		all = append(all, c.Entries...)
	}
	slices.SortStableFunc(all, func(a, b access.Entry) int { return cmp.Compare(a.Place, b.Place) })
	return all
}

// span notes how much of the old log there is. Places that no issue knows of
// belonged to events that concern no request, or were not told to Jira yet.
func (out *Recovery) span(entries []access.Entry) {
	out.Events = len(entries)
	for _, e := range entries {
		if e.Place > out.Head.Place {
			out.Head = e
		}
	}
	out.Missing = max(0, int(out.Head.Place)-len(entries))
}
