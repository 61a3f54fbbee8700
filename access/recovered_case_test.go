package access_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

// approvedStory is that of a request that was approved and given, as the record keeps it.
func approvedStory(t *testing.T) access.RecoveredCase {
	t.Helper()
	r, submitted, _, err := access.Submit(testCatalog(), ask(), access.Standings{}, at)
	if err != nil {
		t.Fatal(err)
	}
	opened := r.Event(access.EventIssueOpened, access.System(), at)
	opened.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	yes := r.Event(access.EventApproved, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack}, at)
	yes.Approvers = []access.PersonID{"noor@acme.example"}
	story := []access.Event{submitted, opened, yes}
	for _, e := range story[1:] {
		if r, _, err = r.Apply(e, at); err != nil {
			t.Fatal(err)
		}
	}
	app, role, _ := testCatalog().Role(r.App, r.Role)
	g, started, _, err := access.Start(r, app, role, at)
	if err != nil {
		t.Fatal(err)
	}
	recorded := g.Event(access.EventRecorded, access.System(), at)
	if g, _, err = g.Apply(recorded, at); err != nil {
		t.Fatal(err)
	}
	return access.RecoveredCase{ID: r.ID, Issue: r.Issue, Was: access.CourseOf(r, &g), Story: append(story, started, recorded)}
}

// Nothing is made of a story that does not lead from the ask to where the record
// says it has come.
func TestStoriesThatAreNotFollowed(t *testing.T) {
	if _, g, err := approvedStory(t).Replay(); err != nil || g == nil || g.State != access.GrantProvisioning {
		t.Fatalf("as it was: %+v, %v", g, err)
	}
	for name, c := range map[string]struct {
		spoil func(*access.RecoveredCase)
		want  string
	}{
		"without its beginning": {func(m *access.RecoveredCase) { m.Story = m.Story[1:] }, "does not begin with the request"},
		"begun twice":           {func(m *access.RecoveredCase) { m.Story = append(m.Story[:1:1], m.Story...) }, "or says it twice"},
		"without what was asked for": {func(m *access.RecoveredCase) {
			m.Story = append([]access.Event(nil), m.Story...)
			m.Story[0].Opening = nil
		}, "does not say what was asked for"},
		"without the approval": {func(m *access.RecoveredCase) { m.Story = append(m.Story[:2:2], m.Story[3:]...) }, "Only an approved request"},
		"started twice":        {func(m *access.RecoveredCase) { m.Story = append(m.Story[:4:4], m.Story[3:]...) }, "started twice"},
		"never started":        {func(m *access.RecoveredCase) { m.Story = append(m.Story[:3:3], m.Story[4:]...) }, "was not started"},
		"approved by the requester": {func(m *access.RecoveredCase) {
			m.Story = append([]access.Event(nil), m.Story...)
			m.Story[2].Actor.Person, m.Story[2].Approvers = "maya@acme.example", []access.PersonID{"maya@acme.example"}
		}, "request.approved"},
		"a move that is not allowed": {func(m *access.RecoveredCase) {
			e := m.Story[4]
			e.Kind = access.EventMemberRemoved
			m.Story = append(m.Story[:5:5], e)
		}, "grant.member_removed"},
		"cut off":              {func(m *access.RecoveredCase) { m.Story = m.Story[:4] }, "lead to something else"},
		"for longer than told": {func(m *access.RecoveredCase) { m.Was.Allowed += time.Hour }, "lead to something else"},
	} {
		m := approvedStory(t)
		c.spoil(&m)
		if _, _, err := m.Replay(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	m := approvedStory(t)
	m.Story = append(m.Story, access.Event{Kind: access.EventNote, Note: "of no consequence"})
	if _, _, err := m.Replay(); err != nil {
		t.Errorf("a note changes where it ended: %v", err)
	}
}

// What a directory took and never showed has an end that no event tells. Its story
// can be told again all the same, up to that end.
func TestAnAdditionThatWasNeverSeenIsRecovered(t *testing.T) {
	m := approvedStory(t)
	r, g, err := m.Replay()
	if err != nil {
		t.Fatal(err)
	}
	sent := g.Accepted(g.Entitlements[0].Group, at)
	next := func(kind access.EventKind, when time.Time, change func(*access.Event)) {
		e := sent.Event(kind, access.System(), when)
		change(&e)
		moved, _, err := sent.Apply(e, when)
		if err != nil {
			t.Fatal(kind, err)
		}
		e.N = uint64(len(m.Story) + 1)
		sent, m.Story = moved, append(m.Story, e)
		m.Was = access.CourseOf(r, &sent)
		if _, again, err := m.Replay(); err != nil || !again.Ends.Equal(sent.Ends) {
			t.Errorf("after %s: %v", kind, err)
		}
	}
	next(access.EventStuck, at, func(e *access.Event) { e.Note = "Okta can't be read." })
	next(access.EventEnding, sent.Ends, func(e *access.Event) { e.End = access.EndExpired })
}
