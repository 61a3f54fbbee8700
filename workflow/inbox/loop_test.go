package inbox

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

func (j *jira) turns(n int, every time.Duration) {
	j.Helper()
	for range n {
		if err := j.turn(j.Context()); err != nil {
			j.Fatal(err)
		}
		j.now = j.now.Add(every)
	}
}

func TestATurnBeginsWhereTheLastOneBegan(t *testing.T) {
	j := open(t)
	j.turns(3, time.Minute)
	for i, want := range []time.Duration{0, 0, time.Minute} {
		if !j.since[i].Equal(noon().Add(want)) {
			t.Errorf("turn %d asks for what changed since %s", i, j.since[i])
		}
	}
}

func TestWhatWasDealtWithIsKnown(t *testing.T) {
	j := open(t)
	seen := j.asked()
	seen.Changes = []access.Change{approval(6)}
	seen.Changes[0].At = noon().Add(time.Minute)
	j.changed = []access.IssueSnapshot{seen}
	j.turns(2, time.Minute)
	j.equal("done", j.done, []string{"noor approves AR-1"})
}

// Somebody changes an issue in the millisecond in which Latchkey wrote to it, after it was read:
// it was changed last when it was before. It is read again, and not for ever.
func TestAChangeInTheSameMillisecondIsRead(t *testing.T) {
	j := open(t)
	seen := j.asked()
	j.turns(1, time.Minute)
	seen.Updated = j.now.Add(-settled / 2)
	j.changed = []access.IssueSnapshot{seen}
	j.turns(1, time.Minute)
	seen.Changes = []access.Change{approval(6)}
	seen.Changes[0].At = seen.Updated
	j.changed = []access.IssueSnapshot{seen}
	j.turns(2, time.Minute)
	j.equal("done", j.done, []string{"noor approves AR-1"})
	if !j.known(t.Context(), seen.Issue.ID, seen.Updated) {
		t.Error("it is read again and again")
	}
}

func TestWhatHappenedBeforeTheFirstTurnIsNobodysNews(t *testing.T) {
	j := open(t)
	j.turns(1, time.Minute)
	seen := j.asked()
	seen.Changes = []access.Change{approval(6)}
	seen.Changes[0].At = noon().Add(-time.Minute)
	j.look(seen)
	j.equal("done", j.done, nil)
}

// Jira can't be read at first. What is done there meanwhile is read as soon as it can.
func TestWhatHappenedWhileJiraWasNotReadYet(t *testing.T) {
	j := open(t)
	j.broken = errors.New("down")
	if err := j.turn(t.Context()); err == nil {
		t.Fatal("it was read")
	}
	j.now = j.now.Add(2 * time.Minute)
	j.broken = nil
	seen := j.asked()
	seen.Changes = []access.Change{approval(6)}
	seen.Changes[0].At = noon().Add(time.Minute)
	j.changed = []access.IssueSnapshot{seen}
	j.turns(1, time.Minute)
	j.equal("done", j.done, []string{"noor approves AR-1"})
	if !j.since[1].Equal(noon()) {
		t.Errorf("it was asked for what changed since %s", j.since[1])
	}
}

func TestOpenIssuesAreLookedAtNowAndThen(t *testing.T) {
	j := open(t)
	seen := j.asked()
	j.turns(1, time.Minute)
	j.equal("the story", j.story(), nil)
	delete(j.issues, seen.Issue.ID)
	j.turns(9, time.Minute)
	j.equal("the story", j.story(), nil)
	j.turns(1, time.Minute)
	if len(j.story()) != 1 {
		t.Errorf("nobody noticed that the issue is gone: %q", j.story())
	}
}

func TestWhatIsOverIsNotLookedAt(t *testing.T) {
	j := open(t)
	j.asked()
	for _, tc := range []struct {
		state access.RequestState
		grant access.GrantState
		open  bool
	}{
		{access.RequestPending, "", true}, {access.RequestDenied, "", false},
		{access.RequestApproved, access.GrantActive, true}, {access.RequestApproved, access.GrantEnded, false},
	} {
		err := j.store.Update(t.Context(), func(tx store.Tx) error {
			r, err := store.Request(tx, "AR-1")
			if err != nil {
				return err
			}
			g, err := store.Grant(tx, r.GrantID())
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			g.ID, g.State, r.State = r.GrantID(), tc.grant, tc.state
			if tc.grant != "" {
				if err := store.PutGrant(tx, &g); err != nil {
					return err
				}
			}
			return store.PutRequest(tx, &r)
		})
		if err != nil {
			t.Fatal(err)
		}
		issues, last, err := j.openIssues(t.Context(), "")
		if err != nil || last != "AR-1" || (len(issues) == 1) != tc.open {
			t.Errorf("%s, %s: %v, %q, %v", tc.state, tc.grant, issues, last, err)
		}
	}
}

// What somebody asked for in the portal can't be dealt with, turn by turn. That an
// issue of somebody else was deleted is noticed all the same, and whoever reads the
// log hears of the one that fails.
func TestAnIssueThatFailsKeepsNothingElseFromBeingLookedAt(t *testing.T) {
	j := open(t)
	seen := j.asked()
	j.turns(1, time.Minute)
	delete(j.issues, seen.Issue.ID)
	j.changed = []access.IssueSnapshot{portal(access.Form{App: "Figma", Role: "Editor"}).Seen}
	j.refusals["submits"] = errDown()
	for range rescanEvery {
		if err := j.turn(t.Context()); !errors.Is(err, j.refusals["submits"]) {
			t.Fatalf("got %v", err)
		}
		j.now = j.now.Add(time.Minute)
	}
	if len(j.story()) != 1 {
		t.Errorf("nobody noticed that the issue is gone: %q", j.story())
	}
}

// Among those that are looked at, too, one that fails holds up no other.
func TestALookThatFailsInPart(t *testing.T) {
	j := open(t)
	seen := j.asked()
	delete(j.issues, seen.Issue.ID)
	j.broken = errDown()
	if err := j.rescan(t.Context()); !errors.Is(err, j.broken) {
		t.Errorf("got %v", err)
	}
	if len(j.story()) != 1 {
		t.Errorf("what could be seen was not dealt with: %q", j.story())
	}
}

// A record that can't be read back hides no deleted issue of another request.
func TestALookBesideDamage(t *testing.T) {
	j := open(t)
	seen := j.asked()
	delete(j.issues, seen.Issue.ID)
	err := j.store.Update(t.Context(), func(tx store.Tx) error {
		over := access.Request{ID: "AR-0", State: access.RequestApproved, Issue: access.Issue{ID: "9", Key: "IT-9"}}
		for _, r := range []store.Record{{Kind: "request", ID: "AR-00"}, {Kind: "request", ID: "AR-9"}, {Kind: "grant", ID: over.GrantID()}} {
			r.Body = []byte("{")
			if _, err := tx.Put(r); err != nil {
				return err
			}
		}
		return store.PutRequest(tx, &over)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.rescan(t.Context()); err != nil {
		t.Errorf("got %v", err)
	}
	if len(j.story()) != 1 {
		t.Errorf("nobody noticed that the issue is gone: %q", j.story())
	}
}

func TestAJiraThatDoesNotAnswer(t *testing.T) {
	j := open(t)
	j.asked()
	j.broken = errDown()
	if err := j.turn(t.Context()); !errors.Is(err, j.broken) {
		t.Errorf("got %v", err)
	}
	if err := j.rescan(t.Context()); !errors.Is(err, j.broken) {
		t.Errorf("got %v", err)
	}
	j.broken = nil
	j.turns(1, time.Minute)
}

// Another process reads: this one does nothing, and says nothing.
func TestOneProcessReads(t *testing.T) {
	j := open(t)
	shared := sharedStore{j.store}
	j.Service = reading(j, shared, "other")
	j.turns(1, time.Minute)
	j.Service = reading(j, shared, "this")
	j.turns(1, 10*time.Minute)
	if len(j.since) != 1 {
		t.Errorf("both read: %v", j.since)
	}
	j.turns(1, time.Minute)
	if len(j.since) != 2 {
		t.Errorf("nobody reads any more: %v", j.since)
	}
}

func TestRunningUntilTheEnd(t *testing.T) {
	j := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	j.Service.source = counting{j, cancel}
	if j.Service.Run(ctx); len(j.since) != 3 {
		t.Errorf("%d turns", len(j.since))
	}
}

// counting ends the run in the third turn, the second of which fails.
type counting struct {
	*jira
	cancel func()
}

func (c counting) Changes(ctx context.Context, since time.Time, known func(string, time.Time) bool) ([]access.IssueSnapshot, error) {
	c.broken = map[bool]error{true: errDown()}[len(c.since) == 1]
	if len(c.since) == 2 {
		c.cancel()
	}
	return c.jira.Changes(ctx, since, known)
}

// sharedStore is a store that several processes have open.
type sharedStore struct{ store.Store }

func (sharedStore) Exclusive() bool { return false }
