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
	if out.Requests != 2 || out.Waiting != 1 || out.Grants != 1 || out.Live != 1 || out.Overdue != 0 || out.Missing != 0 || out.Unconfirmed+out.Disputed != 0 || len(out.Conflicts) != 0 {
		t.Errorf("got %+v", out)
	}
	if g := w.grant(held.Grant.ID); g.State != access.GrantActive || !g.Ends.Equal(held.Grant.Ends) || g.Version != 1 {
		t.Errorf("the grant is %+v", g)
	}
	log := w.log()
	if first := log[0]; first.Kind != access.EventLogRebuilt || !strings.Contains(first.Note, "2 requests, 1 grants and") ||
		!strings.Contains(first.Note, out.Head.ID+" at place 8 with the leaf "+out.Head.Leaf.String()) {
		t.Errorf("the log begins with %+v", first)
	}
	if e, was := log[1], waiting.entries[0]; e.ID != was.ID || e.Leaf != was.Leaf || e.Place != 2 {
		t.Errorf("the first recovered event is %+v, it was %+v", e, was)
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
	if out := w.dry(w.issues(h.waiting("1"))...); out.Requests != 1 || len(w.log()) != 0 {
		t.Errorf("%+v, %d events", out, len(w.log()))
	}
}

func TestTwoHistoriesAreNotMixed(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	w.recover(h.waiting("1"))
	_, err := w.Recover(t.Context(), w.found(nil), false)
	if f := access.Classify(err); err == nil || f.Class != access.Rejected || !strings.Contains(f.Sentence, "isn't empty") {
		t.Errorf("got %v", err)
	}
}

func TestAHalfFilledStoreIsNotWorkedOn(t *testing.T) {
	w := newWorld(t)
	if err := w.store.Update(t.Context(), store.MarkRebuild); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Recover(t.Context(), w.found(nil), false); !errors.Is(err, access.Classify(err)) || err == nil {
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
	if _, err := w.Recover(ctx, w.found(nil), false); err == nil || len(w.log()) != 0 {
		t.Errorf("%v, %d events", err, len(w.log()))
	}
}

// An issue whose record is not whole is named. Nothing follows from it, and the
// others are recovered.
func TestARecordThatIsNotWholeIsListed(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	held, other := h.held("1"), h.waiting("2")
	short, long, foreign := held, held, held
	short.entries = held.entries[:3]
	long.entries = append(held.entries[:2:2], held.entries[3:]...)
	foreign.Request.Issue.ID = "i9"
	for name, c := range map[string]struct {
		m    lost
		says string
	}{
		"a hole":              {long, "IT-1: IT-1 holds 5 of the 6 events of request AR-1"},
		"half a story":        {short, "IT-1: IT-1 tells the story of request AR-1, and it does not hold together"},
		"the state of a copy": {foreign, "IT-1: The state in IT-1 was written for another issue"},
	} {
		issues := w.issues(c.m, other)
		issues[0].Issue.ID = "i1"
		out := w.dry(issues...)
		if all := conflicts(out); out.Requests != 1 || len(all) == 0 || !strings.HasPrefix(all[0], c.says) {
			t.Errorf("%s: %d requests, %q; want %q", name, out.Requests, all, c.says)
		}
	}
}

func TestAStateThatDoesNotFollowFromItsStory(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	for name, change := range map[string]func(*lost){
		"longer":       func(m *lost) { m.Grant.Ends = m.Grant.Ends.Add(catalog.Week) },
		"without":      func(m *lost) { m.Grant = nil },
		"another sum":  func(m *lost) { m.Request.Allowed *= 2 },
		"not held yet": func(m *lost) { m.Grant.Entitlements[0].State = access.EntitlementWanted },
	} {
		m := h.held("1")
		change(&m)
		out := w.dry(w.issues(m)...)
		if all := conflicts(out); out.Requests != 0 || !strings.Contains(all[0], "its events lead to something else than what the issue says") {
			t.Errorf("%s: %d requests, %q", name, out.Requests, all)
		}
	}
}

func TestOneRequestInTwoIssues(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	first, second := h.waiting("1"), h.waiting("1")
	second.Request.Issue = access.Issue{ID: "i2", Key: "IT-2"}
	out := w.dry(w.issues(first, second)...)
	if out.Requests != 1 || !strings.HasPrefix(conflicts(out)[0], "IT-2: IT-1 and IT-2 are both signed as request AR-1") {
		t.Errorf("%d requests, %q", out.Requests, conflicts(out))
	}
}

func TestWhatIsNotInJiraIsCounted(t *testing.T) {
	w, h := newWorld(t), history{t: t, place: 10}
	if out := w.recover(h.waiting("1")); out.Missing != 10 || !strings.Contains(w.log()[0].Note, "10 of its events were not found") {
		t.Errorf("missing %d; %s", out.Missing, w.log()[0].Note)
	}
}

func TestWhatIsOverdueIsCounted(t *testing.T) {
	w, h := newWorld(t), history{t: t, ago: 12 * time.Hour}
	if out := w.dry(w.issues(h.held("1"))...); out.Overdue != 1 {
		t.Errorf("%+v", out)
	}
}

func TestTheDirectoryIsCompared(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	missing := h.held("1")
	h.open = func(r *access.Request) { r.Requester, r.Beneficiary = noor, noor }
	unclear := h.provisioning("2")
	w.member("noor", true)
	w.member("tom", true)
	out := w.dry(w.issues(missing, unclear)...)
	var said []string
	for _, c := range out.Conflicts {
		said = append(said, c.About+" "+strings.Join(c.People, " ")+": "+c.Text)
	}
	for i, want := range []string{"IT-1 : maya@acme.example should have", "IT-2 : noor@acme.example was to get", "okta:figma-editors noor@acme.example: noor@acme.example is in it, but", "okta:figma-editors tom@acme.example: 1 in it without a request"} {
		if len(said) != 4 || !strings.HasPrefix(said[i], want) {
			t.Errorf("got %q, want %q", said, want)
		}
	}
}

func TestAGroupThatCannotBeRead(t *testing.T) {
	w, h := newWorld(t), history{t: t, more: []catalog.GroupRef{{Directory: "entra", Group: "x"}}}
	w.okta.DeleteGroup(w.group)
	all := strings.Join(conflicts(w.dry(w.issues(h.provisioning("1"))...)), "\n")
	if !strings.Contains(all, "entra:x: The group entra:x belongs to the directory") || !strings.Contains(all, "okta:figma-editors: Read who is in okta:figma-editors failed") {
		t.Error(all)
	}
	if strings.Contains(all, "admins") {
		t.Error("a protected group was looked at")
	}
}
