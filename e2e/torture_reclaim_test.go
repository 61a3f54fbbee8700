package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/store"
)

// leastReclaimKills is how often the bot dies while an idle seat comes back, in the bounded form.
const leastReclaimKills = 12

// TestReclaimTorture kills the bot at the points of an idle seat's way, from the question over the silence and the last look to the
// removal and the way back, and each time starts it again. Its holder is asked once, the seat is removed once, and only after all of
// the time to answer; it is given back once, and each question has one issue that says so.
func TestReclaimTorture(t *testing.T) {
	t.Parallel() // beside the other ones: all wait for the bot to start more than they reckon
	r := &reclaimTorture{newPlayer(t, leastReclaimKills)}
	a := r.rounds(t, ofReclaim, r.round)
	fmt.Printf("idle seats: %d, kills: %d at as many points\n", r.held, r.kills)
	r.report(t, slices.Concat(a.wholeChain(), a.nothingLeft(), r.judge(t, a)))
}

// ofReclaim tells whether a point belongs to an idle seat's way.
func ofReclaim(label string) bool {
	return slices.ContainsFunc([]string{"reclaim", "grant.ending", "member_", "okta DELETE", "okta PUT", "/logs"}, func(word string) bool { return strings.Contains(label, word) })
}

// untilKnown is how long nothing happens once a bot that has just been started has noted what the one before it did: from then on the
// time of the access is reckoned.
const untilKnown = 2 * time.Second

// reclaimTorture has an idle seat come back while the bot is killed.
type reclaimTorture struct{ *player }

// round is one seat: asked for, not used, asked about, silence, removed, and had again until its time is up.
func (r *reclaimTorture) round() error {
	r.setPlan(nil, nil) // how access begins and ends otherwise is for the other tortures
	begun := r.again("ask for a seat", func() error {
		return r.do("okta app 'Adobe Creative Cloud' adobe-single", "slack maya '/access'", "slack maya submit app=adobe-cc role=single-app for=90d reason='Cut the launch film'",
			"slack noor click 'Approve in #design-access'", "okta has adobe-single maya", "okta uses 'Adobe Creative Cloud' maya", "okta uses 'Adobe Creative Cloud' noor")
	})
	if begun != nil {
		return begun
	}
	r.quiet(untilKnown)
	r.deadly(ofReclaim)
	r.advance(33 * catalog.Day)
	if err := r.until("the question", func() error { return r.do("dm maya 'Do you still need Adobe … Still need it'") }); err != nil {
		return err
	}
	r.advance(4 * catalog.Day)
	if err := r.do("okta has adobe-single maya"); err != nil {
		return err
	}
	r.advance(4 * catalog.Day)
	if err := r.until("the removal", func() error { return r.do("! okta has adobe-single maya") }); err != nil {
		return err
	}
	err := r.again("have it again", func() error {
		_ = r.do("slack maya click 'I need it again'") // it may have been pressed in the life before
		return r.do("okta has adobe-single maya")
	})
	if err != nil {
		return err
	}
	r.setPlan(nil, nil)
	r.quiet(untilKnown)
	r.advance(20 * catalog.Day) // what is used isn't asked about again until the rest of its time is up
	if err := r.do("okta uses 'Adobe Creative Cloud' maya"); err != nil {
		return err
	}
	r.advance(29*catalog.Day + 12*time.Hour)
	return r.until("its end", func() error { return r.do("! okta has adobe-single maya") })
}

// judge says what is wrong with what the store, the services and the log say of the seats.
func (r *reclaimTorture) judge(t *testing.T, a *aftermath) (broken []string) {
	t.Helper()
	say := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	s, err := r.openStore()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all []access.Reclaim
	err = s.View(t.Context(), func(tx store.Tx) (err error) {
		all, err = store.Reclaims(tx, "", 1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != r.held {
		say("%d seats were idle, and %d questions are kept", r.held, len(all))
	}
	for _, c := range all {
		broken = append(broken, judgeCase(a, c)...)
	}
	issues := 0
	for _, is := range r.world.Jira.Issues() {
		if strings.HasPrefix(is.Summary, "Idle seat") {
			issues++
		}
	}
	if issues != r.held {
		say("%d questions have %d issues", r.held, issues)
	}
	if n := r.heardByMaya("Do you still need Adobe"); n > r.held {
		say("Maya is asked %d times", n)
	}
	if in := a.members["adobe-single"]; len(in) != 0 {
		say("%q are in the group", in)
	}
	return broken
}

// heardByMaya counts her messages that say something.
func (r *reclaimTorture) heardByMaya(words string) (n int) {
	maya, _ := r.world.Slack.UserByName("maya")
	for _, m := range r.world.Slack.Messages(r.dm(maya)) {
		if strings.Contains(slack.Render(m), words) {
			n++
		}
	}
	return n
}

// judgeCase judges one question: what happened to it happened once, and in time.
func judgeCase(a *aftermath, c access.Reclaim) (broken []string) {
	say := func(format string, args ...any) { broken = append(broken, c.ID+": "+fmt.Sprintf(format, args...)) }
	if c.State != access.ReclaimRemoved || c.Outcome != access.ReclaimGone || c.Issue.Key == "" || len(c.Ends) != 1 || len(c.Restoring) != 1 || c.Restored.IsZero() {
		say("it is %s, came to %q, on the issue %q, ended %q, and gave back %q at %s", c.State, c.Outcome, c.Issue.Key, c.Ends, c.Restoring, c.Restored)
	}
	for _, kind := range []access.EventKind{access.EventReclaimAsked, access.EventReclaimDue, access.EventReclaimRemoving, access.EventReclaimSettled, access.EventReclaimRestored} {
		if n := count(a.events, func(e access.Event) bool { return e.Kind == kind && e.About().ID == c.ID }); n != 1 {
			say("%s happened %d times", kind, n)
		}
	}
	var asked time.Time
	for _, e := range a.events {
		switch {
		case e.About().ID == c.ID && e.Kind == access.EventReclaimAsked:
			asked = e.At
		case e.About().ID == c.ID && e.Kind == access.EventReclaimRemoving && e.At.Sub(asked) < 7*catalog.Day:
			say("it was removed %s after the question", e.At.Sub(asked))
		}
	}
	for _, id := range slices.Concat(c.Ends, c.Restoring) {
		if n := count(a.events, func(e access.Event) bool { return e.Kind == access.EventMemberRemoved && e.Grant == id }); n != 1 {
			say("the access %s was removed %d times", id, n)
		}
	}
	for _, id := range c.Restoring {
		if n := count(a.events, func(e access.Event) bool { return e.Kind == access.EventMemberAdded && e.Grant == id }); n != 1 {
			say("the access %s was given %d times", id, n)
		}
	}
	return broken
}
