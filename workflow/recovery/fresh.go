package recovery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/access"
)

// freshness looks whether a case is the newest there was: a signature does not tell
// that, since what was signed once stays signed. Only who remembers a later event
// does: the comments on the issue, and the heads that are anchored elsewhere.
func (j *judge) freshness(ctx context.Context, c *restoredCase) error {
	j.heads(c)
	if !c.open() {
		return nil // it keeps and gives nothing
	}
	marks, err := j.marks(ctx, c.Issue.ID)
	if err != nil {
		return err
	}
	for _, m := range marks {
		switch {
		case m.Edited:
			c.edited = true
			fallthrough
		case m.Leaf == (access.Hash{}) || c.Knows(m):
			continue
		case m.N > uint64(len(c.Entries)):
			c.doubt("a comment on the issue tells of event %d, of %s, and the state ends with event %d", m.N, access.FullMoment(m.At), len(c.Entries))
		default:
			c.doubt("a comment on the issue tells of an event %d that is not in the story", m.N)
		}
	}
	if c.edited {
		c.doubt("a comment of Latchkey on the issue was changed by somebody")
	}
	return nil
}

// heads compares a case with what anchors say of it.
func (j *judge) heads(c *restoredCase) {
	head, known := j.found.Heads.Of(c.Subject())
	n := uint64(len(c.Entries))
	switch {
	case !known && !c.Stolen.IsZero():
		c.doubt("it is signed with a key that was stolen at %s, and no anchor shows that it was there before", access.FullMoment(c.Stolen))
	case !known:
		if c.open() {
			j.unproven++
		}
	case head.N == 0:
	case head.N > n:
		c.doubt("%s shows that it once held event %d, and the state ends with event %d", head.Where, head.N, n)
	case !head.Is(c.Entries[head.N-1].Leaf):
		c.fork = true
		c.doubt("%s shows another event %d than the one it holds", head.Where, head.N)
	case !c.Stolen.IsZero() && (head.N < n || !head.Seen.Before(c.Stolen)):
		c.doubt("it is signed with a key that was stolen at %s, and what it ends with was anchored only after that, or not at all", access.FullMoment(c.Stolen))
	}
}

// doubt notes why a case may not be what it was last. The first reason is kept.
func (c *restoredCase) doubt(format string, args ...any) {
	if c.Doubt == "" {
		c.Doubt = fmt.Sprintf(format, args...)
	}
}

// open tells whether a case could still give or keep anything.
func (c *restoredCase) open() bool {
	if c.g != nil {
		return c.g.State != access.GrantEnded
	}
	return c.r.State == access.RequestPending || c.r.State == access.RequestApproved
}

// unclaimed lists requests that anchors know and no issue names.
func (j *judge) unclaimed() {
	missing, places := 0, map[string]bool{}
	for key, head := range j.found.Heads.By {
		if !j.named[key] {
			missing, places[head.Where] = missing+1, true
		}
	}
	if missing > 0 {
		j.list(Conflict{About: "jira", Urgent: true, Text: fmt.Sprintf(
			"%d requests are known to the anchors (%s) and no issue holds them any more: the issues were deleted, moved out of sight, or carry nothing. What they explained is treated as the app says of memberships without a request; ask whoever administers Jira", missing, strings.Join(slices.Sorted(maps.Keys(places)), " and "))})
	}
	for _, d := range j.found.Heads.Doubts {
		j.list(Conflict{About: "anchors", Text: d})
	}
}
