package access_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// TestWhereSomebodyActed is noted where they did; otherwise the way they came says it, as far as it does.
func TestWhereSomebodyActed(t *testing.T) {
	for _, c := range []struct {
		by    access.Actor
		want  access.Surface
		words string
	}{
		{access.System(), access.OnNone, "elsewhere in Slack"},
		{access.Actor{Person: "P-ANN", Via: access.ViaSlack}, access.OnSlack, "elsewhere in Slack"},
		{access.Actor{Person: "P-ANN", Via: access.ViaSlack, On: access.OnCard}, access.OnCard, "on a card"},
		{access.Actor{Person: "P-ANN", Via: access.ViaSlack, On: access.OnHome}, access.OnHome, "in the Home tab"},
		{access.Actor{Person: "P-ANN", Via: access.ViaSlack, On: access.OnList}, access.OnList, "in a list"},
		{access.Actor{Person: "P-ANN", Via: access.ViaJira}, access.OnIssue, "in Jira"},
		{access.Actor{Person: "P-ANN", Via: access.ViaCLI}, access.OnCommandLine, "on the command line"},
	} {
		if got := c.by.Surface(); got != c.want || got.Words() != c.words {
			t.Errorf("%+v: %q (%s), want %q (%s)", c.by, got, got.Words(), c.want, c.words)
		}
	}
}

// TestWhomAnEventInvolves: everybody it brings in, once and in order; the record keeps who they were.
func TestWhomAnEventInvolves(t *testing.T) {
	ann, bob, eve, dan := access.PersonID("P-ANN"), access.PersonID("P-BOB"), access.PersonID("P-EVE"), access.PersonID("P-DAN")
	for name, c := range map[string]struct {
		e    access.Event
		want []access.PersonID
	}{
		"who asks for another one":  {access.Event{Kind: access.EventSubmitted, Person: bob, Actor: access.Actor{Person: ann}}, []access.PersonID{ann, bob}},
		"who asks for themselves":   {access.Event{Kind: access.EventSubmitted, Person: ann, Actor: access.Actor{Person: ann}}, []access.PersonID{ann}},
		"given without a request":   {access.Event{Kind: access.EventGrantStarted, Person: ann}, []access.PersonID{ann}},
		"given to whom is known":    {access.Event{Kind: access.EventGrantStarted, Person: ann, Request: "AR-1"}, nil},
		"who is asked":              {access.Event{Kind: access.EventApproversAsked, Person: ann, Approvers: []access.PersonID{eve, bob}, Standby: []access.PersonID{dan}}, []access.PersonID{bob, dan, eve}},
		"in whose place":            {access.Event{Kind: access.EventApproved, Actor: access.Actor{Person: bob}, For: eve}, []access.PersonID{bob, eve}},
		"who decides for whom":      {access.Event{Kind: access.EventApproversAsked, Delegates: []access.Delegate{{Who: bob, For: eve}}}, []access.PersonID{bob, eve}},
		"nobody, of what does this": {access.Event{Kind: access.EventLapsed, Person: ann}, nil},
	} {
		if got := c.e.Involves(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestAnEventsIDSaysWhenItHappened, and what is none says nothing.
func TestAnEventsIDSaysWhenItHappened(t *testing.T) {
	for id, want := range map[string]time.Time{"019aafe7-1a7b-7000-8000-000000000000": time.UnixMilli(0x019aafe71a7b).UTC(), "": {}, "AR-1": {}, "019aafe7-1a7b-7000-8000": {}} {
		if got := access.TimeOf(id); !got.Equal(want) {
			t.Errorf("%q: %s, want %s", id, got, want)
		}
	}
}

// TestHowLongAccessWasThere counts what is still to come, and not what was given back.
func TestHowLongAccessWasThere(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	for name, c := range map[string]struct {
		g    access.Grant
		want time.Duration
	}{
		"still to be given": {access.Grant{State: access.GrantWaiting, Wanted: 8 * time.Hour}, 8 * time.Hour},
		"never given":       {access.Grant{State: access.GrantEnded, Wanted: 8 * time.Hour}, 0},
		"there":             {access.Grant{State: access.GrantActive, Started: hour(0), Ends: hour(8)}, 8 * time.Hour},
		"there without end": {access.Grant{State: access.GrantActive, Started: hour(0)}, 3 * time.Hour},
		"being taken away":  {access.Grant{State: access.GrantEnding, Started: hour(0), Ends: hour(8)}, 3 * time.Hour},
		"given back":        {access.Grant{State: access.GrantEnded, Started: hour(0), Ends: hour(8), Finished: hour(2)}, 2 * time.Hour},
	} {
		if got := c.g.Span(hour(3)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestWhatIsLeftOfAGrant: a part of it is there; nobody had to be taken out of anything.
func TestWhatIsLeftOfAGrant(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	with := func(states ...access.EntitlementState) (g access.Grant) {
		for _, s := range states {
			g.Entitlements = append(g.Entitlements, access.Entitlement{State: s})
		}
		return g
	}
	for name, c := range map[string]struct {
		g          access.Grant
		part, none bool
	}{
		"all of it":       {access.Grant{State: access.GrantActive, Started: now}, false, false},
		"a part of it":    {access.Grant{State: access.GrantProvisioning, Started: now}, true, false},
		"nothing of it":   {access.Grant{State: access.GrantProvisioning}, false, false},
		"a part is stuck": {access.Grant{State: access.GrantStuck, Started: now}, true, false},
		"taken away":      {with(access.EntitlementRemoved), false, false},
		"gone before":     {with(access.EntitlementGone), false, true},
		"some of both":    {with(access.EntitlementGone, access.EntitlementRemoved), false, false},
		"kept":            {with(access.EntitlementKept), false, false},
	} {
		if c.g.Partly() != c.part || c.g.NothingLeft() != c.none {
			t.Errorf("%s: partly %v, nothing left %v", name, c.g.Partly(), c.g.NothingLeft())
		}
	}
}

// TestWhichEndsTakeAccessAway from whoever had it, and which are their own or that of time.
func TestWhichEndsTakeAccessAway(t *testing.T) {
	for end, want := range map[access.End]bool{
		access.EndRevoked: true, access.EndReclaimed: true, access.EndReviewed: true, access.EndLeft: true, access.EndOffboarded: true, access.EndNeedsLost: true, access.EndMoved: true,
		access.EndExpired: false, access.EndReturned: false, access.EndUnrecorded: false, access.EndUnfulfilled: false, access.EndRuledOut: false, access.EndUnexplained: false, "": false,
	} {
		if end.Revokes() != want {
			t.Errorf("%q: %v", end, end.Revokes())
		}
	}
}

// TestMoreTimeIsBoundedByTheWhole: what is over the longest time is left out, and nothing is left of a grant that has it.
func TestMoreTimeIsBoundedByTheWhole(t *testing.T) {
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	role := catalog.Role{Durations: catalog.Durations{Max: 10 * time.Hour}}
	g := access.Grant{State: access.GrantActive, Started: start, Ends: start.Add(8 * time.Hour)}
	for more, want := range map[time.Duration]struct {
		until time.Time
		whole bool
	}{time.Hour: {start.Add(9 * time.Hour), true}, 2 * time.Hour: {start.Add(10 * time.Hour), true}, 3 * time.Hour: {start.Add(10 * time.Hour), false}} {
		until, whole, err := g.Prolonged(role, more)
		if !until.Equal(want.until) || whole != want.whole || err != nil {
			t.Errorf("%s more: %s, whole: %v, %v", more, until, whole, err)
		}
	}
	g.Ends = start.Add(10 * time.Hour)
	until, _, err := g.Prolonged(role, time.Hour)
	if _, refused := access.AsRefusal(err); !refused || !until.Equal(g.Ends) {
		t.Errorf("where it reaches that already: %s, %v", until, err)
	}
}

// TestWhatAGrantIsCalled: by the catalogue's names, or its ids where that knows it no more.
func TestWhatAGrantIsCalled(t *testing.T) {
	c := catalog.New([]catalog.App{{ID: "db", Name: "Database", Roles: []catalog.Role{{ID: "ro", Name: "Reader"}}}}, nil)
	for role, want := range map[string]string{"ro": "Database · Reader", "rw": "db · rw"} {
		if got := (access.Grant{App: "db", Role: role}).Label(c); got != want {
			t.Errorf("%s: %q", role, got)
		}
	}
}

// TestWhereAnIssueIsRead by whom: customers can't open what agents do.
func TestWhereAnIssueIsRead(t *testing.T) {
	for want, is := range map[string]access.Issue{"portal": {URL: "agents", Portal: "portal"}, "agents": {URL: "agents"}, "": {}} {
		if got := is.CustomerURL(); got != want {
			t.Errorf("%+v: %q", is, got)
		}
	}
	if (access.IssueRecord{Pages: []string{"x"}}).Empty() != true || (access.IssueRecord{State: "x"}).Empty() {
		t.Error("a record without a state proves nothing, and one with it does")
	}
}

// TestASurveyCountsEachMismatchOnce, also those of which it only kept how many there were.
func TestASurveyCountsEachMismatchOnce(t *testing.T) {
	s := access.Survey{Odd: []access.Mismatch{{Missing: true}, {}, {Conflict: "pay"}, {Lost: "figma/editor"}}, More: 10, MoreMissing: 1, MoreConflicts: 3, MoreLost: 2}
	unexplained, missing := s.Count()
	if unexplained != 1+4 || missing != 1+1 || s.Conflicts() != 1+3 {
		t.Errorf("unexplained %d, missing %d, conflicts %d", unexplained, missing, s.Conflicts())
	}
}
