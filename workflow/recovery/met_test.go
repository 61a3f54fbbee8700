package recovery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
)

const metLater = access.PersonID("P-METANEW000")

// metAnew has the older store know whoever has the accounts under an id of its own.
func (w *world) metAnew(more ...access.Binding) {
	w.Helper()
	p := access.Person{ID: metLater, Kind: access.Employee, Standing: access.Active, Name: "Maya Lind", Title: "Designer", Bindings: more}
	err := w.units.Update(w.Context(), func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: p}) })
	if err != nil {
		w.Fatal(err)
	}
}

// account is one that somebody was met by a minute ago.
func account(system, id string) access.Binding {
	return access.Binding{System: system, ID: id, Level: access.AssuranceFirst, Since: start().Add(-time.Minute)}
}

// bearers are the ids that the store has for accounts.
func (w *world) bearers(accounts ...string) (out []string) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		for _, a := range accounts {
			system, id, _ := strings.Cut(a, ":")
			k, err := store.PersonByAccount(tx, system, id)
			if err != nil {
				return err
			}
			out = append(out, string(k.ID))
		}
		return nil
	})
	return out
}

// Whoever an older copy has met anew, by an account that the record has as theirs, is who
// they were: one human has one id, by which all of their accounts are found, and what was
// kept under the other is brought there.
func TestForwardMakesNobodyTwo(t *testing.T) {
	for name, by := range map[string]access.Binding{"a group's list": account("okta", "person-0002"), "Slack": account("slack", "U-maya")} {
		t.Run(name, func(t *testing.T) {
			w, h := newWorld(t), &history{t: t}
			w.behind(h.provisioning("1"))
			w.metAnew(by)
			w.member("maya", true)
			out := w.forward(h.held("3"))
			w.equal("known again", out.Rejoined, []string{"maya@acme.example"})
			if slices.ContainsFunc(out.Conflicts, func(c recovery.Conflict) bool { return strings.Contains(c.Text, "another human") }) {
				t.Errorf("somebody has to look at %+v", out.Conflicts)
			}
			w.equal("bearers", w.bearers("okta:person-0002", "slack:U-maya"), []string{string(maya), string(maya)})
			if !slices.Contains(w.tasks(), requests.UniteTask) {
				t.Errorf("nothing is brought together: %q", w.tasks())
			}
			w.view(func(tx store.Tx) error {
				gone, err := store.Person(tx, metLater)
				is, bad := store.Person(tx, maya)
				if gone.Same != maya || len(access.AccountsOf(gone.Person)) > 0 || is.Title != "Designer" || !slices.Contains(is.United, metLater) {
					t.Errorf("they are %+v, were %+v; %v, %v", is, gone, err, bad)
				}
				return err
			})
			united := slices.DeleteFunc(w.told(), func(e access.Event) bool { return e.Kind != access.EventUnited })
			if len(united) != 1 || united[0].Person != maya || strings.Contains(united[0].Note, "P-") {
				t.Errorf("the log says %+v", united)
			}
			if again := w.forward(h.held("3")); len(again.Rejoined) > 0 {
				t.Errorf("once more: %+v", again)
			}
		})
	}
}

// Where anything differs they may be two: each account stays where it is, and IT reads it.
func TestForwardLeavesOpenWhoMayBeTwo(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	w.behind(h.provisioning("1"))
	w.metAnew(account("okta", "person-0002"), account("slack", "U-other"))
	w.member("maya", true)
	out := w.forward(h.held("3"))
	open := slices.IndexFunc(out.Conflicts, func(c recovery.Conflict) bool {
		return strings.Contains(c.Text, "okta:person-0002 belongs to") && strings.Contains(c.Text, "another human")
	})
	if open < 0 || len(out.Rejoined) > 0 {
		t.Errorf("forwarded %+v", out)
	}
	w.equal("bearers", w.bearers("okta:person-0002", "slack:U-other", "slack:U-maya"), []string{string(metLater), string(metLater), string(maya)})
}

// Whom the copy knew before is not the one who has the account since, by what Jira knows:
// IT may have said so meanwhile.
func TestForwardTakesNobodyForTheFormerOwner(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	w.behind(h.provisioning("1"))
	before := account("slack", "U-maya")
	before.Since = before.Since.AddDate(-2, 0, 0)
	w.metAnew(before)
	out := w.forward(h.held("3"))
	if len(out.Rejoined) > 0 || len(out.Conflicts) == 0 {
		t.Errorf("forwarded %+v", out)
	}
	w.equal("bearers", w.bearers("slack:U-maya", "okta:person-0002"), []string{string(metLater), string(maya)})
}

// What waited because the store was older is tried at once when it was brought up: the issue
// of a request, whose lane everything else waits behind, above all. What is set aside for
// the same reason is due when the record says. What waits for a moment of its own does.
func TestForwardTriesWhatWaited(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	first := h.provisioning("1")
	w.behind(first)
	w.member("maya", true)
	about, later := access.RequestSubject(first.Request.ID), start().Add(10*time.Minute)
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		for _, t := range []store.Task{
			{ID: "open/AR-1", Queue: "jira", Kind: "issue.open", Subject: about, Lane: "issue/AR-1", Problem: "Jira knows more."},
			{ID: "late/1", Queue: "jira", Kind: "issue.late", Subject: about},
			{ID: "due/request/AR-1", Queue: "house", Kind: engine.DueTask, Problem: "Jira knows more."},
			{ID: "due/grant/G-1", Queue: "house", Kind: engine.DueTask, Problem: "Jira knows more."},
		} {
			if _, err := u.EnqueueFor(t, later); err != nil {
				return err
			}
			failed, err := u.Tx.Task(t.ID)
			if err != nil {
				return err
			}
			failed.Problem = t.Problem
			if err := u.Tx.Requeue(failed); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.forward(h.group(first, access.EventMemberAdded, false, ""))
	got := map[string]time.Time{}
	w.view(func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 1000)
		for _, t := range all {
			got[t.ID] = t.NotBefore
		}
		return err
	})
	if !got["open/AR-1"].Equal(start()) || !got["late/1"].Equal(later) {
		t.Errorf("tried at %v", got)
	}
	for _, id := range []string{"due/request/AR-1", "due/grant/G-1"} {
		if _, still := got[id]; still {
			t.Errorf("%s is still set aside", id)
		}
	}
}
