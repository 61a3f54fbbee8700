package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/reconcile"
)

func TestFirstLookChangesNothing(t *testing.T) {
	for policy, next := range map[catalog.Unrequested]string{
		catalog.Alert: "Next time: 2 memberships reported.", catalog.Remove: "Next time: 2 memberships removed.",
		catalog.Adopt: "Next time: 1 membership adopted, 1 membership removed.",
	} {
		t.Run(string(policy), func(t *testing.T) {
			w := newWorld(t, policy, 30*catalog.Day)
			w.in(maya, tom)
			w.vendor.SetStatus(w.ids[tom], idp.Left)
			w.turn()
			w.says(w.report(), "nothing was changed", "2 memberships with no request, 1 of leavers, 0 idle.", next, "• tom@acme.example is in okta:figma-editors and has left")
			w.expect("both are still there", w.isIn(maya) && w.isIn(tom))
			w.expect("nothing was adopted", len(w.held(maya))+len(w.held(tom)) == 0)
			w.expect("no issue was opened", len(w.issues) == 0)
		})
	}
}

// The first look of all could not read the group: the directory was out. What is in it
// is reported before anything is taken away, as if that look had been the first.
func TestAGroupThatTheFirstLookCouldNotRead(t *testing.T) {
	w := newWorld(t, catalog.Remove, 0)
	w.in(maya)
	w.vendor.Fail(idptest.Outage)
	w.turn()
	w.says(w.report(), "nothing was changed", "0 memberships with no request", "Problem: ")
	w.vendor.Heal()
	w.turn()
	w.says(w.report(), "Done: 1 membership reported.", "Read for the first time, so nothing was changed there before you have seen it: okta:figma-editors.", "maya@acme.example is in okta:figma-editors")
	w.expect("nothing is taken away before IT has read of it", w.isIn(maya) && len(w.held(maya)) == 0 && len(w.issues) == 0)
	w.turn()
	w.says(w.report(), "Done: 1 membership being removed.")
	w.remove()
	w.expect("then it is", !w.isIn(maya))
}

// What a run before that was noted has read is taken for all there was.
func TestGroupsReadBeforeThatWasNoted(t *testing.T) {
	w := newWorld(t, catalog.Remove, 0)
	w.past()
	w.do(func(u *engine.Unit) error {
		s, err := store.LastSurvey(u.Tx)
		s.Groups = nil
		return errors.Join(err, store.PutSurvey(u.Tx, &s))
	})
	w.in(maya)
	w.turn()
	w.says(w.report(), "Done: 1 membership being removed.")
}

func TestAlertTellsWhatIsNewOnly(t *testing.T) {
	w := newWorld(t, catalog.Alert, 0)
	w.in(maya)
	w.past()
	w.turn()
	w.expect("what stays the same is not told again", len(w.news()) == 0)
	w.in(tom)
	w.turn()
	w.says(w.report(), "2 memberships with no request", "Done: 2 memberships reported.", "tom@acme.example is in okta:figma-editors")
	alerts := w.story(access.EventNote)
	w.expect("the log tells of Tom", strings.Contains(alerts[len(alerts)-2].Note, "tom@acme.example is in the group"))
	w.expect("nothing was changed", w.isIn(maya) && w.isIn(tom) && len(w.held(maya)) == 0 && len(w.issues) == 0)
	w.turn()
	w.expect("and only once", len(w.news()) == 0)
}

func TestAdoptedMembershipsNameTheIssueOfTheRun(t *testing.T) {
	w := newWorld(t, catalog.Adopt, 30*catalog.Day)
	w.past()
	w.in(maya, tom)
	w.vendor.SetStatus(w.ids[tom], idp.Left)
	w.turn()

	held := w.held(maya)
	w.expect("one grant explains Maya's", len(held) == 1 && held[0].Source == access.SourceAdopted && held[0].Ends.Equal(w.clock.Now().Add(30*catalog.Day)))
	w.expect("it knows the ids", held[0].Entitlements[0].Account == w.ids[maya] && held[0].Entitlements[0].GroupID == w.group)
	for _, e := range w.story(access.EventAdopted) {
		w.expect("it names the issue", e.Issue != nil && e.Issue.Key == "IT-9" && strings.HasSuffix(e.Note, "Recorded in IT-9."))
	}
	w.says(w.report(), "Done: 1 membership adopted, 1 membership being removed. Recorded in IT-9.")
	w.remove()
	w.expect("Tom, who left, is out", !w.isIn(tom) && len(w.held(tom)) == 0 && w.story(access.EventEnding)[0].End == access.EndLeft)

	if len(w.issues) != 1 || w.issues[0].ID != "RC-20261118-060000" || w.issues[0].Title != "Reconciliation: 1 membership adopted, 1 membership removed" {
		t.Fatalf("issues %+v", w.issues)
	}
	w.says(strings.Join(w.issues[0].Lines, "\n"), "maya@acme.example in okta:figma-editors, with no request: adopted for 30 days", "tom@acme.example in okta:figma-editors, with no request: removed, because they have left")
	where, said := w.comments()
	if len(said) != 1 || where[0] != "IT-9" {
		t.Fatalf("comments %+v", said)
	}
	w.says(strings.Join(said[0].Lines, "\n"), "adopted until 18 Dec 2026 06:00 UTC (grant "+held[0].ID+")", "tom@acme.example in okta:figma-editors, with no request: being removed")

	w.turn()
	w.expect("what is explained is not found again", len(w.held(maya)) == 1 && len(w.issues) == 1)
}

func TestRemoveTakesOnlyWhatNothingExplains(t *testing.T) {
	w := newWorld(t, catalog.Remove, 0)
	w.past()
	w.in(maya, tom)
	w.holds(maya, w.ids[maya], w.group)
	w.turn()
	w.remove()
	w.expect("Maya has what she asked for", w.isIn(maya))
	w.expect("Tom is out, nobody asked for it", !w.isIn(tom))
	w.expect("and it says why", w.story(access.EventEnding)[0].End == access.EndUnexplained)
	w.says(strings.Join(w.issues[0].Lines, "\n"), "removed, as the policy of Figma says")
}

func TestAdoptedWithoutEnd(t *testing.T) {
	w := newWorld(t, catalog.Adopt, catalog.Forever)
	w.past()
	w.in(maya)
	w.turn()
	_, said := w.comments()
	w.says(said[0].Lines[0], "adopted with no end")
	w.says(w.issues[0].Lines[1], "adopted, with no end")
}

// trailing is a directory whose lists are empty now and then.
type trailing struct {
	idp.Directory
	empty bool
}

func (d *trailing) Unwrap() idp.Directory { return d.Directory }

func (d *trailing) Members(ctx context.Context, group string) (idp.Listing, error) {
	if d.empty {
		return idp.Listing{All: func(func(idp.Membership, error) bool) {}}, nil
	}
	return d.Directory.Members(ctx, group)
}

// TestAnEmptyListIsAskedAboutOnceMore: nobody is said to be missing because one list did not show them.
func TestAnEmptyListIsAskedAboutOnceMore(t *testing.T) {
	var d *trailing
	w := newWorldWith(t, catalog.Alert, 0, func(w *world, c *reconcile.Config) {
		d = &trailing{Directory: w.vendor.Directory()}
		c.Directories = people.Directories{d}
	})
	w.past()
	w.in(maya)
	w.holds(maya, w.ids[maya], w.group)
	d.empty = true
	w.turn()
	w.expect("she is still in, so nothing is said", len(w.news()) == 0 && len(w.story(access.EventMemberMissing)) == 0)
	w.vendor.SetMember(w.group, w.ids[maya], false)
	w.turn()
	w.expect("she is out", len(w.story(access.EventMemberMissing)) == 1)
}

func TestMissingMembershipsAreMarkedAndToldOnce(t *testing.T) {
	w := newWorld(t, catalog.Alert, 0)
	w.past()
	w.in(maya)
	g := w.holds(maya, w.ids[maya], w.group)
	w.turn()
	w.expect("all is well", len(w.news()) == 0)
	w.vendor.SetMember(w.group, w.ids[maya], false)
	for range 2 {
		w.turn()
	}
	w.says(w.report(), "1 membership missing although the access is active", "• maya@acme.example is missing from okta:figma-editors")
	w.expect("it is in the story, once", len(w.story(access.EventMemberMissing)) == 1)
	w.expect("nobody is put back", !w.isIn(maya) && w.held(maya)[0].State == access.GrantActive)
	w.in(maya)
	w.turn()
	back := w.story(access.EventMemberBack)
	w.expect("that she is back, too", len(back) == 1 && back[0].Grant == g.ID && !w.held(maya)[0].Entitlements[0].Missing)
}

func TestWhatLeaversHoldEnds(t *testing.T) {
	w := newWorld(t, catalog.Alert, 0)
	w.past()
	w.in(maya)
	w.holds(maya, w.ids[maya], w.group)
	w.holds(tom, "", "")
	w.left[tom] = true
	w.do(func(u *engine.Unit) error { // somebody who asked, and somebody who is asked
		r := access.Request{ID: "AR-1", Requester: peopletest.ID("ben"), Beneficiary: peopletest.ID("ben"), State: access.RequestPending, Stages: []access.Stage{{Asked: []access.PersonID{noor}}}}
		return engine.Save(u, engine.Requests(), &r)
	})
	w.left[noor] = true
	w.jira = &access.Failure{Class: access.Denied, Sentence: "Jira refuses the token: renew it"}
	w.turn()
	w.expect("it ends although Jira is out", slices.Equal(w.ended, []access.PersonID{noor, tom}))
	w.says(w.report(), "Done: 2 leavers had their access ended.", "Problem: Nothing was adopted or removed, because the issue that says why can't be opened: Jira refuses the token: renew it")
	w.jira = nil
	w.turn()
	w.says(w.issues[0].Lines[1], "noor@acme.example has left: what they hold ends")
}

func TestAnAccountIsKnownUnderAnyAddress(t *testing.T) {
	w := newWorld(t, catalog.Remove, 0)
	w.past()
	w.in(maya)
	w.holds(maya, w.ids[maya], w.group)
	w.vendor.SetEmail(w.ids[maya], "maya.lind@acme.example")
	w.turn()
	w.remove()
	w.expect("she stays in, and is not missed", w.isIn(maya) && len(w.news()) == 0)
}

func TestAGroupThatTookOverTheNameIsAnother(t *testing.T) {
	w := newWorld(t, catalog.Alert, 0)
	w.past()
	w.in(maya)
	w.holds(maya, w.ids[maya], w.group)
	w.vendor.RenameGroup(w.group, "figma-old")
	w.vendor.AddGroup("figma-editors", idptest.Plain)
	w.turn()
	w.expect("nobody is missed in it", len(w.news()) == 0 && len(w.story(access.EventMemberMissing)) == 0)
}

func TestIdleAccountsAreCounted(t *testing.T) {
	w := newWorldWith(t, catalog.Alert, 0, func(_ *world, c *reconcile.Config) { c.Idle = catalog.Day })
	w.in(maya)
	if d := w.Duties(); len(d) != 1 || d[0].Name != reconcile.Duty || d[0].Line != "0 6 * * *" {
		t.Errorf("duties %+v", d)
	}
	w.turn()
	w.says(w.report(), "1 membership with no request, 0 of leavers, 0 idle.") // nobody is idle who was never seen
}

func TestManyAreResolvedTogether(t *testing.T) {
	w := newWorld(t, catalog.Adopt, 30*catalog.Day)
	w.past()
	for i := range 120 {
		w.vendor.SetMember(w.group, w.vendor.AddPerson(idptest.Person{Email: fmt.Sprintf("p%03d@acme.example", i)}), true)
	}
	w.turn()
	_, said := w.comments()
	lines := 0
	for _, c := range said {
		lines += len(c.Lines)
	}
	w.expect("everything is in the issue", len(said) == 3 && lines == 120 && len(w.issues) == 1)
	w.says(strings.Join(w.issues[0].Lines, "\n"), "… and 20 more")
	w.says(w.report(), "Done: 120 memberships adopted.", "… and 105 more.")
}

// A store that may be older than the world explains less than it could: whatever the
// policy is, what nothing explains is only reported, and leavers' access ends all the same.
func TestWhatAHeldStoreCanNotExplainIsLeftAlone(t *testing.T) {
	for _, policy := range []catalog.Unrequested{catalog.Remove, catalog.Adopt} {
		w := newWorld(t, policy, 30*catalog.Day)
		w.past()
		w.in(maya)
		w.do(func(u *engine.Unit) error {
			return store.PutQuarantine(u.Tx, &store.Quarantine{Cause: store.QuarantineRestored, Why: "It was restored."})
		})
		w.turn()
		w.says(w.report(), "Done: 1 membership reported.", "Problem: What nothing explains was only reported: It was restored.")
		w.expect("she is still there", w.isIn(maya))
		w.expect("nothing was adopted", len(w.held(maya)) == 0)
		w.expect("no issue was opened", len(w.issues) == 0)
		w.do(func(u *engine.Unit) error { return store.DropQuarantine(u.Tx, store.QuarantineRestored) })
		w.turn()
		w.expect("then the policy holds", policy == catalog.Remove || len(w.held(maya)) == 1)
	}
}
