package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
)

// happens is something that happens to a request, and all that is ready to be done for it.
func (w *world) happens(r access.Request, kind access.EventKind, edit func(*access.Event)) {
	w.Helper()
	group := catalog.GroupRef{Directory: "okta", Group: "one"}
	e := r.Event(kind, access.System(), w.Now())
	e.Group, e.Groups, e.Approvers = &group, []catalog.GroupRef{group}, []access.PersonID{noor}
	if edit != nil {
		edit(&e)
	}
	w.tells(e, access.EffectShowCards)
	w.work()
}

// fresh are the audiences of what was posted to Maya since it was last asked.
func (w *world) fresh() string {
	var out []string
	for _, u := range w.cards {
		if u.At.TS == "" && u.Reader.ID == maya && !u.EditOnly {
			out = append(out, string(u.Audience))
		}
	}
	w.cards = nil
	return strings.Join(out, " ")
}

func (w *world) prefers(n access.Notices) {
	w.Helper()
	if err := w.Prefer(w.Context(), maya, n); err != nil {
		w.Fatal(err)
	}
}

// Whoever wants one message a day gets it at nine by their clock, and none on quiet days;
// what can't wait doesn't.
func TestOneMessageADay(t *testing.T) {
	w := newWorld(t)
	w.zone = "Europe/Berlin" // nine there is eight in UTC
	r := w.request("proddb", "admin")
	w.happens(r, access.EventSubmitted, nil)
	w.prefers(access.NoticesDaily)
	w.fresh()
	w.happens(r, access.EventApproversAsked, nil)
	w.happens(r, access.EventGrantStarted, nil)
	w.happens(r, access.EventMemberAdded, nil)
	if got := w.fresh(); got != "" || len(w.news) != 0 {
		t.Errorf("told at once: %s, %v", got, w.news)
	}
	w.passed = 22*time.Hour + 59*time.Minute
	if w.work(); len(w.news) != 0 {
		t.Errorf("told too soon: %v", w.news)
	}
	w.passed = 23 * time.Hour
	w.work()
	if len(w.news) != 1 || w.news[0].To.ID != maya || w.news[0].Title != "There: Production · Admin for you (AR-1)" || !strings.Contains(w.news[0].Lines[1], "one message a day") {
		t.Fatalf("told in the morning: %+v", w.news)
	}
	w.passed = 72 * time.Hour
	if w.work(); len(w.news) != 1 || len(w.tasks()) != 0 {
		t.Errorf("told again: %+v, to be done: %v", w.news, w.tasks())
	}
	w.happens(r, access.EventEnding, func(e *access.Event) { e.End, e.Actor.Person = access.EndRevoked, noor })
	if got := w.fresh(); got != "requester.3" {
		t.Errorf("what is taken away is told by %q", got)
	}
}

// What isn't so any more by the time it would be told is told to nobody.
func TestOldNewsIsNoNews(t *testing.T) {
	for name, c := range map[string]struct {
		end  access.End
		by   access.PersonID
		news []string
	}{
		"still there":    {"", "", []string{"There: Production · Admin for you (AR-1)"}},
		"given back":     {access.EndReturned, maya, nil},
		"taken away":     {access.EndRevoked, noor, nil}, // which was told at once
		"over, as known": {access.EndExpired, "", []string{"Ended: Production · Admin for you (AR-1)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request("proddb", "admin")
			w.happens(r, access.EventSubmitted, nil)
			w.prefers(access.NoticesDaily)
			w.happens(r, access.EventApproversAsked, nil)
			w.happens(r, access.EventGrantStarted, nil)
			w.happens(r, access.EventMemberAdded, nil)
			if c.end != "" {
				w.passed = time.Hour
				w.happens(r, access.EventEnding, func(e *access.Event) { e.End, e.Actor.Person = c.end, c.by })
				w.happens(r, access.EventMemberRemoved, nil)
			}
			w.passed = 48 * time.Hour
			w.work()
			var news []string
			for _, a := range w.news {
				news = append(news, a.Title)
			}
			if !slices.Equal(news, c.news) || len(w.tasks()) != 0 {
				t.Errorf("told are %q, want %q; to be done: %v", news, c.news, w.tasks())
			}
		})
	}
}

// The card that goes on telling how things stand is not folded for one that is never posted.
func TestTheCardBeforeWithheldNewsGoesOn(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	w.happens(r, access.EventSubmitted, nil)
	w.prefers(access.NoticesDaily)
	w.happens(r, access.EventApproversAsked, nil)
	w.cards = nil
	w.happens(r, access.EventGrantStarted, nil)
	w.happens(r, access.EventMemberAdded, nil)
	last := w.cards[len(w.cards)-1]
	if i := slices.IndexFunc(w.cards, func(u notify.CardUpdate) bool { return u.Audience == notify.ToRequester && u.EditOnly }); i >= 0 || last.Content.Upto() != 4 {
		t.Errorf("%+v", w.cards)
	}
	w.prefers(access.NoticesAll)
	w.cards = nil
	w.happens(r, access.EventExtended, nil)
	if got := w.fresh(); got != "requester.3" {
		t.Errorf("then told by %q", got)
	}
}

// Whoever wants outcomes alone hears of nothing on the way.
func TestOutcomesAlone(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	w.happens(r, access.EventSubmitted, nil)
	w.prefers(access.NoticesOutcomes)
	w.fresh()
	w.happens(r, access.EventApproversAsked, nil)
	w.happens(r, access.EventGrantStarted, nil)
	w.passed = 2 * time.Minute
	if w.work(); w.fresh() != "" {
		t.Error("told on the way")
	}
	w.happens(r, access.EventMemberAdded, nil)
	if got := w.fresh(); got != "requester.3" || len(w.tasks()) != 0 {
		t.Errorf("told by %q, to be done: %v", got, w.tasks())
	}
	if err := w.Prefer(t.Context(), maya, "shouting"); err == nil {
		t.Error("anything can be preferred")
	}
}

// Nine is nine where somebody is, over borders and changed clocks.
func TestWhenADayIsTold(t *testing.T) {
	for _, c := range []struct{ after, zone, want string }{
		{"2026-11-16T09:00:00Z", "", "2026-11-17T09:00:00Z"},
		{"2026-11-16T08:59:59Z", "", "2026-11-16T09:00:00Z"},
		{"2026-11-16T09:00:00Z", "Europe/Berlin", "2026-11-17T08:00:00Z"},
		{"2026-11-16T09:00:00Z", "America/Los_Angeles", "2026-11-16T17:00:00Z"},
		{"2026-03-28T09:00:00Z", "Europe/Berlin", "2026-03-29T07:00:00Z"}, // summer begins that night
		{"2026-10-24T09:00:00Z", "Europe/Berlin", "2026-10-25T08:00:00Z"}, // and ends
		{"2026-11-16T09:00:00Z", "Nowhere/Land", "2026-11-17T09:00:00Z"},
	} {
		w := newWorld(t)
		after, err := time.Parse(time.RFC3339, c.after)
		if err != nil {
			t.Fatal(err)
		}
		w.zone, w.passed = c.zone, after.Sub(w.Now())
		r := w.request("proddb", "admin")
		w.happens(r, access.EventSubmitted, nil)
		w.prefers(access.NoticesDaily)
		w.happens(r, access.EventApproversAsked, nil)
		w.happens(r, access.EventGrantStarted, nil)
		w.happens(r, access.EventMemberAdded, nil)
		left := w.tasks()
		if len(left) != 1 || left[0].NotBefore.Format(time.RFC3339) != c.want {
			t.Errorf("after %s in %q: %v, want %s", c.after, c.zone, left, c.want)
		}
	}
}

// Whoever travels meanwhile is told at nine where they are by then.
func TestADayIsToldWhereItsReaderIs(t *testing.T) {
	w := newWorld(t)
	w.zone = "Europe/Berlin"
	r := w.request("proddb", "admin")
	w.happens(r, access.EventSubmitted, nil)
	w.prefers(access.NoticesDaily)
	w.happens(r, access.EventApproversAsked, nil)
	w.happens(r, access.EventGrantStarted, nil)
	w.happens(r, access.EventMemberAdded, nil)
	w.zone = "America/Los_Angeles"
	w.passed = 23 * time.Hour // nine in Berlin, and midnight there
	if w.work(); len(w.news) != 0 {
		t.Fatalf("told at night: %v", w.news)
	}
	left := w.tasks()
	if len(left) != 1 {
		t.Fatalf("to be done are %v", left)
	}
	at := left[0].NotBefore
	there, err := time.LoadLocation(w.zone)
	if err != nil || at.In(there).Hour() != 9 {
		t.Fatalf("it is told at %s, %v", at.In(there), err)
	}
	w.passed = at.Sub(w.Now()) + w.passed
	if w.work(); len(w.news) != 1 {
		t.Errorf("told are %v", w.news)
	}
}
