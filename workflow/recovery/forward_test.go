package recovery_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/evidence/note/notetest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
)

// behind fills the store with cases as they were when it was copied.
func (w *world) behind(cases ...lost) {
	w.Helper()
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		for _, m := range cases {
			for _, e := range m.entries {
				if err := store.Restore(u.Tx, e); err != nil {
					return err
				}
			}
			r := m.Request
			if err := engine.Save(u, engine.Requests(), &r); err != nil {
				return err
			}
			if m.Grant != nil {
				g := *m.Grant
				if err := engine.Save(u, engine.Grants(), &g); err != nil {
					return err
				}
			}
			if err := store.PutAhead(u.Tx, store.Ahead{Subject: access.RequestSubject(r.ID), N: 99}); err != nil {
				return err
			}
		}
		if err := store.NameLog(u.Tx, notetest.Log); err != nil {
			return err
		}
		return requests.BeginQuarantine(u, store.Quarantine{Cause: store.QuarantineOlder, Why: "It is older.", Log: notetest.Log, Size: uint64(len(cases))})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// told is the whole log.
func (w *world) told() (all []access.Event) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		all, err = store.Story(tx, store.Filter{})
		return err
	})
	return all
}

func (w *world) forward(cases ...lost) recovery.Forwarded {
	w.Helper()
	out, err := w.Forward(w.Context(), w.found(w.issues(cases...)), recovery.Behind{Size: 6, Anchored: 60, Instance: 7, Checkpoint: "own\n", Newest: "newest\n"}, false)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// Attack 45: what is signed, and goes on from what is here, comes back; nobody is added
// by it. A new log begins and names the heads of the old one.
func TestAttack45ForwardTakesTheSignedContinuation(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	first := h.provisioning("1")
	second := h.held("2")
	w.behind(first, second)
	w.member("maya", true)
	a := &attacked{world: w}
	members := a.inside()
	out := w.forward(h.group(first, access.EventMemberAdded, false, ""), h.ending(second), h.held("3"), h.approved("4"))
	if out.Requests != 4 || out.New != 2 || out.Unconfirmed != 1 || out.Gap == 0 || len(out.Conflicts) != 1 {
		t.Errorf("forwarded %+v", out)
	}
	for id, want := range map[string]access.GrantState{"G-1": access.GrantActive, "G-2": access.GrantEnding, "G-3": access.GrantActive, "G-4": access.GrantStuck} {
		if g := w.grant(id); g.State != want {
			t.Errorf("%s is %s, want %s", id, g.State, want)
		}
	}
	a.gaveNobodyAnything(members)
	all := w.told()
	rebuilt := slices.IndexFunc(all, func(e access.Event) bool { return e.Kind == access.EventLogRebuilt })
	if rebuilt < 0 || !strings.Contains(all[rebuilt].Note, "older than the log "+notetest.Log) || !strings.Contains(all[rebuilt].Note, "own\n") || !strings.Contains(all[rebuilt].Note, "newest\n") {
		t.Errorf("the log says %+v", all)
	}
	if gap := all[rebuilt+1]; gap.Kind != access.EventLogGap || gap.Missing != out.Gap || !strings.Contains(gap.Note, notetest.Log) {
		t.Errorf("what is gone is told as %+v", gap)
	}
	w.view(func(tx store.Tx) error {
		name, err := store.LogName(tx)
		held, bad := store.Quarantines(tx)
		left, worse := store.Aheads(tx)
		if name != strings.TrimSuffix(notetest.Log, "1")+"2" || len(held)+len(left) > 0 {
			t.Errorf("the log is %s, holds %+v, ahead %+v; %v, %v, %v", name, held, left, err, bad, worse)
		}
		return err
	})
}

// Attack 46: a story whose next event does not go on from what is here is another one.
func TestAttack46ForwardRefusesAnotherStory(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	here := h.provisioning("1")
	w.behind(here)
	w.member("maya", true)
	other := &history{t: t, ago: 1}
	out := w.forward(other.held("1"))
	if out.Requests != 0 || len(out.Conflicts) == 0 || !strings.Contains(out.Conflicts[0].Text, "two stories") {
		t.Errorf("forwarded %+v", out)
	}
	if g := w.grant(here.Grant.ID); g.State != access.GrantProvisioning {
		t.Errorf("the grant is %s", g.State)
	}
}

// What anchors show to be newer than the issue is not taken for the newest.
func TestForwardOfARolledBackIssue(t *testing.T) {
	w, h := newWorld(t), &history{t: t}
	first := h.provisioning("1")
	w.behind(first)
	w.member("maya", true)
	older := h.group(first, access.EventMemberAdded, false, "")
	(&attacked{world: w}).anchor(h.ending(older))
	out := w.forward(older)
	if g := w.grant(first.Grant.ID); out.Disputed != 1 || !g.Disputed || g.State != access.GrantActive {
		t.Errorf("forwarded %+v, grant %+v", out, g)
	}
}
