package access_test

import (
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

var (
	at    = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	group = catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
	other = catalog.GroupRef{Directory: "okta", Group: "figma-libraries"}
)

func requestStates() []access.RequestState {
	return []access.RequestState{access.RequestPending, access.RequestApproved, access.RequestDenied, access.RequestCancelled, access.RequestLapsed}
}

func requestKinds() []access.EventKind {
	return []access.EventKind{access.EventSubmitted, access.EventApproversAsked, access.EventUnroutable, access.EventApproved, access.EventDenied, access.EventCancelled, access.EventLapsed, access.EventIssueOpened,
		access.EventClaimed, access.EventQuestioned, access.EventReplied, access.EventBreakGlass, access.EventReviewAsked, access.EventReviewDue, access.EventJustified, access.EventUnjustified,
		access.EventAnswerKept, access.EventAnswerDropped, access.EventAskedAgain, access.EventNudged, access.EventReassigned, access.EventEscalated}
}

// requestIn is a two-stage request in a state.
func requestIn(s access.RequestState) access.Request {
	return access.Request{
		ID: "AR-TEST0001", Requester: "maya@acme.example", Beneficiary: "maya@acme.example", App: "figma", Role: "editor",
		Wanted: 6 * time.Hour, Allowed: 6 * time.Hour, Reason: "Launch assets", State: s, Created: at, Lapses: at,
		Stages: []access.Stage{{}, {Need: catalog.Need{All: true}}}, FollowUp: access.FollowUp{Since: at.Add(-time.Hour), Next: at},
	}
}

func requestEvent(r access.Request, k access.EventKind) access.Event {
	e := r.Event(k, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack}, at)
	e.Approvers, e.Reason = []access.PersonID{"noor@acme.example"}, "Because"
	if k == access.EventIssueOpened {
		e.Issue = &access.Issue{ID: "10001", Key: "IT-1"}
	}
	if k == access.EventAnswerKept {
		e.Answer = access.EventApproved
		if r.State == access.RequestApproved {
			e.Answer = access.EventUnjustified
		}
	}
	if k == access.EventReassigned {
		e.Actor.Person = "ines@acme.example"
	}
	if k == access.EventCancelled {
		e.Actor.Person = r.Requester
	}
	return e
}

func TestRequestMatrix(t *testing.T) {
	var b strings.Builder
	for _, s := range requestStates() {
		for _, k := range requestKinds() {
			r := requestIn(s)
			next, effs, err := r.Apply(requestEvent(r, k), at)
			line(&b, string(s), string(k), string(next.State), effs, err)
		}
	}
	for name, r := range emergencies() {
		for _, k := range requestKinds() {
			e := requestEvent(r, k)
			if k == access.EventBreakGlass {
				e.Actor.Person = r.Requester
			}
			next, effs, err := r.Apply(e, at)
			line(&b, name, string(k), string(next.State), effs, err)
		}
	}
	golden(t, "request_matrix.golden", b.String())
}

// emergencies are requests that nobody decides: just made, taken, and under review.
func emergencies() iter.Seq2[string, access.Request] {
	return func(yield func(string, access.Request) bool) {
		made := requestIn(access.RequestPending)
		made.BreakGlass, made.Stages, made.FollowUp = true, nil, access.FollowUp{}
		taken := made
		taken.State = access.RequestApproved
		asked, answered := taken, taken
		asked.Review = &access.Review{Asked: []access.PersonID{"noor@acme.example"}, Rounds: 1, Next: at}
		answered.Review = &access.Review{Asked: []access.PersonID{"noor@acme.example"}, Rounds: 1, Answer: &access.Answer{Yes: true}}
		_ = yield("breakglass/made", made) && yield("breakglass/taken", taken) && yield("breakglass/asked", asked) && yield("breakglass/answered", answered)
	}
}

func line(b *strings.Builder, from, on, to string, effs []access.Effect, err error) {
	if err != nil {
		fmt.Fprintf(b, "%-13s %-24s refused: %s\n", from, on, err)
		return
	}
	var names []string
	for _, e := range effs {
		name := string(e.Kind)
		if e.Group != nil {
			name += "(" + e.Group.Group + ")"
		}
		names = append(names, name)
	}
	fmt.Fprintf(b, "%-13s %-24s %-13s %s\n", from, on, to, strings.Join(names, " "))
}

func grantStates() []access.GrantState {
	return []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantManual, access.GrantActive, access.GrantEnding, access.GrantStuck, access.GrantEnded}
}

func grantKinds() []access.EventKind {
	return []access.EventKind{
		access.EventGrantStarted, access.EventRecorded, access.EventMemberAdded, access.EventFulfilled, access.EventStuck, access.EventRetried,
		access.EventExtended, access.EventReminded, access.EventEnding, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone,
		access.EventMemberMissing, access.EventMemberBack, access.EventDisputed, access.EventDisputeResolved, access.EventFollowedUp, access.EventGrantEscalated,
		access.EventTaken, access.EventNotFulfilled, access.EventStartDue,
	}
}

// grantIn is a grant of one group in a state; revoking where that state takes.
func grantIn(s access.GrantState, revoking bool) access.Grant {
	g := access.Grant{
		ID: "G-TEST0001", Request: "AR-TEST0001", Person: "maya@acme.example", App: "figma", Role: "editor",
		Source: access.SourceRequested, State: s, Revoking: revoking, Manual: s == access.GrantManual, Wanted: 6 * time.Hour, Created: at,
		Entitlements: []access.Entitlement{{Group: group, State: access.EntitlementWanted}},
	}
	if s == access.GrantActive || revoking {
		g.Entitlements[0].State, g.Started, g.Ends, g.Remind = access.EntitlementHeld, at.Add(-6*time.Hour), at, at.Add(-time.Hour)
	}
	if g.Manual {
		g.Entitlements = nil
	}
	if s == access.GrantManual || s == access.GrantStuck {
		g.FollowUp = access.FollowUp{Since: at.Add(-time.Hour), Next: at}
	}
	return g
}

// partly is a grant of two groups in a state, of which one was given and the time
// is up.
func partly(s access.GrantState) access.Grant {
	g := grantIn(s, false)
	g.Started, g.Ends = at.Add(-6*time.Hour), at
	g.Entitlements = []access.Entitlement{{Group: group, State: access.EntitlementHeld}, {Group: other, State: access.EntitlementWanted}}
	return g
}

func grantEvent(g access.Grant, k access.EventKind) access.Event {
	e := g.Event(k, access.Actor{Person: "ines@acme.example", Via: access.ViaSlack}, at)
	e.Group, e.Note, e.End, e.Until = &group, "The token lost its rights", access.EndReturned, at.Add(time.Hour)
	e.Reason = "No licence is left"
	if g.State == access.GrantActive && (k == access.EventExtended || k == access.EventReminded) {
		e.At = at.Add(-time.Minute)
	}
	return e
}

func TestGrantMatrix(t *testing.T) {
	var b strings.Builder
	for _, revoking := range []bool{false, true} {
		for _, s := range grantStates() {
			if revoking && !slices.Contains([]access.GrantState{access.GrantManual, access.GrantEnding, access.GrantStuck}, s) {
				continue
			}
			for _, k := range grantKinds() {
				g := grantIn(s, revoking || s == access.GrantEnding)
				e := grantEvent(g, k)
				next, effs, err := g.Apply(e, e.At)
				from := string(s)
				if revoking {
					from += "/revoking"
				}
				line(&b, from, string(k), string(next.State), effs, err)
			}
		}
	}
	for _, s := range []access.GrantState{access.GrantProvisioning, access.GrantStuck} {
		for _, k := range grantKinds() {
			g := partly(s)
			e := grantEvent(g, k)
			e.Group, e.End = &other, access.EndExpired
			next, effs, err := g.Apply(e, e.At)
			line(&b, string(s)+"/partly", string(k), string(next.State), effs, err)
		}
	}
	for _, s := range []access.GrantState{access.GrantWaiting, access.GrantStuck} {
		for _, ahead := range []time.Duration{0, time.Hour} {
			for _, k := range grantKinds() {
				g := grantIn(s, false)
				g.Starts = at.Add(ahead)
				next, effs, err := g.Apply(grantEvent(g, k), at)
				line(&b, fmt.Sprintf("%s/in %s", s, ahead), string(k), string(next.State), effs, err)
			}
		}
	}
	golden(t, "grant_matrix.golden", b.String())
}

// TestTablesAreClosed makes sure that the tables name only known states, that
// final states have no way out and that no line is there twice.
func TestTablesAreClosed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range access.GrantRules() {
		key := string(r.From) + string(r.On)
		if seen[key] || r.From == access.GrantEnded || !slices.Contains(grantKinds(), r.On) {
			t.Errorf("the grant table has a wrong line: %s on %s", r.From, r.On)
		}
		seen[key] = true
		for _, to := range r.To {
			if !slices.Contains(grantStates(), to) {
				t.Errorf("unknown grant state %q", to)
			}
		}
	}
	for _, r := range access.RequestRules() {
		if !slices.Contains(requestKinds(), r.On) {
			t.Errorf("the matrix leaves out %s", r.On)
		}
		for _, to := range r.To {
			if r.From != access.RequestPending && to != r.From {
				t.Errorf("a decided request can go from %s to %s", r.From, to)
			}
		}
	}
}
