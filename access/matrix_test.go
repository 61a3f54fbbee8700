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
	return []access.RequestState{access.Pending, access.ApprovedR, access.DeniedR, access.Withdrawn, access.Expired}
}

func requestKinds() []access.EventKind {
	return []access.EventKind{access.Submitted, access.Asked, access.Unroutable, access.Agreed, access.Refused, access.Cancelled, access.Lapsed, access.IssueOpened,
		access.Claimed, access.Questioned, access.Replied, access.GlassBroken, access.ReviewAsked, access.ReviewDue, access.Justified, access.Unjustified}
}

// requestIn is a two-stage request in a state.
func requestIn(s access.RequestState) access.Request {
	return access.Request{
		ID: "AR-TEST0001", Requester: "maya@acme.example", Beneficiary: "maya@acme.example", App: "figma", Role: "editor",
		Wanted: 6 * time.Hour, Allowed: 6 * time.Hour, Reason: "Launch assets", State: s, Created: at, Lapses: at,
		Stages: []access.Stage{{Need: catalog.AnyOne}, {Need: catalog.Everyone}},
	}
}

func requestEvent(r access.Request, k access.EventKind) access.Event {
	e := r.Event(k, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack}, at)
	e.Approvers, e.Reason = []access.PersonID{"noor@acme.example"}, "Because"
	if k == access.IssueOpened {
		e.Issue = &access.Issue{ID: "10001", Key: "IT-1"}
	}
	if k == access.Cancelled {
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
			if k == access.GlassBroken {
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
		made := requestIn(access.Pending)
		made.Emergency, made.Stages = true, nil
		taken := made
		taken.State = access.ApprovedR
		asked, answered := taken, taken
		asked.Review = &access.Review{Asked: []access.PersonID{"noor@acme.example"}, Rounds: 1, Next: at}
		answered.Review = &access.Review{Asked: []access.PersonID{"noor@acme.example"}, Rounds: 1, Answer: &access.Answer{Yes: true}}
		_ = yield("glass/made", made) && yield("glass/taken", taken) && yield("glass/asked", asked) && yield("glass/answered", answered)
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
	return []access.GrantState{access.Waiting, access.Provisioning, access.ByHand, access.ActiveG, access.EndingG, access.StuckG, access.Ended}
}

func grantKinds() []access.EventKind {
	return []access.EventKind{
		access.Granting, access.Recorded, access.MemberAdded, access.ByHandDone, access.Stuck, access.Retried,
		access.Extended, access.Reminded, access.Ending, access.MemberRemoved, access.MemberKept,
		access.MemberMissing, access.MemberBack,
	}
}

// grantIn is a grant of one group in a state; taking where that state takes.
func grantIn(s access.GrantState, taking bool) access.Grant {
	g := access.Grant{
		ID: "G-TEST0001", Request: "AR-TEST0001", Person: "maya@acme.example", App: "figma", Role: "editor",
		Source: access.Requested, State: s, Taking: taking, Manual: s == access.ByHand, Wanted: 6 * time.Hour, Created: at,
		Entitlements: []access.Entitlement{{Group: group, Hold: access.Wanted}},
	}
	if s == access.ActiveG || taking {
		g.Entitlements[0].Hold, g.Started, g.Ends, g.Remind = access.Held, at.Add(-6*time.Hour), at, at.Add(-time.Hour)
	}
	if g.Manual {
		g.Entitlements = nil
	}
	return g
}

func grantEvent(g access.Grant, k access.EventKind) access.Event {
	e := g.Event(k, access.Actor{Person: "ines@acme.example", Via: access.ViaSlack}, at)
	e.Group, e.Note, e.End, e.Until = &group, "The token lost its rights", access.Returned, at.Add(time.Hour)
	if g.State == access.ActiveG && (k == access.Extended || k == access.Reminded) {
		e.At = at.Add(-time.Minute)
	}
	return e
}

func TestGrantMatrix(t *testing.T) {
	var b strings.Builder
	for _, taking := range []bool{false, true} {
		for _, s := range grantStates() {
			if taking && !slices.Contains([]access.GrantState{access.ByHand, access.EndingG, access.StuckG}, s) {
				continue
			}
			for _, k := range grantKinds() {
				g := grantIn(s, taking || s == access.EndingG)
				e := grantEvent(g, k)
				next, effs, err := g.Apply(e, e.At)
				from := string(s)
				if taking {
					from += "/taking"
				}
				line(&b, from, string(k), string(next.State), effs, err)
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
		if seen[key] || r.From == access.Ended || !slices.Contains(grantKinds(), r.On) {
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
		for _, to := range r.To {
			if r.From != access.Pending && to != r.From {
				t.Errorf("a decided request can go from %s to %s", r.From, to)
			}
		}
	}
}
