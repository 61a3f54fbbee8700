package requests_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/requests"
)

// planned is access of Maya's that was approved and begins in an hour.
func (w *world) planned() access.Request {
	w.Helper()
	sub := w.wanting("editor")
	sub.Starts = w.now.Add(time.Hour)
	r := w.submit(sub)
	w.findApprovers()
	w.issue(r.ID)
	w.ok(w.answer(r, noor, true))
	return w.request(r.ID)
}

// begins lets its time come, and has it looked whether it may begin.
func (w *world) begins(r access.Request) error {
	w.Helper()
	w.pass(time.Hour)
	w.ok(w.due("grant", r.GrantID()))
	return w.carryOut(requests.BeginTask)
}

// under is the offer with a rule about who gets it.
func under(if_ catalog.Condition, sentence string) *catalog.Catalog {
	return testCatalog(true).Under(catalog.Policy{Rules: []catalog.Rule{{ID: "rule", If: if_, Then: catalog.Consequence{Deny: sentence}}}})
}

// messages are announcements whose markers begin like this.
func (w *world) messages(marker string) (out []string) {
	w.Helper()
	for _, t := range w.tasks("notice.show") {
		if strings.HasPrefix(t.ID, "notice/"+marker) {
			out = append(out, string(t.Payload))
		}
	}
	return out
}

// TestAccessBeginsWhenItWasAskedFor, and not before.
func TestAccessBeginsWhenItWasAskedFor(t *testing.T) {
	w := newWorld(t)
	r := w.planned()
	if g := w.grant(r); g.State != access.GrantWaiting || len(w.tasks(requests.BeginTask)) > 0 {
		t.Fatalf("before its time it is %s", g.State)
	}
	w.ok(w.begins(r))
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("at its time it is %s", g.State)
	}
}

// TestWhatMayNotBeHeldAnyMoreDoesNotBegin: who said yes reads why.
func TestWhatMayNotBeHeldAnyMoreDoesNotBegin(t *testing.T) {
	w := newWorld(t)
	r := w.planned()
	w.offer = under(catalog.Condition{People: []string{"maya@acme.example"}}, "Not for Maya.")
	w.ok(w.begins(r))
	if g := w.grant(r); g.State != access.GrantEnded || g.End != access.EndRuledOut {
		t.Errorf("it is %s (%s)", g.State, g.End)
	}
	if told := w.messages("ruled-out/" + r.ID); len(told) != 1 || !strings.Contains(told[0], "Not for Maya.") || !strings.Contains(told[0], string(noor)) {
		t.Errorf("told: %q", told)
	}
}

// TestWhatIsNotKnownHoldsAccessUp: it is looked at again, IT hears of it once it takes long, and it begins once it is known.
func TestWhatIsNotKnownHoldsAccessUp(t *testing.T) {
	w := newWorld(t)
	r := w.planned()
	w.offer = under(catalog.Condition{Departments: []string{"Sales"}}, "Not for Sales.")
	err := w.begins(r)
	if access.Classify(err).Class != access.Limited || w.grant(r).State != access.GrantWaiting || len(w.messages("undetermined")) > 0 {
		t.Fatalf("%v; it is %s, told: %q", err, w.grant(r).State, w.messages("undetermined"))
	}
	w.pass(10 * time.Minute)
	if err := w.carryOut(requests.BeginTask); access.Classify(err).Class != access.Limited {
		t.Errorf("got %v", err)
	}
	if told := w.messages("undetermined"); len(told) != 1 || !strings.Contains(told[0], "It waits for the directory") {
		t.Errorf("told: %q", told)
	}
	w.offer = testCatalog(true)
	w.ok(w.carryOut(requests.BeginTask))
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("once it is known it is %s", g.State)
	}
}

// needing is the offer with a role that needs another one.
func needing(lost catalog.OnNeedsLost) *catalog.Catalog {
	c := testCatalog(true)
	apps := slices.Clone(c.Apps())
	apps[0].Roles = slices.Clone(apps[0].Roles)
	i := slices.IndexFunc(apps[0].Roles, func(r catalog.Role) bool { return r.ID == "root" })
	apps[0].Roles[i].Needs, apps[0].Roles[i].OnNeedsLost = []catalog.Holding{catalog.RoleRef{App: "figma", Role: "editor"}.Holding()}, lost
	return catalog.New(apps, c.Routes())
}

// TestWhatNeedsSomethingThatEnds ends with it where its role says so; otherwise IT hears of it.
func TestWhatNeedsSomethingThatEnds(t *testing.T) {
	for name, c := range map[string]struct {
		lost catalog.OnNeedsLost
		want access.GrantState
		told int
	}{
		"it ends, too": {catalog.EndAccess, access.GrantEnding, 0},
		"IT hears":     {"", access.GrantActive, 1},
	} {
		w := newWorld(t)
		w.offer = needing(c.lost)
		editor, root := w.held("editor"), w.held("root")
		w.ok(w.Return(t.Context(), editor.ID, by(maya)))
		g := w.grant(root)
		told := w.messages("needs/")
		if g.State != c.want || len(told) != c.told {
			t.Errorf("%s: it is %s, told: %q", name, g.State, told)
		}
		if c.lost == catalog.EndAccess && g.End != access.EndNeedsLost {
			t.Errorf("%s: because of %s", name, g.End)
		}
	}
}

// TestWhatNeedsNothingThatEndsGoesOn: one of two is enough.
func TestWhatNeedsNothingThatEndsGoesOn(t *testing.T) {
	w := newWorld(t)
	w.offer = needing(catalog.EndAccess)
	editor, root := w.held("editor"), w.held("root")
	w.ok(w.store.Update(t.Context(), func(tx store.Tx) error { // the same role once more, by another request
		g, err := store.Grant(tx, editor.GrantID())
		if err != nil {
			return err
		}
		g.ID, g.Version, g.Request = "G-OTHER", 0, "AR-OTHER"
		return store.PutGrant(tx, &g)
	}))
	w.ok(w.Return(t.Context(), editor.ID, by(maya)))
	if g := w.grant(root); g.State != access.GrantActive {
		t.Errorf("it is %s", g.State)
	}
}
