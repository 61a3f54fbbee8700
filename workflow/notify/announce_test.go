package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people/peopletest"
)

func TestAnnouncements(t *testing.T) {
	w := newWorld(t)
	w.left[omar], w.gone[peopletest.ID("tom")] = true, true
	w.do(func(u *engine.Unit) error {
		for _, to := range []access.PersonID{maya, omar, peopletest.ID("tom")} {
			if err := notify.Announce(u, "news/"+string(to), to, "News", "one", "", "two"); err != nil {
				return err
			}
		}
		if err := notify.Announce(u, "trouble", "", "Trouble", "a line"); err != nil {
			return err
		}
		return notify.Announce(u, "trouble", "", "Trouble", "the same")
	})
	w.want(w.work(), "announce "+string(maya)+" News", "announce Trouble") // nobody is there to read the others
	if lines := w.news[0].Lines; !slices.Equal(lines, []string{"one", "two"}) || w.news[0].Marker == "" {
		t.Errorf("announced %+v", w.news[0])
	}
}

// What IT was told is not told again the same day, though the message is long gone out.
func TestAnAlertIsToldOnceADay(t *testing.T) {
	w := newWorld(t)
	for _, marker := range []string{"trouble", "trouble", "other trouble"} {
		w.do(func(u *engine.Unit) error { return notify.Alert(u, marker, "Trouble", marker) })
		w.work()
	}
	if len(w.news) != 2 || w.news[1].Lines[0] != "other trouble" {
		t.Errorf("IT reads %+v", w.news)
	}
}

func TestAnAnnouncementIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.err = &access.Failure{Class: access.Unclear, Sentence: "No answer"}
	w.do(func(u *engine.Unit) error { return notify.Announce(u, "x", "", "Title") })
	task := w.tasks()[0]
	if classOf(w.carryOut(task)) != access.Unclear {
		t.Error("the failure was lost")
	}
	w.err, task.Begun = nil, true
	if err := w.carryOut(task); err != nil || !w.news[1].Again || w.news[1].Marker != w.news[0].Marker {
		t.Errorf("%v, %+v", err, w.news)
	}
}

// TestGrantsThatNobodyAskedFor lists what is announced of them.
func TestGrantsThatNobodyAskedFor(t *testing.T) {
	ends := time.Date(2026, 12, 16, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		kind  access.EventKind
		end   access.End
		ends  time.Time
		to    access.PersonID
		words string // empty: nothing is announced
	}{
		"adopted for a while":   {access.EventAdopted, "", ends, maya, "It is kept until 09:00 UTC on 16 December 2026."},
		"adopted without end":   {access.EventAdopted, "", time.Time{}, "", ""},
		"removed by policy":     {access.EventEnding, access.EndUnexplained, ends, maya, "There is no request for it."},
		"its time is up":        {access.EventEnding, access.EndExpired, ends, maya, "The time it was kept for"},
		"its holder has left":   {access.EventEnding, access.EndLeft, ends, "", ""},
		"stuck":                 {access.EventStuck, "", ends, "", "the cause"},
		"removed, as announced": {access.EventMemberRemoved, "", ends, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.do(func(u *engine.Unit) error {
				g := access.Grant{ID: "GF-1", Person: maya, App: "figma", Role: "editor", Source: access.SourceAdopted, Ends: c.ends}
				return engine.Save(u, engine.Grants(), &g)
			})
			w.tells(access.Event{Kind: c.kind, Grant: "GF-1", Person: maya, End: c.end, Note: "the cause"}, access.EffectShowCards)
			w.work()
			if c.words == "" {
				if len(w.news) != 0 {
					t.Errorf("announced %+v", w.news)
				}
				return
			}
			if len(w.news) != 1 || w.news[0].To.ID != c.to || !strings.Contains(strings.Join(w.news[0].Lines, " "), c.words) || !strings.Contains(w.news[0].Title, "Figma · Editor") {
				t.Errorf("announced %+v", w.news)
			}
		})
	}
}

// TestTroubleIsVisible fails tasks about a request and about nothing.
func TestTroubleIsVisible(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	f := &access.Failure{Class: access.Denied, Sentence: "The token is gone: make a new one"}
	policy := notify.Visible()
	w.do(func(u *engine.Unit) error {
		return policy.Tell(u, store.Task{ID: "card/x", Subject: access.RequestSubject(r.ID)}, f)
	})
	w.want(w.work(), "card it", "card requester "+string(maya))
	if last := w.last(r.ID); last.Kind != access.EventTaskBlocked || last.Note != f.Sentence {
		t.Errorf("the story says %+v", last)
	}
	w.do(func(u *engine.Unit) error {
		return policy.Recovered(u, store.Task{ID: "card/x", Subject: access.RequestSubject(r.ID)})
	})
	if last := w.last(r.ID); last.Kind != access.EventTaskResumed {
		t.Errorf("the story says %+v", last)
	}
	w.work()
	w.do(func(u *engine.Unit) error {
		if err := policy.Recovered(u, store.Task{ID: "duty/reconcile"}); err != nil {
			return err
		}
		return policy.Tell(u, store.Task{ID: "duty/reconcile", Kind: engine.DutyTask}, f)
	})
	w.want(w.work(), "announce Latchkey can't do one of its regular duties")
}

// TestTheAdminsAreToldDirectly fails what the IT channel is told, for good.
func TestTheAdminsAreToldDirectly(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	w.admins = []access.PersonID{omar}
	gone := &access.Failure{Class: access.Rejected, Sentence: "The channel is archived"}
	fails := func(kind string, f *access.Failure, payload any) {
		t.Helper()
		body, err := engine.Payload(payload)
		if err != nil {
			t.Fatal(err)
		}
		w.do(func(u *engine.Unit) error {
			return w.Failures()[kind].Tell(u, store.Task{ID: kind, Kind: kind, Subject: access.RequestSubject(r.ID), Payload: body}, f)
		})
	}
	fails("card.show", gone, notify.Card{Audience: notify.ToIT})
	w.want(w.work(), "announce "+string(omar)+" IT can't be told in its channel", "card it", "card it "+string(omar), "card requester "+string(maya))
	if said := w.news[0].Lines; !slices.Contains(said, gone.Sentence) {
		t.Errorf("they hear %q", said)
	}
	fails("notice.show", gone, map[string]any{"Title": "News"})
	w.want(w.work(), "announce "+string(omar)+" News") // why they get it was said today
	for _, f := range []*access.Failure{{Class: access.Transient}, {Class: access.Limited}} {
		fails("notice.show", f, map[string]any{"Title": "News"})
		w.want(w.work())
	}
	fails("notice.show", gone, map[string]any{"Title": "News", "To": maya})
	w.want(w.work())
}

// TestTheITChannelIsLookedAt before anything has to be told there.
func TestTheITChannelIsLookedAt(t *testing.T) {
	w := newWorld(t)
	w.admins = []access.PersonID{omar}
	look := func(err error) []string {
		t.Helper()
		w.err = err
		done, err := w.Duties()[0].Do(t.Context(), store.Task{})
		if err != nil {
			t.Fatal(err)
		}
		if done != nil {
			w.do(done)
		}
		w.err = nil
		return w.work()
	}
	w.want(look(nil))
	w.want(look(&access.Failure{Class: access.Transient, Sentence: "Slack was busy"}))
	w.want(look(&access.Failure{Class: access.Rejected, Sentence: "The channel is archived"}), "announce "+string(omar)+" IT can't be told in its channel")
	w.want(look(&access.Failure{Class: access.Rejected, Sentence: "The channel is archived"})) // said today
}

// TestWhereTheChannelIsGoneApproversAreAskedDirectly at this stage and at the next.
func TestWhereTheChannelIsGoneApproversAreAskedDirectly(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	ask := func(who access.PersonID) {
		w.do(func(u *engine.Unit) error {
			next, err := u.Request(r.ID)
			if err != nil {
				return err
			}
			next.Stages = []access.Stage{{Asked: []access.PersonID{who}}}
			return engine.Save(u, engine.Requests(), &next)
		})
		e := r.Event(access.EventApproversAsked, access.System(), w.Now())
		e.Approvers = []access.PersonID{who}
		w.tells(e, access.EffectShowCards)
	}
	ask(noor)
	i := slices.IndexFunc(w.tasks(), func(t store.Task) bool { return strings.Contains(string(t.Payload), "#prod-access") })
	card := w.tasks()[i]
	w.do(func(u *engine.Unit) error {
		card.State = store.Stuck
		if err := u.Tx.Requeue(card); err != nil {
			return err
		}
		return w.Failures()[card.Kind].Tell(u, card, &access.Failure{Class: access.Rejected, Sentence: "The channel is gone"})
	})
	if got := w.workBut(card.ID); !slices.Contains(got, "card approver "+string(noor)) {
		t.Errorf("sent %q", got)
	}
	ask(omar)
	if got := w.workBut(card.ID); !slices.Contains(got, "card approver.2 "+string(omar)) {
		t.Errorf("sent %q", got)
	}
}

// last is the newest event of a request.
func (w *world) last(request string) (e access.Event) {
	w.Helper()
	c, err := cases{w}.Case(w.Context(), request)
	if err != nil || len(c.Story) == 0 {
		w.Fatalf("no story: %v", err)
	}
	return c.Story[len(c.Story)-1]
}

func TestPurposes(t *testing.T) {
	w := newWorld(t)
	w.do(func(u *engine.Unit) error {
		return store.PutPerson(u.Tx, &store.Known{Person: peopletest.Person("noor")})
	})
	purpose := func(c notify.Card) string {
		body, err := engine.Payload(c)
		if err != nil {
			t.Fatal(err)
		}
		var said string
		err = w.units.View(t.Context(), func(tx store.Tx) error {
			said = notify.Purposes()["card.show"](tx, store.Task{Payload: body})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	for _, c := range []struct{ got, want string }{
		{purpose(notify.Card{Audience: notify.ToApprover, Reader: noor}), "tell noor@acme.example in Slack"},
		{purpose(notify.Card{Audience: notify.ToFulfillers, Address: "omar@acme.example"}), "tell omar@acme.example in Slack"},
		{purpose(notify.Card{Audience: notify.ToChannel, Channel: "#design"}), "tell #design in Slack"},
		{purpose(notify.Card{Audience: notify.ToIT}), "tell the IT channel"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for kind := range w.Handlers() {
		if notify.Purposes()[kind] == nil {
			t.Errorf("%s has no purpose", kind)
		}
	}
}
