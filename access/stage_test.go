package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

func ids(handles ...string) []access.PersonID {
	var out []access.PersonID
	for _, h := range handles {
		out = append(out, access.PersonID(h+"@acme.example"))
	}
	return out
}

// needing is a request of one stage that needs so many, of three who may decide.
func needing(n catalog.Need) (r access.Request, eligible []access.PersonID) {
	r = requestIn(access.RequestPending)
	r.Stages = []access.Stage{{Need: n}}
	return r, ids("noor", "omar", "priya")
}

func answer(r access.Request, k access.EventKind, by access.PersonID, eligible []access.PersonID) access.Event {
	e := r.Event(k, access.Actor{Person: by, Via: access.ViaSlack}, at)
	e.Approvers, e.Reason = eligible, "Because"
	return e
}

// TestNeedMatrix tells, for every rule and everybody who has agreed already, what
// one more answer comes to.
func TestNeedMatrix(t *testing.T) {
	var b strings.Builder
	for _, n := range []catalog.Need{{}, {AtLeast: 2}, {AtLeast: 3}, {AtLeast: 4}, {All: true}} {
		r, eligible := needing(n)
		for agreed := range eligible {
			for _, who := range append(slices.Clone(eligible), ids("maya", "ines")...) {
				from := fmt.Sprintf("%s/%d agreed", n, agreed)
				next, effs, err := r.Apply(answer(r, access.EventApproved, who, eligible), at)
				handle, _, _ := strings.Cut(string(who), "@")
				line(&b, from, handle+" says yes", string(next.State), effs, err)
			}
			next, _, err := r.Apply(answer(r, access.EventApproved, eligible[agreed], eligible), at)
			if err != nil || next.State != access.RequestPending {
				break
			}
			r = next
		}
	}
	golden(t, "need_matrix.golden", b.String())
}

// TestNobodyIsCountedTwice answers a stage in every order, with whoever may decide
// changing all the time.
func TestNobodyIsCountedTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := catalog.Need{All: rapid.Bool().Draw(t, "all")}
		if !n.All {
			n.AtLeast = rapid.IntRange(0, 4).Draw(t, "at least")
		}
		r, all := needing(n)
		all = append(all, ids("ines", "maya")...)
		agreed := map[access.PersonID]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "answers") {
			who := rapid.SampledFrom(all).Draw(t, "who")
			eligible := rapid.SliceOf(rapid.SampledFrom(all)).Draw(t, "eligible")
			next, _, err := r.Apply(answer(r, access.EventApproved, who, eligible), at)
			if err != nil {
				continue
			}
			if agreed[who] || who == r.Requester || !slices.Contains(eligible, who) {
				t.Fatalf("%s was counted, of %v, after %v", who, eligible, agreed)
			}
			agreed[who] = true
			enough := len(agreed) >= n.Count()
			if n.All {
				enough = !slices.ContainsFunc(eligible, func(p access.PersonID) bool { return !agreed[p] })
			}
			if (next.State == access.RequestApproved) != enough {
				t.Fatalf("need %s: %s after %v, of %v", n, next.State, agreed, eligible)
			}
			r = next
		}
		if got := len(r.Stages[0].Answers); got != len(agreed) {
			t.Fatalf("%d answers of %d people", got, len(agreed))
		}
	})
}

func TestMissingPeople(t *testing.T) {
	r, eligible := needing(catalog.Need{AtLeast: 2})
	r, _, err := r.Apply(answer(r, access.EventApproved, eligible[0], eligible), at)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		found []access.PersonID
		want  int
	}{{eligible, 0}, {eligible[:1], 1}, {eligible[1:2], 0}, {nil, 1}} {
		if got := r.Stages[0].Missing(c.found); got != c.want {
			t.Errorf("with %v found, %d are missing, want %d", c.found, got, c.want)
		}
	}
}

// TestNobodyToAskLeavesNobodyAsked: those who were asked before can't complete the
// stage, so the request waits for IT and not for them.
func TestNobodyToAskLeavesNobodyAsked(t *testing.T) {
	r, eligible := needing(catalog.Need{AtLeast: 2})
	r, _, err := r.Apply(answer(r, access.EventApproversAsked, "", eligible), at)
	if err != nil || len(r.Awaited()) != 3 {
		t.Fatalf("awaited are %v, %v", r.Awaited(), err)
	}
	r, _, err = r.Apply(answer(r, access.EventUnroutable, "", nil), at)
	if err != nil || len(r.Awaited()) != 0 {
		t.Errorf("awaited are %v, %v", r.Awaited(), err)
	}
}

func TestStagesAreFrozen(t *testing.T) {
	c := catalog.Versioned(testCatalog()) // of which the version is known before it is changed below
	ask := access.Ask{ID: "AR-TEST0001", Requester: someone("maya"), Beneficiary: someone("maya"), App: "figma", Role: "admin", Wanted: 6 * time.Hour, Reason: "Launch assets"}
	r, _, _, err := access.Submit(c, ask, access.Standings{}, at)
	if err != nil {
		t.Fatal(err)
	}
	route, _ := c.Route("two")
	route.Stages[0].Approvers[0].Kind = catalog.Security // nobody does, but nobody could
	want := []catalog.ApproverKind{catalog.Manager, catalog.Owner}
	for i, s := range r.Stages {
		if len(s.Sources) != 1 || s.Sources[0].Kind != want[i] || s.Need != route.Stages[i].Need {
			t.Errorf("stage %d is %+v", i+1, s)
		}
	}
	if r.Catalog == "" || r.Catalog != c.Version() {
		t.Errorf("made with the catalogue %q, it was %q", r.Catalog, c.Version())
	}
}

func TestAnEmergencyKeepsWhomItSkipped(t *testing.T) {
	ask := access.Ask{ID: "AR-TEST0002", Requester: someone("maya"), Beneficiary: someone("maya"), App: "proddb", Role: "write", Wanted: 6 * time.Hour, Reason: "All is down"}
	c := testCatalog()
	r, _, _, err := access.SubmitBreakGlass(c, ask, "Production DB", 6*time.Hour, access.Standings{}, at)
	want := []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}
	if err != nil || len(r.Stages) != 0 || !slices.Equal(r.Skipped, want) || r.Catalog != c.Version() {
		t.Errorf("got %+v, %v", r, err)
	}
}

// TestReplayKeepsWhatThePolicySaid: which rules had their part in a request is told again, too.
func TestReplayKeepsWhatThePolicySaid(t *testing.T) {
	p := catalog.Policy{Rules: []catalog.Rule{{ID: "it-too", Line: 7, If: catalog.Condition{Titles: []string{"Lead"}}, Then: catalog.Consequence{Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Security}}}}, Max: 8 * time.Hour}}}}
	ask := access.Ask{ID: "AR-TEST0001", Requester: someone("maya"), Beneficiary: someone("maya"), App: "figma", Role: "admin", Wanted: 6 * time.Hour, Reason: "Launch assets"}
	r, e, _, err := access.Submit(testCatalog().Under(p), ask, access.Standings{}, at)
	if err != nil || len(r.Clauses) != 2 || len(r.Clauses[0].Missing) != 1 || r.Clauses[0].Line != 7 {
		t.Fatalf("%+v, %v", r.Clauses, err)
	}
	again, _, err := access.RecoveredCase{ID: r.ID, Was: access.CourseOf(r, nil), Story: []access.Event{decoded(t, encoded(t, e))}}.Replay()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("told again (-want +got):\n%s", diff)
	}
}

// TestReplayKeepsFrozenStages: a request whose store is gone is told again with the
// stages it was made with.
func TestReplayKeepsFrozenStages(t *testing.T) {
	ask := access.Ask{ID: "AR-TEST0001", Requester: someone("maya"), Beneficiary: someone("maya"), App: "figma", Role: "admin", Wanted: 6 * time.Hour, Reason: "Launch assets"}
	r, e, _, err := access.Submit(testCatalog(), ask, access.Standings{}, at)
	if err != nil {
		t.Fatal(err)
	}
	story := []access.Event{decoded(t, encoded(t, e))}
	for _, k := range []access.EventKind{access.EventApproversAsked, access.EventApproved} {
		e := answer(r, k, "noor@acme.example", ids("noor"))
		if r, _, err = r.Apply(e, at); err != nil {
			t.Fatal(err)
		}
		story = append(story, e)
	}
	again, _, err := access.RecoveredCase{ID: r.ID, Was: access.CourseOf(r, nil), Story: story}.Replay()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("told again (-want +got):\n%s", diff)
	}
}
