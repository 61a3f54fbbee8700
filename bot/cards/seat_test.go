package cards

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/catalog"
	"latchkey/sandbox/page/browser"
	"latchkey/workflow/notify"
)

// idleSeat is a seat that is asked about, moved by the rules of the house.
type idleSeat struct {
	*testing.T
	notify.SeatContent
}

func rested() access.ReclaimRule {
	return access.ReclaimRule{Threshold: 60 * catalog.Day, Grace: 7 * catalog.Day, Postpone: 30 * catalog.Day, Postpones: 1, Restore: 30 * catalog.Day, Issue: catalog.OriginalIssue}
}

// asked is Maya's seat of Figma just after she was asked about it.
func asked(t *testing.T, change ...func(*access.Reclaim)) *idleSeat {
	t.Helper()
	c, now := bottest.Asked(), bottest.Minute(0)
	s := &idleSeat{T: t, SeatContent: notify.SeatContent{App: c.App, Role: c.Role, Now: now, People: map[access.PersonID]access.Person{bottest.Noor().ID: bottest.Noor(), bottest.Maya().ID: bottest.Maya()}}}
	r := access.Reclaim{
		ID: "RC-7F3K9Q", Person: bottest.Maya().ID, App: c.App.ID, Role: c.Role.ID, Grant: "AR-1", Grants: []string{"AR-1"}, Request: "AR-1", Rule: rested(),
		Seen:  access.Idleness{Last: now.Add(-70 * catalog.Day), Source: "sign-ins in Okta's System Log", By: catalog.AppSignIn, Reach: now.Add(-90 * catalog.Day), Since: now.Add(-200 * catalog.Day), Read: now},
		Issue: access.Issue{ID: "9", Key: "IT-9", URL: "https://jira.acme.example/browse/IT-9"},
	}
	for _, do := range change {
		do(&r)
	}
	r, e, _, err := access.AskAbout(r, now)
	if err != nil {
		t.Fatal(err)
	}
	s.Reclaim = r
	s.tell(e)
	return s
}

func (s *idleSeat) tell(e access.Event) {
	e.N = uint64(len(s.Story) + 1)
	s.Story = append(s.Story, e)
}

// does moves it, some time later.
func (s *idleSeat) does(after time.Duration, kind access.EventKind, by access.Actor, fill func(*access.Event)) *idleSeat {
	s.Helper()
	s.Now = s.Now.Add(after)
	e := s.Reclaim.Event(kind, by, s.Now)
	if fill != nil {
		fill(&e)
	}
	next, _, err := s.Reclaim.Apply(e, s.Now)
	if err != nil {
		s.Fatalf("%s: %v", kind, err)
	}
	s.Reclaim = next
	s.tell(e)
	return s
}

// idleStill is what is read once more: nobody has used it.
func (s *idleSeat) idleStill(e *access.Event) {
	seen := s.Reclaim.Seen
	seen.Read, seen.Complete, seen.Reach = s.Now, s.Now, s.Now.Add(-90*catalog.Day)
	e.Reclaim.Seen, e.Reclaim.Ends = &seen, []string{"AR-1"}
}

func outcome(o access.ReclaimOutcome, note string) func(*access.Event) {
	return func(e *access.Event) { e.Reclaim.Outcome, e.Note = o, note }
}

func (s *idleSeat) silent() *idleSeat {
	s.Helper()
	return s.does(7*catalog.Day, access.EventReclaimDue, access.System(), nil).does(0, access.EventReclaimRemoving, access.System(), s.idleStill)
}

func clickedBy(p access.Person) access.Actor { return access.Actor{Person: p.ID, Via: access.ViaSlack} }

func said(reason string) func(*access.Event) {
	return func(e *access.Event) { e.Reason = reason }
}

// idleSeats are how questions about seats can stand.
func idleSeats(t *testing.T) map[string]*idleSeat {
	maya, noor := clickedBy(bottest.Maya()), clickedBy(bottest.Noor())
	returned := func(e *access.Event) { e.Reclaim.Ends = []string{"AR-1"} }
	until := func(d time.Duration) func(*access.Event) { return func(e *access.Event) { e.Until = e.At.Add(d) } }
	down := func(r *access.Reclaim) { r.Rule.Downgrade = "viewer" }
	return map[string]*idleSeat{
		"asked":       asked(t),
		"never used":  asked(t, func(r *access.Reclaim) { r.Seen.Last = time.Time{} }),
		"lower role":  asked(t, down),
		"time is up":  asked(t).does(7*catalog.Day, access.EventReclaimDue, access.System(), nil),
		"unread":      asked(t).does(7*catalog.Day, access.EventReclaimDue, access.System(), nil).does(0, access.EventReclaimUnread, access.System(), func(e *access.Event) { e.Note = "okta: the token was revoked" }),
		"late":        asked(t).does(7*catalog.Day, access.EventReclaimDue, access.System(), nil).does(0, access.EventReclaimUnread, access.System(), func(e *access.Event) { e.Note, e.Until = "Records may be late.", e.At.Add(catalog.Day) }),
		"needed":      asked(t).does(time.Hour, access.EventReclaimNeeded, maya, said("The fair is in March")),
		"returned":    asked(t).does(time.Hour, access.EventReclaimReturned, maya, returned),
		"by IT":       asked(t).does(time.Hour, access.EventReclaimReturned, noor, returned),
		"came back":   asked(t).does(time.Hour, access.EventReclaimReturned, maya, returned).does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimGone, "")),
		"postponed":   asked(t).does(time.Hour, access.EventReclaimPostponed, maya, until(30*catalog.Day)),
		"used":        asked(t).does(catalog.Day, access.EventReclaimUsed, access.System(), func(e *access.Event) { e.Reclaim.Seen = &access.Idleness{Last: e.At, Source: "x", Read: e.At} }),
		"left out":    asked(t).does(time.Hour, access.EventReclaimExempted, noor, said("On parental leave")),
		"cancelled":   asked(t).does(time.Hour, access.EventReclaimCancelled, access.System(), func(e *access.Event) { e.Note = "The access has ended otherwise." }),
		"removing":    asked(t).silent(),
		"not removed": asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimFailed, "okta: 403")),
		"removed":     asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimGone, "")),
		"downgraded":  asked(t, down).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimDowngraded, "")),
		"by hand":     asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimManual, "okta: a rule of the directory puts people into group 00g1")),
		"shared":      asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimShared, "")),
		"ended":       asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimEnded, "")),
		"restored": asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimGone, "")).
			does(catalog.Day, access.EventReclaimRestored, maya, func(e *access.Event) { e.Reclaim.Grants = []string{"GR-2"} }),
		"nobody's yes": asked(t, func(r *access.Reclaim) { r.Request = "" }).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimGone, "")),
		"too late": func() *idleSeat {
			s := asked(t).silent().does(time.Minute, access.EventReclaimSettled, access.System(), outcome(access.ReclaimGone, ""))
			s.Now = s.Now.Add(31 * catalog.Day)
			return s
		}(),
	}
}

func (s *idleSeat) audience() notify.Audience {
	if n := s.Posting(); n > 1 {
		return notify.ToSeat.Revision(n)
	}
	return notify.ToSeat
}

func (s *idleSeat) drawn() blocks.Message {
	s.Helper()
	return mustDraw(s, notify.CardUpdate{Content: s.SeatContent, Audience: s.audience(), Reader: bottest.Maya()})
}

// TestSeatCards are as they were read over: in every state, and folded once something newer was posted.
func TestSeatCards(t *testing.T) {
	var out strings.Builder
	technical := regexp.MustCompile(`(?i)token|\bgroups?\b|provision|entitlement|AR-|okta:|00g1`)
	all := idleSeats(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		m := s.drawn()
		bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
		text := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": m.Blocks}))
		fmt.Fprintf(&out, "==== %s, posting %d\n%s\n%s\n", name, s.Posting(), m.Text, text)
		if hit := technical.FindString(text); hit != "" {
			t.Errorf("%s: an employee reads %q:\n%s", name, hit, text)
		}
		if !strings.Contains(m.Text, "Figma") {
			t.Errorf("%s: %q is no news of Figma", name, m.Text)
		}
		if s.Posting() == 2 {
			older := mustDraw(t, notify.CardUpdate{Content: s.SeatContent, Audience: notify.ToSeat, Reader: bottest.Maya()})
			if len(older.Blocks) != 1 || strings.Contains(shown(t, older), "button") {
				t.Errorf("%s: the question stands there after the outcome:\n%s", name, shown(t, older))
			}
		}
	}
	bottest.Golden(t, *update, "seat", out.String())
}

// TestAnsweredSeatsHaveNoButtons but the one that gives back what was taken away, as long as that can be.
func TestAnsweredSeatsHaveNoButtons(t *testing.T) {
	buttons := regexp.MustCompile(`"action_id":"([a-z_]+)"`)
	three := []string{ActionSeatNeeded, ActionSeatReturn, ActionSeatLater}
	want := map[string][]string{
		"asked": three, "never used": three, "lower role": three, "time is up": three[:2], "late": three[:2], "unread": three[:2],
		"removed": {ActionSeatRestore}, "downgraded": {ActionSeatRestore}, "came back": {ActionSeatRestore},
	}
	for name, s := range idleSeats(t) {
		var got []string
		for _, hit := range buttons.FindAllStringSubmatch(shown(t, s.drawn()), -1) {
			got = append(got, hit[1])
		}
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s: the buttons are %v, want %v", name, got, want[name])
		}
	}
}

// TestASecondQuestionCantBePutOff where it can be once.
func TestASecondQuestionCantBePutOff(t *testing.T) {
	s := asked(t).does(time.Hour, access.EventReclaimPostponed, clickedBy(bottest.Maya()), func(e *access.Event) { e.Until = e.At.Add(30 * catalog.Day) })
	s.does(30*catalog.Day, access.EventReclaimDue, access.System(), nil).does(0, access.EventReclaimAskedNow, access.System(), s.idleStill)
	if text := shown(t, s.drawn()); s.Posting() != 2 || !strings.Contains(text, "Still need it") || strings.Contains(text, ActionSeatLater) {
		t.Errorf("posting %d:\n%s", s.Posting(), text)
	}
}

// TestSeatCardsAreShort on a phone.
func TestSeatCardsAreShort(t *testing.T) {
	b := look(t)
	for name, most := range map[string]int{"asked": 12, "never used": 14, "removed": 8, "needed": 2, "postponed": 2, "used": 2} {
		s := idleSeats(t)[name]
		if lines, err := b.Lines(t.Context(), drawn(t, s.drawn()), browser.Phone()); err != nil || lines > most {
			t.Errorf("%s: %d lines, at most %d: %v\n%s", name, lines, most, err, shown(t, s.drawn()))
		}
	}
}

// TestSeatCardsSurviveAnyText that somebody wrote, or that an app is called.
func TestSeatCardsSurviveAnyText(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		for how, s := range idleSeats(t) {
			s.App.Name, s.Role.Name, s.Reclaim.Why, s.Reclaim.Seen.Source, s.Reclaim.Unread = text, text, text, text, text
			s.Reclaim.Issue.Key, s.Reclaim.Issue.URL = text, "https://jira.acme.example/?"+strings.Repeat("&", 370)
			for id, p := range s.People {
				p.Name = text
				s.People[id] = p
			}
			m := s.drawn()
			t.Run(name+" "+how, func(t *testing.T) { bottest.WantMessageWithinLimits(t, m.Text, m.Blocks) })
		}
	}
}
