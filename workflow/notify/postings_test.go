package notify_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// TestWhatHasToBeNoticedIsPostedAnew lists stories of which somebody has to notice
// the last event, and the new message that it makes. Whatever was posted before is
// shown too, as the thing of the past that it is.
func TestWhatHasToBeNoticedIsPostedAnew(t *testing.T) {
	group := catalog.GroupRef{Directory: "okta", Group: "one"}
	of := func(kind access.EventKind, edit ...func(*access.Event)) access.Event {
		e := access.Event{Kind: kind, Group: &group}
		for _, f := range edit {
			f(&e)
		}
		return e
	}
	by := func(who access.PersonID) func(*access.Event) {
		return func(e *access.Event) { e.Actor.Person = who }
	}
	asks := func(stage int, who ...access.PersonID) func(*access.Event) {
		return func(e *access.Event) { e.Stage, e.Approvers = stage, who }
	}
	manual := func(e *access.Event) { e.Manual = true }
	one := func(e *access.Event) { e.Groups = []catalog.GroupRef{group} }
	ends := func(why access.End) func(*access.Event) { return func(e *access.Event) { e.End = why } }
	asked := of(access.EventApproversAsked, asks(0, noor, omar))
	started, byHand := of(access.EventGrantStarted, one), of(access.EventGrantStarted, manual)
	recorded, added := of(access.EventRecorded), of(access.EventMemberAdded)

	type story []access.Event
	for name, c := range map[string]struct {
		app, role string
		before    story
		last      access.Event
		news      string // among what is sent; "" for nothing but what was there before
	}{
		"the same person at the next stage":  {"figma", "editor", story{asked}, of(access.EventApproversAsked, asks(1, noor)), "card approver.2 " + string(noor)},
		"the same stage once more":           {"figma", "editor", story{asked}, asked, ""},
		"another one of the same stage":      {"figma", "editor", story{of(access.EventApproversAsked, asks(0, noor))}, asked, "card approver " + string(omar)},
		"told again":                         {"figma", "editor", story{asked}, of(access.EventAskedAgain, asks(0, omar)), ""},
		"the next stage in a channel":        {"proddb", "admin", story{asked}, of(access.EventApproversAsked, asks(1, omar)), "card channel.2 #prod-access"},
		"told again in a channel":            {"proddb", "admin", story{asked}, of(access.EventAskedAgain, asks(0, noor)), "card channel.2 #prod-access"},
		"nobody is there to tell again":      {"figma", "editor", story{of(access.EventUnroutable)}, of(access.EventAskedAgain), "card it.2"},
		"nobody can be found, still":         {"figma", "editor", story{of(access.EventUnroutable)}, of(access.EventUnroutable), ""},
		"nobody answers":                     {"figma", "editor", story{asked}, of(access.EventEscalated), "card requester.2 " + string(maya) + " card it"},
		"a question":                         {"figma", "editor", story{asked}, of(access.EventQuestioned, by(noor)), "card requester.2 " + string(maya)},
		"a question, told again":             {"figma", "editor", story{asked, of(access.EventQuestioned, by(noor))}, of(access.EventAskedAgain, asks(0, maya)), ""},
		"the answer to it":                   {"figma", "editor", story{asked, of(access.EventQuestioned, by(noor))}, of(access.EventReplied, by(maya)), "card approver.2 " + string(noor)},
		"something said":                     {"figma", "editor", story{asked}, of(access.EventReplied, by(maya)), ""},
		"denied":                             {"figma", "editor", story{asked}, of(access.EventDenied, by(noor)), "card requester.2 " + string(maya)},
		"lapsed":                             {"figma", "editor", story{asked}, of(access.EventLapsed), "card requester.2 " + string(maya)},
		"withdrawn":                          {"figma", "editor", story{asked}, of(access.EventCancelled, by(maya)), ""},
		"cancelled by others":                {"figma", "editor", story{asked}, of(access.EventCancelled, by(omar)), "card requester.2 " + string(maya)},
		"there":                              {"figma", "editor", story{asked, started, recorded}, added, "card requester.2 " + string(maya)},
		"there at once, and nobody asked":    {"figma", "editor", story{started, recorded}, added, ""},
		"extended on a new approval":         {"figma", "editor", story{started, recorded, added}, of(access.EventExtended, asks(0, noor)), "card requester.2 " + string(maya)},
		"extended on the earlier one":        {"figma", "editor", story{started, recorded, added}, of(access.EventExtended), ""},
		"given back":                         {"figma", "editor", story{started, recorded, added}, of(access.EventEnding, ends(access.EndReturned)), ""},
		"revoked":                            {"figma", "editor", story{started, recorded, added}, of(access.EventEnding, ends(access.EndRevoked)), "card requester.2 " + string(maya)},
		"revoked and gone":                   {"figma", "editor", story{started, recorded, added, of(access.EventEnding, ends(access.EndRevoked))}, of(access.EventMemberRemoved), ""},
		"its time is up":                     {"figma", "editor", story{started, recorded, added}, of(access.EventEnding, ends(access.EndExpired)), ""},
		"its time is up and it is gone":      {"figma", "editor", story{started, recorded, added, of(access.EventEnding, ends(access.EndExpired))}, of(access.EventMemberRemoved), "card requester.2 " + string(maya)},
		"approved, and done by hand":         {"figma", "editor", story{asked}, byHand, "card requester.2 " + string(maya)},
		"done by hand, and nobody asked":     {"figma", "editor", story{of(access.EventSubmitted)}, byHand, ""},
		"an emergency that was right":        {"figma", "editor", story{started, recorded, added}, of(access.EventJustified, by(noor)), ""},
		"by hand, told again":                {"figma", "editor", story{byHand, recorded}, of(access.EventFollowedUp), ""},
		"by hand, for IT":                    {"figma", "editor", story{byHand, recorded}, of(access.EventGrantEscalated), "card it"},
		"given by hand":                      {"figma", "editor", story{byHand, recorded}, of(access.EventFulfilled, by(omar)), "card requester.2 " + string(maya)},
		"to be taken away by hand":           {"figma", "editor", story{byHand, recorded, of(access.EventFulfilled, by(omar))}, of(access.EventEnding, ends(access.EndExpired)), "card fulfillers.2 " + string(omar)},
		"stuck, told again":                  {"figma", "editor", story{started, recorded, of(access.EventStuck)}, of(access.EventFollowedUp), "card it.2"},
		"a removal, told again":              {"figma", "editor", story{started, recorded, added, of(access.EventEnding, ends(access.EndReturned)), of(access.EventStuck)}, of(access.EventFollowedUp), ""},
		"stuck for another cause":            {"figma", "editor", story{started, recorded, of(access.EventStuck)}, of(access.EventStuck), ""},
		"stuck once more after a retry":      {"figma", "editor", story{started, recorded, of(access.EventStuck), of(access.EventRetried)}, of(access.EventStuck), "card it.2"},
		"stuck while giving, then in taking": {"figma", "editor", story{started, recorded, of(access.EventStuck), of(access.EventEnding, ends(access.EndReturned))}, of(access.EventStuck), "card it.2"},
		"not written after it was stuck":     {"figma", "editor", story{started, recorded, of(access.EventStuck), of(access.EventRetried), added}, of(access.EventTaskBlocked), "card it.2"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request(c.app, c.role)
			for i, e := range append(c.before, c.last) {
				e.Request, e.At = r.ID, w.Now().Add(time.Duration(i)*time.Second)
				w.do(func(u *engine.Unit) error { _, err := u.Append(e); return err })
				if i == len(c.before)-1 {
					w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
					w.work()
				}
			}
			known := map[string]bool{}
			for _, u := range w.cards {
				known[u.Marker] = true
			}
			w.cards = nil
			w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
			w.work()
			var news []string
			for _, u := range w.cards {
				if !known[u.Marker] {
					to := u.Channel
					if u.Reader.ID != "" {
						to = string(u.Reader.ID)
					}
					news = append(news, strings.TrimSpace("card "+string(u.Audience)+" "+to))
				}
			}
			if got := strings.Join(news, " "); got != c.news {
				t.Errorf("new are %q, want %q", got, c.news)
			}
		})
	}
}
