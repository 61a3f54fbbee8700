package notify_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// waits puts a request into the store that waits for Noor since a moment, and has her
// told so.
func (w *world) waits(n int) {
	w.Helper()
	r := access.Request{ID: fmt.Sprintf("AR-%d", n), Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestPending, Created: w.Now(),
		Stages: []access.Stage{{Asked: []access.PersonID{noor}, AskedAt: w.Now()}}}
	w.do(func(u *engine.Unit) error {
		one := r // at its version, whichever time this runs
		return engine.Save(u, engine.Requests(), &one)
	})
}

// reminds has Noor told again of a request.
func (w *world) reminds(n int) {
	w.Helper()
	e := access.Event{Kind: access.EventAskedAgain, At: w.Now(), Request: fmt.Sprintf("AR-%d", n), Approvers: []access.PersonID{noor}}
	w.tells(e, access.EffectRemind)
}

// postponed carries out the one task that waits, and returns until when it is put off.
func (w *world) postponed() time.Time {
	w.Helper()
	tasks := w.tasks()
	if len(tasks) != 1 {
		w.Fatalf("%d tasks wait: %v", len(tasks), tasks)
	}
	err := w.carryOut(tasks[0])
	f := access.Classify(err)
	if f.Class != access.Limited {
		w.Fatalf("it isn't put off: %v", err)
	}
	return w.Now().Add(f.After)
}

// TestAllThatWaitsIsOneMessage in working hours, not twice within an hour, and no more
// than three a day.
func TestAllThatWaitsIsOneMessage(t *testing.T) {
	w := newWorld(t)
	w.hours = access.OfficeHours(time.FixedZone("there", -2*3600)) // seven in the morning
	for n := range 7 {
		w.waits(n)
	}
	for n := range 7 {
		w.reminds(n)
	}
	if at := w.postponed(); !at.Equal(w.Now().Add(2 * time.Hour)) {
		t.Errorf("put off until %s", at)
	}
	w.passed = 2 * time.Hour
	w.want(w.work(), "announce "+string(noor)+" 7 requests wait for you, the oldest since 16 November")
	if n := len(w.news[0].Waiting); n != 7 {
		t.Errorf("it names %d", n)
	}

	w.passed += 30 * time.Minute
	w.reminds(3)
	w.want(w.work()) // it was said just now
	w.waits(8)
	w.passed += time.Minute
	w.reminds(8)
	w.want(w.work(), "announce "+string(noor)+" 8 requests wait for you, the oldest since 16 November") // this wasn't
	w.passed += time.Hour
	w.reminds(2)
	w.want(w.work(), "announce "+string(noor)+" 8 requests wait for you, the oldest since 16 November")
	w.passed += 2 * time.Hour
	w.reminds(1)
	if at, want := w.postponed(), time.Date(2026, 11, 17, 11, 0, 0, 0, time.UTC); !at.Equal(want) {
		t.Errorf("the fourth of a day is put off until %s, want %s", at, want)
	}
}

// TestNobodyIsRemindedOfWhatDoesntWait: of what is being asked, answered or over.
func TestNobodyIsRemindedOfWhatDoesntWait(t *testing.T) {
	for name, change := range map[string]func(*access.Request){
		"a question is open":      func(r *access.Request) { r.Questioned = true },
		"her answer is looked at": func(r *access.Request) { r.Waiting = []access.KeptAnswer{{By: access.Actor{Person: noor}}} },
		"she has answered": func(r *access.Request) {
			r.Stages[0].Answers = []access.Answer{{By: access.Actor{Person: noor}, Yes: true}}
		},
		"it is over":              func(r *access.Request) { r.State = access.RequestCancelled },
		"somebody else is to say": func(r *access.Request) { r.Stages[0].Asked = []access.PersonID{omar} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.waits(1)
			w.reminds(1)
			w.do(func(u *engine.Unit) error {
				r, err := u.Request("AR-1")
				if err != nil {
					return err
				}
				change(&r)
				return engine.Save(u, engine.Requests(), &r)
			})
			w.want(w.work())
		})
	}
}

// reviews has Noor answer a worklist of a review, her own or somebody else's, in which some rows are answered already.
func (w *world) reviews(campaign string, of access.PersonID, rows, answered, notMine, elsewhere int) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		c, err := store.Campaign(u.Tx, campaign)
		if errors.Is(err, store.ErrNotFound) {
			c = access.Campaign{ID: campaign, State: access.CampaignOpen, Started: w.Now(), Due: w.Now().Add(14 * 24 * time.Hour)}
			c.Review.Name = "Quarter"
			err = store.PutCampaign(u.Tx, &c)
		}
		if err != nil {
			return err
		}
		l := access.Worklist{Campaign: campaign, Reviewer: of, Rows: rows, Answered: answered, NotMine: notMine, Elsewhere: elsewhere, Asked: []access.PersonID{noor}}
		return store.PutWorklist(u.Tx, &l)
	})
}

// TestAReminderOfAReviewCountsRowsLeft and not rows: neither those that the reviewer answered, nor those that aren't theirs,
// nor those that others have determined. Where nothing is left, nothing is told.
func TestAReminderOfAReviewCountsRowsLeft(t *testing.T) {
	w := newWorld(t)
	w.reviews("RV-1", noor, 94, 90, 1, 1)
	w.reviews("RV-1", omar, 7, 6, 0, 0) // in whose place she answers
	w.reviews("RV-2", noor, 12, 12, 0, 0)
	told := func(want ...string) {
		t.Helper()
		w.do(func(u *engine.Unit) error { return notify.TellWaiting(u, noor, u.At) })
		w.want(w.work(), want...)
	}
	told("announce " + string(noor) + " 1 task waits for you: 3 rows of the review “Quarter”, until 09:00 UTC on 30 November 2026")

	w.do(func(u *engine.Unit) error {
		l, err := store.Worklist(u.Tx, "RV-1", 0, noor)
		if err != nil {
			return err
		}
		l.Answered += 2
		return store.PutWorklist(u.Tx, &l)
	})
	w.passed += 2 * time.Hour
	told("announce " + string(noor) + " 1 task waits for you: 1 row of the review “Quarter”, until 09:00 UTC on 30 November 2026")

	w.do(func(u *engine.Unit) error {
		l, err := store.Worklist(u.Tx, "RV-1", 0, omar)
		if err != nil {
			return err
		}
		l.Answered++
		return store.PutWorklist(u.Tx, &l)
	})
	w.passed += 2 * time.Hour
	told()
}
