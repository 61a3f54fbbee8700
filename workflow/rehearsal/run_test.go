package rehearsal_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/rehearsal"
)

// TestWhatAChangeMeansForWhoIsKnownAndWhatWaits: for everybody, for what waits for an answer, and for what was asked
// for lately.
func TestWhatAChangeMeansForWhoIsKnownAndWhatWaits(t *testing.T) {
	const both = " [2: AR-1, then asked, pending, for 1 day, AR-2, then asked, approved, for 1 day]"
	for name, c := range map[string]struct {
		change func(*offer)
		want   map[plan.Section][]string
	}{
		"nothing": {func(*offer) {}, nil},
		"another owner": {func(o *offer) { o.owner = "tom@acme.example" }, map[plan.Section][]string{
			plan.Deciding: {"+ Kit · Viewer: may say yes [Tom for 4]", "- Kit · Viewer: can't say yes any more [Noor for 4]"},
			plan.Waiting:  {"+ Kit · Viewer: Tom is asked besides [AR-1]", "- Kit · Viewer: Noor isn't asked any more, and hears that [AR-1]"},
			plan.Replayed: {"~ Kit · Viewer: asks Noor → asks Tom" + both},
		}},
		// Noor has no manager and can't answer her own, so whoever decides when nobody else can does. What waits keeps its stages.
		"another way": {func(o *offer) { o.route = of(catalog.Manager) }, map[plan.Section][]string{
			plan.Asked:    {"~ Kit · Viewer: owner → manager [4: Maya, Noor, Omar, Tom]"},
			plan.Deciding: {"+ Kit · Viewer: may say yes [Omar for 1]", "- Kit · Viewer: can't say yes any more [Noor for 1]"},
			plan.Unfound: {"+ Kit · Viewer: nobody can be asked whom its route names, so others stand in: the owners of Kit [2: Omar, Tom]",
				"+ Kit · Viewer: nobody can be asked whom its route names, so others stand in: who decides when nobody else can [Noor]"},
			plan.Replayed: {"~ Kit · Viewer: owner → manager" + both},
		}},
		"not for so long": {func(o *offer) { o.max = 2 * catalog.Day }, map[plan.Section][]string{
			plan.Length: {"~ Kit · Viewer: 1 week at most → 2 days at most [4: Maya, Noor, Omar, Tom]"},
		}},
		"not for somebody": {func(o *offer) {
			o.rules = []catalog.Rule{{ID: "design", If: catalog.Condition{Departments: []string{"Design"}}, Then: catalog.Consequence{Deny: "Not for Design."}}}
		}, map[plan.Section][]string{
			plan.Eligible: {"- Kit · Viewer: can't ask for it any more: Not for Design (rule design) [Maya]",
				"- Kit · Viewer: can't ask for it any more: it depends on what isn't known of them: department (rule design) [3: Noor, Omar, Tom]"},
			plan.Waiting:  {"- Kit · Viewer: can't be given any more; who asked hears that with the first yes: Not for Design. (That is rule design of the policy.) [AR-1]"},
			plan.Replayed: {"~ Kit · Viewer: owner → refused: Not for Design (rule design)" + both},
		}},
		"offered no more": {func(o *offer) { o.gone = true }, map[plan.Section][]string{
			plan.Waiting:  {"- Kit · Viewer: can't be given any more; who asked hears that with the first yes: This role isn't offered any more, so it can't be given [AR-1]"},
			plan.Replayed: {"~ Kit · Viewer: owner → refused: Kit isn't offered at the moment" + both},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.asked("AR-1", "maya", nil)
			w.asked("AR-2", "maya", func(r *access.Request) { r.State = access.RequestApproved })
			p := w.rehearse(c.change)
			for _, in := range []plan.Section{plan.Eligible, plan.Asked, plan.Length, plan.Deciding, plan.Unfound, plan.Waiting, plan.Replayed} {
				w.equal(string(in), lines(p, in), c.want[in]...)
			}
			if p.People != 4 || p.Requests != 2 || p.Changed != (c.want != nil) || len(p.Unknown) > 0 {
				t.Errorf("%d people, %d requests, changed: %v, unknown: %q", p.People, p.Requests, p.Changed, p.Unknown)
			}
		})
	}
}

// TestWhatCannotBeJudgedAgainIsSaid, and is counted nowhere; what is too old, or isn't in the catalogue, is left out.
func TestWhatCannotBeJudgedAgainIsSaid(t *testing.T) {
	w := newWorld(t)
	w.asked("AR-1", "maya", func(r *access.Request) { r.State, r.BreakGlass = access.RequestApproved, true })
	w.asked("AR-2", "stranger", func(r *access.Request) { r.State = access.RequestDenied })
	w.asked("AR-3", "maya", func(r *access.Request) { r.State, r.Created = access.RequestDenied, w.now.Add(-31*catalog.Day) })
	w.asked("AR-4", "maya", func(r *access.Request) { r.Unlisted, r.App, r.Role = "Figjam", "", "" })
	p := w.rehearse(func(o *offer) { o.owner = "tom@acme.example" })
	w.equal("unknown", p.Unknown, "what emergencies would have come to: nobody is asked about those", "what requests would have come to of people who have left since, or can't ask any more")
	if p.Requests != 0 || len(lines(p, plan.Replayed)) > 0 || len(lines(p, plan.Waiting)) > 0 {
		t.Errorf("judged again: %d, %+v", p.Requests, p.Changes)
	}
}

// leads is a directory that knows one group, and counts what it is asked.
type leads struct {
	idp.Directory
	ids   []string
	err   error
	asked []string
}

func (l *leads) ID() string { return "okta" }

func (l *leads) FindGroup(_ context.Context, name string) (idp.Group, error) {
	l.asked = append(l.asked, "find "+name)
	return idp.Group{ID: "g1", Name: name}, l.err
}

func (l *leads) Group(_ context.Context, id string) (idp.Group, error) {
	l.asked = append(l.asked, "read "+id)
	return idp.Group{ID: id}, l.err
}

func (l *leads) Members(context.Context, string) (idp.Listing, error) {
	l.asked = append(l.asked, "members")
	return idp.Listing{All: func(yield func(idp.Membership, error) bool) {
		for _, id := range l.ids {
			if !yield(idp.Membership{PersonID: id, Status: idp.Active}, nil) {
				return
			}
		}
	}}, l.err
}

func asksLeads(o *offer) {
	o.route.Approvers = []catalog.Approver{{Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "okta", Group: "leads"}}}
}

// TestWhoIsInAGroupIsReadOnceForEverybody: both sides and all people share the answer.
func TestWhoIsInAGroupIsReadOnceForEverybody(t *testing.T) {
	w, l := newWorld(t), &leads{ids: []string{"00u-tom", "00u-omar"}}
	w.group = rehearsal.Once(l)
	p := w.rehearse(asksLeads)
	w.equal("who decides", lines(p, plan.Deciding), "+ Kit · Viewer: may say yes [2: Omar for 4, Tom for 4]", "- Kit · Viewer: can't say yes any more [Noor for 4]")
	slices.Sort(l.asked)
	if again := slices.Compact(slices.Clone(l.asked)); len(again) != len(l.asked) || len(l.asked) == 0 {
		t.Errorf("it was asked %q", l.asked)
	}
}

// TestAGroupThatCannotBeReadIsUnknown: nothing is said of who decides by it.
func TestAGroupThatCannotBeReadIsUnknown(t *testing.T) {
	w := newWorld(t)
	p := w.rehearse(asksLeads)
	w.equal("unknown", p.Unknown, "Who is in the groups of okta can't be read from the store alone: run it where the bot runs")
	w.equal("who decides", lines(p, plan.Deciding), "- Kit · Viewer: can't say yes any more [Noor for 4]")
	l := &leads{err: &access.Failure{Class: access.Transient, Sentence: "Okta is away"}}
	d := rehearsal.Once(l)
	for range 2 {
		_, found := d.FindGroup(t.Context(), "leads")
		_, read := d.Group(t.Context(), "g1")
		if _, err := d.Members(t.Context(), "g1"); !errors.Is(found, l.err) || !errors.Is(read, l.err) || !errors.Is(err, l.err) {
			t.Errorf("what failed says %v, %v, %v", found, read, err)
		}
	}
	w.equal("a directory that fails is asked once", l.asked, "find leads", "read g1", "members")
}

// TestNothingOfADirectoryThatNobodyAsksIsKnown: not even that somebody isn't in it.
func TestNothingOfADirectoryThatNobodyAsksIsKnown(t *testing.T) {
	ctx, d := t.Context(), rehearsal.Unread("okta")
	_, found := d.FindPerson(ctx, "maya@acme.example")
	_, person := d.Person(ctx, "u1")
	_, named := d.FindGroup(ctx, "leads")
	_, group := d.Group(ctx, "g1")
	for _, err := range []error{found, person, named, group} {
		if access.Classify(err).Class != access.Transient || errors.Is(err, idp.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	}
	if d.ID() != "okta" {
		t.Errorf("it is %q", d.ID())
	}
}

// TestARehearsalThatIsGivenUpSaysSo and has no half of a plan.
func TestARehearsalThatIsGivenUpSaysSo(t *testing.T) {
	w := newWorld(t)
	side := w.side(current())
	ctx, cancel := context.WithCancel(t.Context())
	view := func(ctx context.Context, fn func(store.Tx) error) error {
		defer cancel()
		return w.store.View(ctx, fn)
	}
	p, err := rehearsal.Run(ctx, rehearsal.Config{View: view, Now: w.now, Before: side, After: side})
	if !errors.Is(err, context.Canceled) || p.People != 0 {
		t.Errorf("got %+v, %v", p, err)
	}
}
