package ledger_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// shelf is a desk whose issues stand somewhere, and are opened again where they have a way back.
type shelf struct {
	*world
	noWay string
}

func (d shelf) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	return access.Issue{ID: "2", Key: "IT-2"}, d.note("report", r.Title)
}

func (d shelf) MoveReport(_ context.Context, issue access.Issue, as access.IssueStanding) error {
	return d.note(issue.Key, "is", string(as))
}

func (d shelf) Reopen(context.Context, access.Issue) (string, error) { return d.noWay, nil }

func (d shelf) Settle(context.Context, access.Case) error { return nil }

func newShelf(t *testing.T, noWay string) *world {
	return newWorld(t, func(c *ledger.Config) {
		d := shelf{c.Issues.(*world), noWay}
		c.Reports, c.Standings, c.Reopens = d, d, d
	})
}

// grant keeps a grant of Maya's as it is now.
func (w *world) grant(id string, is access.GrantState, change ...func(*access.Grant)) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		g, err := store.Grant(u.Tx, id)
		if err != nil {
			g = access.Grant{ID: id, Person: maya, App: "figma", Role: "editor", Source: access.SourceBirthright, Created: start(), Issue: access.Issue{ID: "1", Key: "IT-1"}}
		}
		g.State = is
		for _, c := range change {
			c(&g)
		}
		return store.PutGrant(u.Tx, &g)
	})
}

// looks carries out what follows an issue, and whatever comes of it.
func (w *world) looks() {
	w.Helper()
	for range 10 {
		var all []store.Task
		w.do(func(u *engine.Unit) (err error) {
			all, err = u.Tx.Tasks("", 0, 100)
			return err
		})
		for _, t := range all {
			if err := w.work(t.ID, nil); err != nil && access.Classify(err).Class != access.Limited {
				w.Fatal(err)
			}
		}
	}
}

// said are the lines that were done since, without those before.
func (w *world) said(what string, lines ...string) {
	w.Helper()
	w.looks()
	if got, want := strings.Join(squeezed(w.done), "\n"), strings.Join(lines, "\n"); got != want {
		w.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
	w.done = nil
}

// squeezed leaves out what was done twice in a row.
func squeezed(all []string) (out []string) {
	for _, one := range all {
		if len(out) == 0 || out[len(out)-1] != one {
			out = append(out, one)
		}
	}
	return out
}

// What came by birthrights stands as the worst of it, and is closed, as given, once all of it is there.
func TestTheIssueOfBirthrightsStandsAsTheyDo(t *testing.T) {
	w := newShelf(t, "")
	w.grant("GB-1", access.GrantProvisioning)
	w.grant("GB-2", access.GrantActive)
	w.grant("GB-3", access.GrantStuck, func(g *access.Grant) { g.Issue = access.Issue{ID: "7"} })
	issue := access.Issue{ID: "1", Key: "IT-1"}
	w.do(func(u *engine.Unit) error {
		return ledger.Follow(u, ledger.Followed{ID: "1", Issue: issue, People: []access.PersonID{maya}, By: issue, Given: true})
	})
	w.said("one is on its way")
	w.grant("GB-1", access.GrantStuck)
	w.said("it is stuck", "IT-1 is stuck")
	w.grant("GB-1", access.GrantManual)
	w.said("it is made by hand", "IT-1 is by_hand")
	w.grant("GB-1", access.GrantProvisioning)
	w.said("it goes on", "IT-1 is running")
	w.grant("GB-1", access.GrantActive)
	w.said("it is there", "IT-1 is given")
	if _, err := w.task("follow/1"); err == nil {
		t.Error("it is followed for ever")
	}
}

// What gets stuck once the issue is closed is found all the same: there, where it can be opened again, or in an issue of its own, which
// is closed once it goes on.
func TestWhatIsStuckLaterIsFound(t *testing.T) {
	for noWay, want := range map[string][2][]string{
		"":             {{"IT-1 is stuck"}, {"say Done: what didn't go on by itself is there, or gone. on IT-1 afresh", "IT-1 is given"}},
		"It is closed": {{"report To be seen to: IT-1", "IT-2 is stuck", "link IT-2 to IT-1", "IT-2 is stuck"}, {"IT-1 is given", "say Done: what didn't go on by itself is there, or gone. on IT-2 afresh", "IT-2 is over"}},
	} {
		w := newShelf(t, noWay)
		w.grant("GB-1", access.GrantStuck)
		issue := access.Issue{ID: "1", Key: "IT-1"}
		w.do(func(u *engine.Unit) error {
			return ledger.Follow(u, ledger.Followed{ID: "1", Issue: issue, People: []access.PersonID{maya}, By: issue, Given: true, Closed: true})
		})
		w.said("stuck", want[0]...)
		w.grant("GB-1", access.GrantActive)
		w.looks()
		if got := strings.Join(w.done, "\n"); !strings.Contains(got, want[1][0]) || !strings.Contains(got, want[1][len(want[1])-1]) {
			t.Errorf("%q: in the end\n%s\nwant %q", noWay, got, want[1])
		}
	}
}

// What has to go is over once it is gone: what was given to the same person later is none of it, and what can't be read may be.
func TestWhatHasToGoIsFollowedToItsEnd(t *testing.T) {
	w := newShelf(t, "")
	w.grant("GR-1", access.GrantActive)
	w.grant("GR-2", access.GrantActive, func(g *access.Grant) { g.Created = start().Add(time.Hour) })
	f := ledger.Followed{ID: "OF-1", Issue: access.Issue{ID: "1", Key: "IT-1"}, People: []access.PersonID{maya}, Before: start(), Done: "Done."}
	w.do(func(u *engine.Unit) error { return ledger.Follow(u, f) })
	w.said("it is there")
	w.grant("GR-1", access.GrantEnded)
	w.said("it is gone", "say Done. on IT-1 afresh", "IT-1 is over")
}

// What a comparison found and has removed is known by the issue in which that is written.
func TestWhatWasFoundIsFollowedByItsIssue(t *testing.T) {
	w := newShelf(t, "")
	found := func(id, issue string) {
		w.grant(id, access.GrantEnding, func(g *access.Grant) { g.Source, g.Issue = access.SourceAdopted, access.Issue{} })
		w.do(func(u *engine.Unit) error {
			_, err := u.Append(access.Event{Kind: access.EventAdopted, At: u.At, Grant: id, Person: maya, Actor: access.System(), Issue: &access.Issue{ID: issue, Key: "IT-" + issue}})
			return err
		})
	}
	found("GF-1", "1")
	found("GF-2", "7")
	w.do(func(u *engine.Unit) error {
		return ledger.Follow(u, ledger.Followed{ID: "RC-1", Issue: access.Issue{ID: "1", Key: "IT-1"}, Found: true})
	})
	w.said("it is being removed")
	w.grant("GF-1", access.GrantStuck)
	w.said("it can't be", "IT-1 is stuck")
	w.grant("GF-1", access.GrantEnded)
	w.said("it is gone", "IT-1 is over")
}

// A service that doesn't work needs somebody until it works again, whichever process sees that.
func TestAnOutageIsFollowedUntilItIsOver(t *testing.T) {
	w := newShelf(t, "")
	becomes := func(so bool) {
		w.do(func(u *engine.Unit) error {
			_, err := u.Becomes(ledger.Outage("slack"), so)
			return err
		})
	}
	becomes(true)
	w.do(func(u *engine.Unit) error {
		return ledger.ReportDaily(u, access.IssueReport{ID: "LK-1", At: u.At, Title: "Slack doesn't work", Standing: access.IssueStuck}, ledger.ThenFollow, ledger.Followed{ID: "LK-1", Outage: "slack", Done: "It works again."})
	})
	w.said("it doesn't work", "report Slack doesn't work", "IT-2 is stuck")
	becomes(false)
	w.said("it works", "say It works again. on IT-2 afresh", "IT-2 is over")
}

// A task of an earlier version names no standing: it closes.
func TestWhatWasToBeClosedIs(t *testing.T) {
	w := newShelf(t, "")
	w.do(func(u *engine.Unit) error {
		_, err := u.Enqueue(store.Task{ID: "close/1", Queue: ledger.Queue, Kind: ledger.CloseTask, Payload: []byte(`{"ID":"1","Key":"IT-1"}`)})
		return err
	})
	w.said("once", "IT-1 is over")
}
