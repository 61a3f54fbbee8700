package evidence_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/store/bolt"
)

const (
	maya = access.PersonID("maya@acme.example")
	noor = access.PersonID("noor@acme.example")
)

// monday is the beginning of 2026-W47.
func monday() time.Time { return time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC) }

func at(d time.Duration) time.Time { return monday().Add(d) }

// ledger is a store under test.
type ledger struct {
	*testing.T
	store.Store
}

func open(t *testing.T) ledger {
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true, Stretch: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.BeginLog(context.Background(), s, "acme.test"); err != nil {
		t.Fatal(err)
	}
	return ledger{t, s}
}

func (l ledger) do(fn func(store.Tx) error) {
	l.Helper()
	if err := l.Update(context.Background(), fn); err != nil {
		l.Fatal(err)
	}
}

// life is one request from the asking to the removal; zero times did not happen.
type life struct {
	id                                              string
	person                                          access.PersonID
	asked, decided, began, there, ends, ended, gone time.Duration
	why                                             access.End
	state                                           access.RequestState
	hold                                            access.EntitlementState
	also                                            []access.EventKind // further events, a minute apart after the asking
}

func (l ledger) live(all ...life) {
	l.Helper()
	type happening struct {
		at time.Duration
		e  access.Event
	}
	var log []happening
	for _, x := range all {
		tell := func(d time.Duration, kind access.EventKind, change func(*access.Event)) {
			e := access.Event{Kind: kind, At: at(d), Request: x.id, Person: x.person, App: "figma", Role: "editor", Actor: access.System()}
			if x.there != 0 && kind != access.EventSubmitted && kind != access.EventApproved {
				e.Grant = "G-" + x.id
			}
			if change != nil {
				change(&e)
			}
			log = append(log, happening{d, e})
		}
		tell(x.asked, access.EventSubmitted, nil)
		for i, kind := range x.also {
			tell(x.asked+time.Duration(i+1)*time.Minute, kind, nil)
		}
		if x.decided != 0 {
			tell(x.decided, access.EventApproved, nil)
		}
		if x.there != 0 {
			tell(x.there, access.EventMemberAdded, nil)
		}
		if x.ended > 0 {
			tell(x.ended, access.EventEnding, func(e *access.Event) { e.End = x.why })
			tell(x.gone, access.EventMemberRemoved, nil)
		}
		l.do(func(tx store.Tx) error { return x.put(tx) })
	}
	slices.SortStableFunc(log, func(a, b happening) int { return int(a.at - b.at) })
	l.do(func(tx store.Tx) error {
		for _, h := range log {
			if _, err := store.Append(tx, h.e); err != nil {
				return err
			}
		}
		return nil
	})
}

func (x life) put(tx store.Tx) error {
	r := access.Request{ID: x.id, Requester: x.person, Beneficiary: x.person, App: "figma", Role: "editor", State: x.state,
		Created: at(x.asked), Issue: access.Issue{ID: "1" + x.id, Key: "IT-" + x.id}}
	if x.decided != 0 {
		r.Decided = at(x.decided)
	}
	if err := store.PutRequest(tx, &r); err != nil || x.there == 0 {
		return err
	}
	g := access.Grant{ID: "G-" + x.id, Request: x.id, Person: x.person, App: "figma", Role: "editor", Source: access.SourceRequested,
		State: access.GrantActive, Created: at(x.began), Started: at(x.there),
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, State: access.EntitlementHeld}}}
	if x.ends > 0 {
		g.Ends = at(x.ends)
	}
	if x.gone > 0 {
		g.State, g.End, g.Finished, g.Entitlements[0].State = access.GrantEnded, x.why, at(x.gone), x.hold
	}
	return store.PutGrant(tx, &g)
}

const day = 24 * time.Hour

// week is a week with something before and after it.
func week() []life {
	return []life{
		{id: "1", person: maya, state: access.RequestApproved, // asked and approved the week before, ends in it
			asked: -2 * day, decided: -2*day + time.Hour, began: -2*day + time.Hour, there: -2*day + time.Hour + 5*time.Second,
			ends: day, ended: day + 2*time.Second, gone: day + 3*time.Second, why: access.EndExpired, hold: access.EntitlementRemoved},
		{id: "2", person: maya, state: access.RequestApproved,
			asked: time.Hour, decided: time.Hour + 10*time.Minute, began: time.Hour + 10*time.Minute, there: time.Hour + 10*time.Minute + 4*time.Second,
			ended: 2 * day, gone: 2*day + 9*time.Second, why: access.EndReturned, hold: access.EntitlementRemoved, also: []access.EventKind{access.EventTaskResumed}},
		{id: "3", person: noor, state: access.RequestDenied, asked: 2 * time.Hour, decided: 2*time.Hour + 30*time.Minute},
		{id: "4", person: noor, state: access.RequestPending, asked: 6 * day},
		{id: "5", person: noor, state: access.RequestApproved, // kept by another grant: nothing to take away
			asked: 3 * time.Hour, decided: 3*time.Hour + time.Minute, began: 3*time.Hour + time.Minute, there: 3*time.Hour + 2*time.Minute,
			ended: 3 * day, gone: 3*day + time.Second, why: access.EndRevoked, hold: access.EntitlementKept},
		{id: "6", person: maya, state: access.RequestPending, asked: 7 * day}, // the week after
	}
}

func (l ledger) report(r *evidence.Recent, p evidence.Period) (got evidence.Report) {
	l.Helper()
	err := l.View(l.Context(), func(tx store.Tx) (err error) {
		got, err = r.Report(tx, p)
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return got
}

// TestRecentCountsLikeANewOne asks the same one again and again, while the log
// grows, what it tells of moves and the period moves on.
func TestRecentCountsLikeANewOne(t *testing.T) {
	whole, l := open(t), open(t)
	whole.live(week()...)
	var story []access.Event
	whole.do(func(tx store.Tx) (err error) {
		story, err = store.Events(tx, store.Filter{}, 0, 1000)
		return err
	})
	var r evidence.Recent
	for i, e := range story {
		l.do(func(tx store.Tx) error { return l.grow(tx, e) })
		p := evidence.Period{From: e.At.Add(-3 * day), To: e.At.Add(time.Second)}
		if i == len(story)-1 {
			p.From = at(-30 * day) // further back than it remembers
		}
		if diff := cmp.Diff(l.report(new(evidence.Recent), p), l.report(&r, p)); diff != "" {
			t.Errorf("after event %d (-new +remembering):\n%s", e.Place, diff)
		}
	}
}

// grow appends an event, and moves what it is about.
func (l ledger) grow(tx store.Tx, e access.Event) error {
	r, err := store.Request(tx, e.Request)
	if err != nil {
		r = access.Request{ID: e.Request, Beneficiary: e.Person, State: access.RequestPending, Created: e.At}
	}
	g, err := store.Grant(tx, "G-"+e.Request)
	if err != nil {
		g = access.Grant{ID: "G-" + e.Request, Request: e.Request, Source: access.SourceRequested, Created: e.At, Manual: true}
	}
	switch e.Kind {
	case access.EventApproved:
		r.State, r.Decided = access.RequestApproved, e.At
	case access.EventMemberAdded:
		g.State, g.Started = access.GrantActive, e.At
	case access.EventMemberRemoved:
		g.State, g.Finished = access.GrantEnded, e.At
	}
	if _, err := store.Append(tx, e); err != nil {
		return err
	}
	return errors.Join(store.PutRequest(tx, &r), store.PutGrant(tx, &g))
}

func TestReport(t *testing.T) {
	l := open(t)
	l.live(week()...)
	p, err := evidence.Week("2026-W47")
	if err != nil {
		t.Fatal(err)
	}
	got := l.report(new(evidence.Recent), p)
	want := evidence.Report{
		Period: evidence.Period{From: monday(), To: monday().AddDate(0, 0, 7)}, Submitted: 4,
		Requests:     map[access.RequestState]int{access.RequestApproved: 2, access.RequestDenied: 1, access.RequestPending: 1},
		Approval:     evidence.Spread{Count: 3, Median: 10 * time.Minute, P90: 30 * time.Minute, Worst: 30 * time.Minute},
		Provisioning: evidence.Spread{Count: 2, Median: 4 * time.Second, P90: time.Minute, Worst: time.Minute},
		RevokeLag:    evidence.Spread{Count: 2, Median: 3 * time.Second, P90: 9 * time.Second, Worst: 9 * time.Second},
		Granted:      2, Removed: 2, Retries: 1, Touches: evidence.Touches{None: 3, One: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var again evidence.Report
	if err := json.Unmarshal(raw, &again); err != nil || !cmp.Equal(got, again) {
		t.Errorf("as JSON: %s %v", raw, err)
	}
}

func TestReportOfNothing(t *testing.T) {
	l := open(t)
	got := l.report(new(evidence.Recent), evidence.Period{From: monday(), To: at(day)})
	if got.Submitted != 0 || got.Approval.Count != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestTrace(t *testing.T) {
	l := open(t)
	l.live(week()...)
	got, err := evidence.TraceOf(t.Context(), l, maya, "figma")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, s := range got.Stories {
		told = append(told, s.Request+" "+s.Grant+" "+s.State)
		for _, e := range s.Events {
			if e.Person != maya || e.Request != s.Request {
				t.Errorf("story %s tells of %+v", s.Request, e)
			}
		}
	}
	if diff := cmp.Diff([]string{"1 G-1 ended", "2 G-2 ended", "6  pending"}, told); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
	if none, err := evidence.TraceOf(t.Context(), l, maya, "miro"); err != nil || len(none.Stories) != 0 {
		t.Errorf("of another app: %+v %v", none, err)
	}
}

func TestFollower(t *testing.T) {
	l := open(t)
	l.live(week()...)
	var f evidence.Follower
	next := func() (out evidence.Timed) {
		if err := l.View(t.Context(), func(tx store.Tx) (err error) {
			out, err = f.Next(tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return out
	}
	if diff := cmp.Diff([]time.Duration{3 * time.Second, 9 * time.Second}, next().Lags); diff != "" {
		t.Errorf("lags (-want +got):\n%s", diff)
	}
	if again := next(); len(again.Lags)+len(again.Answers) != 0 {
		t.Errorf("told twice: %v", again)
	}
}

// How long an answer took is counted from when its giver was asked, by where they gave it. What
// counts a second time, was kept for a while or is said by a rule tells nothing of that.
func TestAnswersBySurface(t *testing.T) {
	l := open(t)
	r := access.Request{ID: "1", Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestApproved, Created: at(time.Hour),
		Stages: []access.Stage{{AskedAt: at(2 * time.Hour)}, {AskedAt: at(3 * time.Hour)}}, Decided: at(5 * time.Hour)}
	yes := func(stage int, after time.Duration, by access.Actor, more ...func(*access.Event)) {
		e := r.Event(access.EventApproved, by, at(after))
		e.Stage = stage
		for _, m := range more {
			m(&e)
		}
		l.do(func(tx store.Tx) error {
			_, err := store.Append(tx, e)
			return err
		})
	}
	l.do(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	noor := access.Actor{Person: noor, Via: access.ViaSlack, On: access.OnCard}
	yes(0, 2*time.Hour+time.Minute, noor)
	yes(0, 90*time.Minute, noor) // before those were asked who are by now
	yes(1, 5*time.Hour, access.Actor{Person: "lena", Via: access.ViaJira})
	yes(1, 5*time.Hour, noor, func(e *access.Event) { e.Reused = true })
	yes(1, 5*time.Hour, noor, func(e *access.Event) { e.Checked = "when Okta answered again" })
	yes(1, 5*time.Hour, access.System(), func(e *access.Event) { e.Kind = access.EventDenied })
	want := map[access.Surface]evidence.Spread{
		access.OnCard:  {Count: 2, Median: time.Minute, P90: 30 * time.Minute, Worst: 30 * time.Minute},
		access.OnIssue: {Count: 1, Median: 2 * time.Hour, P90: 2 * time.Hour, Worst: 2 * time.Hour},
	}
	if diff := cmp.Diff(want, l.report(new(evidence.Recent), evidence.Period{From: monday(), To: at(day)}).Answers); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	l.do(func(tx store.Tx) error {
		timed, err := new(evidence.Follower).Next(tx)
		if len(timed.Answers) != 3 {
			t.Errorf("as they are read: %v", timed.Answers)
		}
		return err
	})
}

func TestWeek(t *testing.T) {
	for text, want := range map[string]string{"2026-W47": "2026-11-16", "2026-W01": "2025-12-29", "2020-W53": "2020-12-28", "2027-W01": "2027-01-04"} {
		p, err := evidence.Week(text)
		if err != nil || p.From.Format(time.DateOnly) != want || p.To.Sub(p.From) != 7*day {
			t.Errorf("%s is %+v, %v", text, p, err)
		}
		if got := evidence.WeekOf(p.To.Add(-time.Second)); got != text {
			t.Errorf("the end of %s lies in %s", text, got)
		}
	}
	for _, text := range []string{"", "47", "2026-47", "2026-W00", "2026-W54", "2027-W53", "2026-W7", "2026-W471"} {
		if p, err := evidence.Week(text); err == nil {
			t.Errorf("%q passes as %+v", text, p)
		}
	}
}
