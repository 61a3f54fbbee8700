package provision_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision/provisiontest"
)

// TestAPartStaysOrIsTakenBack: what can't be given, before or after the rest was, has that taken back where the role says so.
func TestAPartStaysOrIsTakenBack(t *testing.T) {
	for _, partial := range []catalog.Partial{"", catalog.Keep, catalog.Undo} {
		for _, refusedFirst := range []bool{true, false} {
			w := newWorld(t)
			w.Partial = partial
			g := w.grantOfTwo()
			tasks := w.Tasks()
			isMissing := func(id string) bool { return strings.Contains(id, "plugin-authors") }
			if isMissing(tasks[0].ID) != refusedFirst {
				slices.Reverse(tasks)
			}
			for _, task := range tasks {
				err := w.Attempt(task)
				if isMissing(task.ID) != (err != nil) {
					t.Fatalf("%s: %v", task.ID, err)
				}
				if err != nil {
					tell := w.Failures(engine.Policy{})["grant.add"].Tell
					w.Do(func(u *engine.Unit) error { return tell(u, task, access.Classify(err)) })
				}
			}
			now := w.Now(g.ID)
			if undone := now.State == access.GrantEnding && now.End == access.EndPartial; undone != (partial == catalog.Undo) {
				t.Errorf("partial %q, refused first %t: %s, ended by %q", partial, refusedFirst, now.State, now.End)
			}
			if partial == catalog.Undo && !strings.Contains(w.Last(access.EventEnding).Note, "plugin-authors") {
				t.Errorf("what stood in the way isn't said: %s", w.Last(access.EventEnding).Note)
			}
			if partial != catalog.Undo && (now.State != access.GrantStuck || !now.Partly()) {
				t.Errorf("partial %q: what is there is %s", partial, now.State)
			}
		}
	}
}

// grantOfTwo is a grant of two groups, of which the directory has one.
func (w *world) grantOfTwo() access.Grant {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		r := access.Request{ID: "A", Requester: provisiontest.Maya(), Beneficiary: provisiontest.Maya(), App: "figma", Role: "editor", State: access.RequestApproved, Issue: access.Issue{ID: "1", Key: "IT-A"}}
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		g := access.Grant{ID: "G-A", Request: "A", Person: provisiontest.Maya(), App: "figma", Role: "editor", State: access.GrantWaiting, Created: u.At}
		for _, group := range []string{"figma-editors", "plugin-authors"} {
			g.Entitlements = append(g.Entitlements, access.Entitlement{Group: catalog.GroupRef{Directory: "okta", Group: group}, State: access.EntitlementWanted})
		}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		_, err := u.MoveGrant(g, g.Event(access.EventRecorded, access.System(), u.At))
		return err
	})
	return w.Now("G-A")
}
