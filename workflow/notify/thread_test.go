package notify_test

import (
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// posted puts a card into the store as it stands in Slack.
func (w *world) posted(request string, a notify.Audience, reader string) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		c := store.Card{ID: store.CardID(request, string(a), reader), Request: request, Reader: reader, Audience: string(a), Channel: "C-" + reader, TS: "1"}
		return engine.Save(u, engine.Cards(), &c)
	})
}

// TestWhereWordsAreSaid lists the threads in which somebody's words are repeated.
func TestWhereWordsAreSaid(t *testing.T) {
	all := []string{"C-" + string(maya), "C-" + string(noor), "C-#design"}
	for name, c := range map[string]struct {
		by     access.Actor
		origin string
		want   []string
	}{
		"Slack, in a form":      {access.Actor{Person: noor, Via: access.ViaSlack}, "view-1", all},
		"Slack, in a thread":    {access.Actor{Person: noor, Via: access.ViaSlack}, "C-#design/7", []string{"C-" + string(maya), "C-" + string(noor)}},
		"Jira, the requester":   {access.Actor{Person: maya, Via: access.ViaJira}, "", []string{"C-" + string(noor), "C-#design"}},
		"Jira, nobody we know":  {access.Actor{Via: access.ViaJira}, "", all},
		"Jira, somebody else's": {access.Actor{Person: omar, Via: access.ViaJira}, "", all},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request("figma", "editor")
			w.posted(r.ID, notify.ToRequester, string(maya))
			w.posted(r.ID, notify.ToReview.Revision(1), string(noor))
			w.posted(r.ID, notify.ToReview.Revision(2), string(omar)) // asked again: the first card's thread is the one
			w.posted(r.ID, notify.ToChannel, "#design")
			w.posted(r.ID, notify.ToIT, "")
			e := r.Event(access.EventReplied, c.by, w.Now())
			e.Reason, e.Origin = "hello", c.origin
			e = w.tells(e, access.EffectTell)
			w.work()
			var got []string
			for _, s := range w.says {
				got = append(got, s.At.Channel)
				if s.Event.ID != e.ID || s.By.ID != c.by.Person || s.Subject != access.RequestSubject(r.ID) || s.Again {
					t.Errorf("said %+v", s)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("said in %v, want %v", got, c.want)
			}
		})
	}
}

func TestWordsAreSaidOnce(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.posted(r.ID, notify.ToRequester, string(maya))
	w.posted(r.ID, notify.ToApprover, string(noor))
	w.tells(r.Event(access.EventReplied, access.System(), w.Now()), access.EffectTell)
	task := w.tasks()[0]
	task.Begun = true
	if err := w.carryOut(task); err != nil {
		t.Fatal(err)
	}
	if len(w.says) != 2 || !w.says[0].Again || w.says[0].Marker == w.says[1].Marker {
		t.Errorf("said %+v", w.says)
	}
}

func TestWordsThatAreNotInTheLog(t *testing.T) {
	w := newWorld(t)
	body, err := engine.Payload(struct{ Event string }{"ev-99"})
	if err != nil {
		t.Fatal(err)
	}
	if got := classOf(w.try(store.Task{Kind: "thread.tell", Subject: access.RequestSubject("AR-1"), Payload: body})); got != access.Rejected {
		t.Errorf("got %q", got)
	}
}

// TestWordsWaitForTheirCard asks something before the card of whoever is asked is in
// Slack: it is said to the others at once, and to them when the card is there.
func TestWordsWaitForTheirCard(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.posted(r.ID, notify.ToApprover, string(noor))
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.tells(r.Event(access.EventReplied, access.System(), w.Now()), access.EffectTell)
	all := w.tasks()
	i := slices.IndexFunc(all, func(t store.Task) bool { return t.Kind == "thread.tell" })
	said := func(class access.Class, want ...string) {
		t.Helper()
		w.says = nil
		got := access.Class("")
		if err := w.carryOut(all[i]); err != nil {
			got = access.Classify(err).Class
		}
		if got != class {
			t.Errorf("it failed with %q, want %q", got, class)
		}
		var in []string
		for _, s := range w.says {
			in = append(in, s.At.Channel)
		}
		if !slices.Equal(in, want) {
			t.Errorf("said in %v, want %v", in, want)
		}
	}
	said(access.Unclear, "C-"+string(noor))
	for _, card := range all {
		if card.Kind == "card.show" {
			if err := w.carryOut(card); err != nil {
				t.Fatal(err)
			}
		}
	}
	said("", "C-"+string(noor), "C-"+string(maya))
}

// TestWordsSaidInPart are told to wait after the first of two threads: the next attempt
// looks before it says anything.
func TestWordsSaidInPart(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.posted(r.ID, notify.ToRequester, string(maya))
	w.posted(r.ID, notify.ToApprover, string(noor))
	w.tells(r.Event(access.EventReplied, access.System(), w.Now()), access.EffectTell)
	w.limited = 2
	f := access.Classify(w.carryOut(w.tasks()[0]))
	if f.Class != access.Unclear || f.After <= 0 || len(w.says) != 2 {
		t.Errorf("after %d it failed with %+v", len(w.says), f)
	}
}
