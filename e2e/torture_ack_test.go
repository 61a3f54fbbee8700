package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

// saved are the events that an acknowledged click or form stands for, by what is
// on the button or by the form. An answer may be kept until it is known whether it
// counts.
func saved() map[string][]access.EventKind {
	return map[string][]access.EventKind{
		"request": {access.EventSubmitted}, "deny": {access.EventDenied, access.EventAnswerKept}, "Approve": {access.EventApproved, access.EventAnswerKept},
		"Cancel request": {access.EventCancelled}, "Give it back": {access.EventEnding}, "It's done": {access.EventFulfilled}, "Retry": {access.EventRetried},
	}
}

// counts notes that somebody has seen their click or form acknowledged.
func (w *torture) counts(e *lifecycle, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.acks = append(e.acks, what)
}

// acknowledgedIsSaved looks for what people have seen acknowledged. A click that
// was repeated, because the first ack was lost, is there once; one that was refused is
// a refusal.
func (a *aftermath) acknowledgedIsSaved() []string {
	var out []string
	for _, e := range a.lifecycles {
		wanted, found := map[string]int{}, a.happened(e)
		refused := found[access.EventNote]
		for _, what := range e.acks {
			kinds, known := saved()[what]
			if !known {
				out = append(out, fmt.Sprintf("%s: nobody knows what %q stands for", e.token, what))
				continue
			}
			there := 0
			for _, kind := range kinds {
				there += found[kind]
			}
			if wanted[what]++; wanted[what] <= there {
				continue
			}
			if refused--; refused == -1 {
				out = append(out, fmt.Sprintf("%s: %q was acknowledged %d times, and there are %d events of %s", e.token, what, wanted[what], there, kinds))
			}
		}
	}
	return out
}

// happened counts the events of a lifecycle's request. Those of time and of
// Latchkey itself are nobody's click.
func (a *aftermath) happened(e *lifecycle) map[access.EventKind]int {
	request, n := "", map[access.EventKind]int{}
	for _, event := range a.events {
		if event.Kind == access.EventSubmitted && strings.Contains(event.Reason, e.token) {
			request = event.Request
		}
		if request != "" && event.Request == request && event.Actor.Via == access.ViaSlack {
			n[event.Kind]++
		}
	}
	return n
}

// The check for lost clicks finds one.
func TestLostClickIsFound(t *testing.T) {
	a := &aftermath{
		lifecycles: []*lifecycle{{token: "token-0001", acks: []string{"request", "deny"}}},
		events:     []access.Event{{Kind: access.EventSubmitted, Request: "AR-1", Reason: "Launch token-0001", Actor: access.Actor{Via: access.ViaSlack}}},
	}
	if lost := a.acknowledgedIsSaved(); len(lost) != 1 || !strings.Contains(lost[0], "deny") {
		t.Errorf("a lost denial is reported as %q", lost)
	}
	a.events = append(a.events, access.Event{Kind: access.EventDenied, Request: "AR-1", Actor: access.Actor{Via: access.ViaSlack}})
	if lost := a.acknowledgedIsSaved(); lost != nil {
		t.Errorf("nothing is lost, but there is %q", lost)
	}
}

// A bot that dies as it opens a form may still open it, over the one that is being
// filled in. Such a form was not answered, and people fill in the new one.
func TestReplacedFormIsNoAnswer(t *testing.T) {
	w := newTorture(t, time.Minute)
	over, running := w.live()
	boss := w.hire("boss", "")
	e := w.lifecycle(w.hire("pat", boss.Name), boss, "figma", "editor", "30d", "figma-editors", endsDenied)
	if err := inTurn(
		func() error { return w.ask(e) },
		func() error { return w.sendReplaced(e) },
		func() error { return w.deny(e) },
		func() error { return w.status(e, "Declined") },
	); err != nil {
		t.Error(err)
	}
	over()
	if err := <-running; err != nil {
		t.Error(err)
	}
}

// sendReplaced sends a form in whose place another one has come.
func (w *torture) sendReplaced(e *lifecycle) error {
	c, err := w.button(w.dm(e.approver), e, "Deny")
	if err != nil {
		return err
	}
	life, err := w.alive()
	if err != nil {
		return err
	}
	if _, err := w.world.Slack.Click(life, e.approver.ID, c); err != nil {
		return err
	}
	first, err := w.opened(life, e.approver, "deny")
	if err != nil {
		return err
	}
	if _, again, still := w.stillThere(c, "Deny"); still {
		c = again
	}
	if _, err := w.world.Slack.Click(life, e.approver.ID, c); err != nil {
		return err
	}
	if err := w.until("the second form", func() error {
		if v, err := w.top(e.approver, "deny"); err != nil || v.ID == first.ID {
			return fmt.Errorf("the first one stands there: %v", err)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := w.send(e, e.approver, first); !errors.Is(err, errReplaced) {
		return fmt.Errorf("a form that another one replaced was sent: %v, not %w", err, errReplaced)
	}
	return nil
}
