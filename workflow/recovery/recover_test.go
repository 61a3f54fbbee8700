package recovery_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

func TestAStoreIsRebuilt(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	waiting, held := h.waiting("1"), h.held("2")
	w.member("maya", true)
	out := w.recover(waiting, held)
	if out.Requests != 2 || out.Waiting != 1 || out.Grants != 1 || out.Live != 1 || out.Overdue != 0 || out.Missing != 0 || len(out.Conflicts) != 0 {
		t.Errorf("got %+v", out)
	}
	if g := w.grant(held.Request.GrantID()); g.State != access.GrantActive || !g.Ends.Equal(held.Grant.Ends) || g.Version != 1 {
		t.Errorf("the grant is %+v", g)
	}
	log := w.log()
	if first := log[0]; first.Kind != access.EventLogRebuilt || first.Was != out.Head.ID()+" "+out.Head.Hash || !strings.Contains(first.Note, "2 requests, 1 grants and") {
		t.Errorf("the log begins with %+v", first)
	}
	if e := log[1]; e.Was != "ev-1 "+waiting.Story[0].Hash {
		t.Errorf("the first recovered event was %q", e.Was)
	}
	if err := w.MustBeComplete(t.Context()); err != nil {
		t.Error(err)
	}
	w.equal("tasks", w.tasks(), []string{"card.show", "card.show"}) // of what waits
}

func TestNothingAtAllIsRecovered(t *testing.T) {
	w := newWorld(t)
	w.recover()
	if note := w.log()[0].Note; !strings.HasSuffix(note, "Nothing of an earlier log was found.") {
		t.Errorf("the log says %q", note)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	out, err := w.Recover(t.Context(), []access.RecoveredCase{h.waiting("1")}, true)
	if err != nil || out.Requests != 1 || len(w.log()) != 0 {
		t.Errorf("%+v, %v, %d events", out, err, len(w.log()))
	}
}

func TestTwoHistoriesAreNotMixed(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	w.recover(h.waiting("1"))
	_, err := w.Recover(t.Context(), nil, false)
	if f := access.Classify(err); err == nil || f.Class != access.Rejected || !strings.Contains(f.Sentence, "isn't empty") {
		t.Errorf("got %v", err)
	}
}

func TestAHalfFilledStoreIsNotWorkedOn(t *testing.T) {
	w := newWorld(t)
	if err := w.store.Update(t.Context(), store.MarkRebuild); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Recover(t.Context(), nil, false); !errors.Is(err, access.Classify(err)) || err == nil {
		t.Errorf("got %v", err)
	}
	if err := w.MustBeComplete(t.Context()); err == nil || !strings.Contains(err.Error(), "broke off") {
		t.Errorf("got %v", err)
	}
}

func TestARecoveryIsBrokenOff(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Recover(ctx, nil, false); err == nil || len(w.log()) != 0 {
		t.Errorf("%v, %d events", err, len(w.log()))
	}
}

func TestAStoryWithHolesAndForgeries(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	m := h.held("1")
	w.member("maya", true)
	m.Story[1].Note = "forged"
	m.Story = append(m.Story[:2:2], m.Story[3:]...)
	out := w.recover(m)
	if out.Missing != 1 || !strings.Contains(w.log()[0].Note, "1 of its events were not found") {
		t.Errorf("missing %d; %s", out.Missing, w.log()[0].Note)
	}
	if all := strings.Join(conflicts(out), "\n"); !strings.Contains(all, "log: Event ev-2 of request AR-1 was altered") {
		t.Errorf("conflicts:\n%s", all)
	}
}

func TestAStateThatDoesNotFollowFromItsStory(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	for name, change := range map[string]func(*access.RecoveredCase){
		"longer":       func(m *access.RecoveredCase) { m.Grant.Ends = m.Grant.Ends.Add(catalog.Week) },
		"another's":    func(m *access.RecoveredCase) { m.Grant.Person = noor },
		"without":      func(m *access.RecoveredCase) { m.Grant = nil },
		"another sum":  func(m *access.RecoveredCase) { m.Request.Allowed *= 2 },
		"not held yet": func(m *access.RecoveredCase) { m.Grant.Entitlements[0].State = access.EntitlementWanted },
	} {
		m := h.held("1")
		change(&m)
		out, err := w.Recover(t.Context(), []access.RecoveredCase{m}, true)
		if err != nil || !strings.HasPrefix(conflicts(out)[0], "IT-1: The state in the issue does not follow from its story; the state was used.") {
			t.Errorf("%s: %q, %v", name, conflicts(out), err)
		}
	}
}

// The state was too long for the issue: it is told again from the comments.
func TestAStateIsToldFromItsStory(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	m := h.held("1")
	want := m.Grant.Ends
	w.member("maya", true)
	m.Whole, m.Grant, m.Phase = false, nil, access.PhaseManual
	m.Doubts = []string{"A comment has no date"}
	out := w.recover(m)
	w.equal("conflicts", conflicts(out), []string{"IT-1: A comment has no date", `IT-1: The issue says "manual", but its story ends at "granted"; the story was used`})
	if g := w.grant("G-1"); g.State != access.GrantActive || !g.Ends.Equal(want) {
		t.Errorf("the grant is %+v", g)
	}
}

func TestAStoryThatBreaksOff(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	m := h.held("1")
	m.Whole, m.Grant = false, nil
	m.Story[2].Approvers = nil
	out, err := w.Recover(t.Context(), []access.RecoveredCase{m}, true)
	if err != nil || !strings.HasPrefix(conflicts(out)[0], "IT-1: Its state was too long for the issue, and the story in its comments breaks off") {
		t.Errorf("%q, %v", conflicts(out), err)
	}
}

func TestWhatIsOverdueIsCounted(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	m := h.held("1")
	m.Grant.Ends = start().Add(-time.Minute)
	out, err := w.Recover(t.Context(), []access.RecoveredCase{m}, true)
	if err != nil || out.Overdue != 1 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestTheDirectoryIsCompared(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	missing := h.held("1")
	unclear := h.provisioning("2")
	unclear.Grant.Person, unclear.Request.Beneficiary, unclear.Request.Requester = noor, noor, noor
	for i := range unclear.Story {
		unclear.Story[i].Person = noor
	}
	w.member("noor", true)
	w.member("tom", true)
	out, err := w.Recover(t.Context(), []access.RecoveredCase{missing, unclear}, true)
	if err != nil {
		t.Fatal(err)
	}
	var about []string
	for _, c := range out.Conflicts {
		if c.About == "okta:figma-editors" {
			about = append(about, string(c.People[0])+": "+c.Text)
		}
	}
	if len(about) != 3 || !strings.Contains(about[0], "should be in it and is not") || !strings.Contains(about[1], "taken for a membership from before") ||
		!strings.HasPrefix(about[2], "tom@acme.example: 1 in it without a request") {
		t.Errorf("got %q", about)
	}
}

func TestAGroupThatCannotBeRead(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	w.okta.DeleteGroup(w.group)
	m := h.held("1")
	m.Grant.Entitlements = append(m.Grant.Entitlements, access.Entitlement{Group: catalog.GroupRef{Directory: "entra", Group: "x"}})
	out, err := w.Recover(t.Context(), []access.RecoveredCase{m}, true)
	all := strings.Join(conflicts(out), "\n")
	if err != nil || !strings.Contains(all, "entra:x: The group entra:x belongs to the directory") || !strings.Contains(all, "okta:figma-editors: Read who is in okta:figma-editors failed") {
		t.Errorf("%v\n%s", err, all)
	}
	if strings.Contains(all, "admins") {
		t.Error("a protected group was looked at")
	}
}
