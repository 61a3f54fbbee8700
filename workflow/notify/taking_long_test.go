package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// What somebody waits for is told once it is there, and within a minute together with what
// led to it. That it isn't there is told, too, once.
func TestWhatIsToldOfAccessThatTakesTime(t *testing.T) {
	group := catalog.GroupRef{Directory: "okta", Group: "one"}
	type step struct {
		after   time.Duration
		happens access.EventKind // nothing: time has passed
		news    string           // of who asked: which revision of their card is posted
	}
	const (
		asked, started, recorded = access.EventApproversAsked, access.EventGrantStarted, access.EventRecorded
		added, stuck, retried    = access.EventMemberAdded, access.EventStuck, access.EventRetried
		second, minute           = time.Second, time.Minute
	)
	for name, steps := range map[string][]step{
		"there within a minute": {
			{0, asked, ""}, {10 * second, started, ""}, {11 * second, recorded, ""}, {70 * second, added, "requester.2"}, {80 * second, "", ""}},
		"there after a minute": {
			{0, asked, ""}, {10 * second, started, ""}, {70 * second, "", ""}, {72 * second, "", "requester.2"}, {73 * second, added, "requester.3"}, {20 * minute, "", ""}},
		"nobody was there to tell that it takes longer": {
			{0, asked, ""}, {10 * second, started, ""}, {2 * time.Hour, added, "requester.3"}, {3 * time.Hour, "", ""}},
		"stuck before the minute is over": {
			{0, asked, ""}, {10 * second, started, ""}, {20 * second, stuck, ""}, {72 * second, "", "requester.2"}, {12 * minute, "", ""}, {13 * minute, added, "requester.3"}},
		"stuck after it": {
			{0, asked, ""}, {10 * second, started, ""}, {72 * second, "", "requester.2"}, {2 * minute, stuck, ""}, {12*minute + 2*second, "", "requester.3"},
			{13 * minute, retried, ""}, {14 * minute, stuck, ""}, {time.Hour, "", ""}, {2 * time.Hour, added, "requester.4"}},
		"stuck, and nobody was asked": {
			{0, started, ""}, {5 * second, stuck, ""}, {9 * minute, "", ""}, {10*minute + 7*second, "", "requester.2"}, {time.Hour, added, "requester.3"}},
		"stuck for a moment": {
			{0, started, ""}, {5 * second, stuck, ""}, {5 * minute, added, "requester.2"}, {time.Hour, "", ""}},
		"there at once": {
			{0, started, ""}, {5 * second, added, ""}, {time.Hour, "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request("proddb", "admin")
			r.State = access.RequestPending
			known := map[string]bool{}
			for i, s := range append([]step{{0, access.EventSubmitted, "requester"}}, steps...) {
				w.passed, w.cards = s.after, nil
				if s.happens != "" {
					e := r.Event(s.happens, access.System(), w.Now())
					e.Group, e.Groups, e.Approvers = &group, []catalog.GroupRef{group}, []access.PersonID{noor}
					w.tells(e, access.EffectShowCards)
				}
				w.work()
				var news []string
				for _, u := range w.cards {
					if !known[u.Marker] && u.Reader.ID == maya && !u.EditOnly {
						news = append(news, string(u.Audience))
					}
					known[u.Marker] = true
				}
				if got := strings.Join(slices.Compact(news), " "); got != s.news {
					t.Errorf("step %d, %s after %s: new are %q, want %q", i, s.happens, s.after, got, s.news)
				}
			}
			if left := w.tasks(); len(left) > 0 {
				t.Errorf("still to be done: %v", left)
			}
		})
	}
}

// A card that is on its way when the time is up is shown once more: as nothing has happened,
// nothing else would see to it.
func TestTimeIsUpWhileACardIsOnItsWay(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	w.happens(r, access.EventSubmitted, nil)
	w.happens(r, access.EventGrantStarted, nil)
	e := r.Event(access.EventStuck, access.System(), w.Now())
	w.tells(e, access.EffectShowCards)
	w.cards = nil
	w.while = func() { w.passed = 11 * time.Minute }
	w.work()
	folded := 0
	for _, u := range w.cards {
		if u.Audience == notify.ToRequester && u.EditOnly {
			folded++
		}
	}
	if folded == 0 {
		t.Errorf("the card before stands as it was: %+v", w.cards)
	}
}

// Whenever the time is up while a card is on its way, be it at the very moment from which on
// it is looked again, whoever waits is told once and then everything is at rest.
func TestACardIsShownAgainAndAgainForNoMoment(t *testing.T) {
	const patience = 10 * time.Minute
	for passed := patience - 2*time.Second; passed <= patience+4*time.Second; passed += time.Second / 2 {
		t.Run(passed.String(), func(t *testing.T) {
			w := newWorld(t)
			r := w.request("proddb", "admin")
			w.happens(r, access.EventSubmitted, nil)
			w.happens(r, access.EventGrantStarted, nil)
			w.tells(r.Event(access.EventStuck, access.System(), w.Now()), access.EffectShowCards)
			w.cards = nil
			w.while = func() { w.passed = passed }
			w.work()
			w.passed = time.Hour
			w.work()
			var posted []string
			for _, u := range w.cards {
				if u.At.TS == "" && u.Audience != notify.ToIT {
					posted = append(posted, string(u.Audience))
				}
			}
			if !slices.Equal(posted, []string{"requester.2"}) {
				t.Errorf("posted are %q", posted)
			}
		})
	}
}

// Whoever asked for somebody else and takes the access away again knows that; who had it is
// told. Whoever makes a change by hand that they asked for themselves sees it done.
func TestOnesOwnActIsNoNewsToOneself(t *testing.T) {
	for name, c := range map[string]struct {
		by    access.PersonID
		kind  access.EventKind
		news  []string // who gets a message
		first access.PersonID
	}{
		"taken away by who asked":    {noor, access.EventEnding, []string{"maya"}, noor},
		"taken away by another":      {omar, access.EventEnding, []string{"maya", "noor"}, noor},
		"made by hand by who asked":  {omar, access.EventFulfilled, []string{"maya"}, omar},
		"made by hand by another":    {omar, access.EventFulfilled, []string{"maya", "noor"}, noor},
		"cancelled by another":       {omar, access.EventCancelled, []string{"maya", "noor"}, noor},
		"cancelled by who gets it":   {maya, access.EventCancelled, nil, noor},
		"more time, agreed by other": {omar, access.EventExtended, []string{"maya", "noor"}, noor},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request("proddb", "admin")
			w.do(func(u *engine.Unit) (err error) {
				if r, err = u.Request(r.ID); err == nil {
					r.Requester = c.first
					err = engine.Save(u, engine.Requests(), &r)
				}
				return err
			})
			w.happens(r, access.EventSubmitted, nil)
			w.happens(r, access.EventGrantStarted, func(e *access.Event) { e.Manual = true })
			w.cards = nil
			w.happens(r, c.kind, func(e *access.Event) {
				e.Actor, e.End = access.Actor{Person: c.by, Via: access.ViaSlack}, access.EndRevoked
			})
			var news []string
			for _, u := range w.cards {
				if u.At.TS == "" && !u.EditOnly {
					news = append(news, map[access.PersonID]string{maya: "maya", noor: "noor", omar: "omar"}[u.Reader.ID])
				}
			}
			slices.Sort(news)
			if !slices.Equal(news, c.news) {
				t.Errorf("told are %q, want %q", news, c.news)
			}
		})
	}
}

// That an emergency wasn't one, and that the access is taken away for that, is one message.
func TestAVerdictAndItsConsequenceAreOneMessage(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.work()
	w.cards = nil
	w.tells(r.Event(access.EventUnjustified, access.Actor{Person: noor, Via: access.ViaSlack}, w.Now()), access.EffectShowCards)
	e := r.Event(access.EventEnding, access.Actor{Person: noor, Via: access.ViaSlack}, w.Now())
	e.End = access.EndRevoked
	w.tells(e, access.EffectShowCards)
	var seen []string
	w.work()
	for _, u := range w.cards {
		if u.At.TS == "" {
			seen = append(seen, string(u.Audience))
		}
	}
	slices.Sort(seen)
	if want := []string{"it", "requester.2"}; !slices.Equal(seen, want) {
		t.Errorf("new are %q, want %q", seen, want)
	}
}

// The whole table, to be read and agreed upon.
func TestWhoIsToldHow(t *testing.T) {
	var got strings.Builder
	seen := map[notify.News]bool{}
	for _, line := range notify.Tellings() {
		got.WriteString(strings.Join([]string{string(line.News), string(line.Requester), string(line.Asked), string(line.IT), string(line.Rank)}, " | ") + "\n")
		if seen[line.News] {
			t.Errorf("%s stands there twice", line.News)
		}
		if seen[line.News] = true; notify.TellingOf(line.News) != line {
			t.Errorf("%s isn't found", line.News)
		}
	}
	const want = `asked | message | – | – | urgent
stage passed | edit | message | – | progress
asked again | edit | message | – | progress
escalated | message | edit | message | progress
question | message | edit | – | urgent
answer | edit | message | – | progress
said | edit | edit | – | progress
approved, on its way | message | edit | – | progress
approved, and taken on by IT | message | edit | – | outcome
in | message | edit | – | outcome
in at once | edit | – | – | progress
denied | message | edit | – | urgent
withdrawn | edit | edit | – | progress
cancelled | message | edit | – | outcome
lapsed | message | edit | – | outcome
ends soon | message | – | – | urgent
extended by approval | message | edit | – | outcome
extended by oneself | edit | – | – | progress
ended | message | edit | – | outcome
ended, of a day at most | daily | edit | – | outcome
given back | edit | edit | – | progress
taken away | message | edit | – | urgent
came back unused | edit | edit | – | urgent
can't be done by hand | message | edit | – | urgent
stuck | message | edit | message | progress
mended | message | edit | edit | outcome
emergency justified | edit | edit | edit | progress
emergency not justified | message | edit | message | urgent
`
	if got.String() != want {
		t.Errorf("the table is\n%s\nwant\n%s", got.String(), want)
	}
	if none := notify.TellingOf("a rumour"); none.Rank != notify.Urgent || none.Requester != notify.Silent || none.Asked != notify.Silent || none.IT != notify.Silent {
		t.Errorf("a rumour is told: %+v", none)
	}
}
