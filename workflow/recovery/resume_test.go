package recovery_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// standings are rows of a table: where a case stood when the store was lost, and
// the tasks that have to be made anew.
type standings map[string]struct {
	lost func(*history) lost
	want []string
}

const show = "card.show"

// ungranted are cases that gave nothing yet, or never will.
func ungranted() standings {
	return standings{
		"waits for an answer": {func(h *history) lost { return h.waiting("1") }, []string{show, show}},
		"nobody was asked yet": {func(h *history) lost {
			return h.submitted("1")
		}, []string{"approvers.find", show}},
		"somebody decides in another one's place": {func(h *history) lost {
			m := h.waiting("1")
			asked := m.Request.Event(access.EventApproversAsked, access.System(), start())
			asked.Approvers, asked.Delegates = []access.PersonID{noor, tom}, []access.Delegate{{Who: tom, For: noor}}
			return h.moved(m, asked)
		}, []string{"approvers.find", show, show, show}}, // who decides for whom isn't known any more
		"an answer is kept": {func(h *history) lost {
			m := h.waiting("1")
			yes := m.Request.Event(access.EventAnswerKept, access.Actor{Person: noor}, start())
			yes.Answer = access.EventApproved
			return h.moved(m, yes)
		}, []string{"issue.record", show, show}}, // it has to be given again
		"denied": {func(h *history) lost {
			m := h.waiting("1")
			no := m.Request.Event(access.EventDenied, access.Actor{Person: noor}, start())
			no.Approvers, no.Reason = []access.PersonID{noor}, "No"
			return h.moved(m, no)
		}, nil},
		"approved, and the grant is not known": {func(h *history) lost {
			return h.approved("1")
		}, []string{"issue.record", show, show, show, "card.later"}}, // nothing is given without a human
		"an extension": {func(h *history) lost {
			h.open = func(r *access.Request) { r.Extends = "G-0" }
			return h.approved("1")
		}, nil},
		"something unlisted": {func(h *history) lost {
			h.open = func(r *access.Request) { r.Unlisted = "Balsamiq" }
			return h.approved("1")
		}, nil},
	}
}

// granted are cases with a grant, from its begin to its end.
func granted() standings {
	return standings{
		"waits for its record": {func(h *history) lost {
			return h.started(h.approved("1"))
		}, []string{"issue.record", show, show, show, "card.later"}},
		"is being given":      {func(h *history) lost { return h.provisioning("1") }, []string{"issue.record", show, show, show, "card.later"}},
		"is held":             {func(h *history) lost { return h.held("1") }, nil},
		"is being taken away": {func(h *history) lost { return h.ending(h.held("1")) }, []string{show, show, "grant.remove"}},
		"is over": {func(h *history) lost {
			return h.group(h.ending(h.held("1")), access.EventMemberRemoved, false, "")
		}, nil},
		"is stuck while being given": {func(h *history) lost {
			return h.group(h.provisioning("1"), access.EventStuck, false, "Denied")
		}, []string{show, show, show}},
		"is stuck while being taken away": {func(h *history) lost {
			return h.group(h.ending(h.held("1")), access.EventStuck, false, "Denied")
		}, []string{show, show, show, "grant.remove"}},
		"taken in an emergency, nobody was asked about it yet": {func(h *history) lost {
			return h.taken("1")
		}, []string{"approvers.find"}},
	}
}

func TestWhatWasUnderWayGoesOn(t *testing.T) {
	for _, table := range []standings{ungranted(), granted()} {
		for name, tc := range table {
			t.Run(name, func(t *testing.T) {
				w := newWorld(t)
				m := tc.lost(&history{t: t})
				w.member("maya", m.Grant != nil && m.Grant.State == access.GrantActive)
				w.recover(m)
				slices.Sort(tc.want)
				w.equal("tasks", w.tasks(), tc.want)
				if log := w.log(); slices.ContainsFunc(log, func(e access.Event) bool { return e.Kind == access.EventTaskResumed }) {
					t.Errorf("the log tells more than before: %+v", log)
				}
			})
		}
	}
}

func TestARoleThatLeftTheCatalogueIsNotGranted(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	m := h.approved("1")
	w.offer = catalog.New(nil, nil)
	w.recover(m)
	log := w.log()
	if last := log[len(log)-1]; last.Kind != access.EventUnroutable || !strings.Contains(last.Note, "catalogue") {
		t.Errorf("the log ends with %+v", last)
	}
	w.equal("tasks", w.tasks(), nil)
}

// Cards that were posted before are looked for, not posted again.
func TestCardsAreExpectedWhereTheyStood(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	w.recover(h.held("1"))
	w.view(func(tx store.Tx) error {
		cards, err := store.CardsOf(tx, "AR-1")
		for _, c := range cards {
			if c.Posting != c.ID || c.TS != "" {
				t.Errorf("got %+v", c)
			}
		}
		if len(cards) != 2 {
			t.Errorf("%d cards are expected", len(cards))
		}
		return err
	})
}

// The membership that was there before the access came is explained again.
func TestWhatWasThereBeforeIsExplainedAgain(t *testing.T) {
	w, h := newWorld(t), history{t: t}
	const note = "already a member, and not by Latchkey; that is kept as the grant GF-ABC (adopted) and outlasts this access"
	first := h.group(h.provisioning("1"), access.EventMemberAdded, true, note)
	second := h.group(h.provisioning("2"), access.EventMemberAdded, true, note)
	w.recover(first, second)
	g := w.grant("GF-ABC")
	if g.Source != access.SourceAdopted || g.Person != maya || g.State != access.GrantActive || !g.Ends.IsZero() || !g.Started.Equal(start().Add(-2*time.Hour)) {
		t.Errorf("got %+v", g)
	}
	adopted := slices.DeleteFunc(w.log(), func(e access.Event) bool { return e.Kind != access.EventAdopted })
	if len(adopted) != 1 || !strings.HasPrefix(adopted[0].Note, "Rebuilt from 0") || !adopted[0].At.Equal(start()) {
		t.Errorf("got %+v", adopted)
	}
}
