package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// issue finds the one issue about a lifecycle.
func (w *torture) issue(e *lifecycle) (jira.Issue, error) {
	if is, ok := w.world.Jira.Issue(e.issue); ok {
		return is, nil
	}
	for _, is := range w.world.Jira.Issues() {
		if strings.Contains(is.Description, e.token) {
			e.issue = is.Key
			return is, nil
		}
	}
	return jira.Issue{}, fmt.Errorf("there is no issue about %s", e.token)
}

// status waits until the issue about a lifecycle is in one of the statuses.
func (w *torture) status(e *lifecycle, wanted ...string) error {
	return w.until(fmt.Sprintf("an issue about %s that is %v", e.token, wanted), func() error { return w.stands(e, wanted...) })
}

// stands tells whether the issue about a lifecycle is in one of the statuses.
func (w *torture) stands(e *lifecycle, wanted ...string) error {
	is, err := w.issue(e)
	if err == nil && !slices.Contains(wanted, w.statuses[is.StatusID]) {
		err = fmt.Errorf("%s is %s", is.Key, is.Status)
	}
	return err
}

// offered tells whether somebody has a button.
func (w *torture) offered(who slack.User, e *lifecycle, label string) error {
	return w.offeredIn(w.dm(who), e, label)
}

func (w *torture) offeredIn(channel string, e *lifecycle, label string) error {
	m, _, there := w.card(channel, e, label)
	if !there {
		return fmt.Errorf("there is no %q in %s: the message reads: %s", label, channel, slack.Render(m))
	}
	return nil
}

// insist presses a button until what it is for can be seen. A card may be replaced by a
// newer one at the moment at which it is pressed, and that still asks.
func (w *torture) insist(who slack.User, e *lifecycle, label string, done func() error) error {
	for pressed := false; ; pressed = true {
		there := false
		if err := w.until(fmt.Sprintf("what %q about %s is for", label, e.token), func() error {
			err := w.offered(who, e, label)
			if there = err == nil; !there && pressed {
				err = done()
			}
			return err
		}); err != nil || !there {
			return err
		}
		if err := w.press(who, w.dm(who), e, label); err != nil {
			return err
		}
	}
}

func (w *torture) in(e *lifecycle) bool {
	return e.group != "" && w.world.Okta.IsMember(w.groups[e.group], e.account)
}

// mayBeAsked are those who can be asked about a lifecycle: the boss; and where the world
// is hostile whoever stands in, while nobody can find out who that is.
func (w *torture) mayBeAsked(e *lifecycle) []slack.User {
	out := []slack.User{e.approver}
	if !w.hostile.hasBegun() {
		return out
	}
	ines, _ := w.world.Slack.UserByName("ines")
	omar, _ := w.world.Slack.UserByName("omar")
	return append(out, ines, omar)
}

// asked waits until somebody is asked; or, where somebody has answered, until nobody has
// to be any more. What the issue says alone is not enough: on the way back from where a
// rule of the desk has put it, it looks as if there was an answer.
func (w *torture) asked(e *lifecycle, label string, answered bool) (who slack.User, yes bool, err error) {
	err = w.until("somebody who is asked about "+e.token, func() error {
		for _, one := range w.mayBeAsked(e) {
			if _, _, there := w.card(w.dm(one), e, label); there {
				who, yes = one, true
				return nil
			}
		}
		is, err := w.issue(e)
		if err == nil && !answered {
			err = errors.New("nobody is asked yet")
		}
		if err == nil && slices.Contains([]string{"Waiting for approval", "Needs attention"}, w.statuses[is.StatusID]) { // where a rule of the desk may have put it
			err = fmt.Errorf("%s is %s", is.Key, is.Status)
		}
		return err
	})
	return who, yes, err
}

// answered has whoever is asked answer, until that is the answer: another may be asked
// instead, when it turns out that it was for them to say.
func (w *torture) answered(e *lifecycle, label string, answer func(slack.User) error) error {
	for said := false; ; said = true {
		who, asked, err := w.asked(e, label, said)
		if err != nil || !asked {
			return err
		}
		if err := answer(who); err != nil {
			return err
		}
	}
}

func (w *torture) approve(e *lifecycle) error {
	return w.answered(e, "Approve", func(who slack.User) error { return w.press(who, w.dm(who), e, "Approve") })
}

func (w *torture) deny(e *lifecycle) error {
	return w.answered(e, "Deny", func(who slack.User) error { return w.refuse(who, e) })
}

// gone waits until a lifecycle's access has ended, in the group and in the issue.
func (w *torture) gone(e *lifecycle) error {
	if err := w.until(e.who.Name+" out of "+e.group, func() error { return w.left(e) }); err != nil {
		return err
	}
	return w.status(e, "Closed")
}

func (w *torture) left(e *lifecycle) error {
	if w.in(e) {
		return errors.New("still in")
	}
	return nil
}

// inTurn does one thing after the other until one fails.
func inTurn(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// The scenarios. Each begins and ends with nothing granted to the person.

func (w *torture) givenBack(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "figma", "editor", "30d", "figma-editors", endsOver)
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.approve(e) },
		func() error { return w.status(e, "Granted") },
		func() error { return w.insist(who, e, "Give it back", func() error { return w.left(e) }) },
		func() error { return w.gone(e) },
	)
}

func (w *torture) endsByTime(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "figma", "editor", "6h", "figma-editors", endsOver)
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.approve(e) },
		func() error { return w.status(e, "Granted", "Closed") },
		func() error { w.advance(6 * time.Hour); return nil },
		func() error { return w.gone(e) },
	)
}

func (w *torture) saidNo(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "figma", "editor", "30d", "figma-editors", endsDenied)
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.deny(e) },
		func() error { return w.status(e, "Declined") },
	)
}

func (w *torture) takenBack(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "figma", "editor", "30d", "figma-editors", endsCancelled)
	return inTurn(
		func() error { return w.ask(e) },
		func() error {
			return w.insist(who, e, "Cancel request", func() error { return w.stands(e, "Canceled") })
		},
		func() error { return w.status(e, "Canceled") },
	)
}

func (w *torture) manual(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "pixelshop", "retoucher", "90d", "", endsOver)
	fulfiller, _ := w.world.Slack.UserByName("ines")
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.approve(e) },
		func() error {
			return w.insist(fulfiller, e, "It's done", func() error { return w.offered(who, e, "Give it back") })
		},
		func() error {
			return w.insist(who, e, "Give it back", func() error { return w.offered(fulfiller, e, "It's done") })
		},
		func() error {
			return w.insist(fulfiller, e, "It's done", func() error { return w.stands(e, "Closed") })
		},
		func() error { return w.status(e, "Closed") },
	)
}

// stays is asked for at once and never ends, so that its issue is closed.
func (w *torture) stays(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "miro", "member", "forever", "miro-members", endsGranted)
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.status(e, "Closed") },
	)
}

// getsStuck is for one person at a time: it makes Okta refuse everybody.
func (w *torture) getsStuck(who, approver slack.User) error {
	e := w.lifecycle(who, approver, "figma", "editor", "30d", "figma-editors", endsOver)
	it, _ := w.world.Slack.UserByName("ines")
	w.world.Okta.AddFault(okta.Fault{Method: "PUT", Path: "/api/v1/groups/", Status: 403})
	return inTurn(
		func() error { return w.ask(e) },
		func() error { return w.press(approver, w.dm(approver), e, "Approve") },
		func() error { return w.status(e, "Needs attention") },
		func() error { w.world.Okta.ClearFaults(); return nil },
		func() error { return w.retried(it, e) },
		func() error { return w.status(e, "Granted") },
		func() error { return w.press(who, w.dm(who), e, "Give it back") },
		func() error { return w.gone(e) },
	)
}

// retried has IT try again what is stuck, unless a bot that was started meanwhile has done so:
// it finds that the service works.
func (w *torture) retried(it slack.User, e *lifecycle) error {
	goesOn := false
	err := w.until(fmt.Sprintf("a button %q about %s", "Retry", e.token), func() error {
		if goesOn = w.stands(e, "Granted") == nil; goesOn {
			return nil
		}
		return w.offeredIn(itChannel, e, "Retry")
	})
	if err != nil || goesOn {
		return err
	}
	return w.press(it, itChannel, e, "Retry")
}

func (w *torture) lifecycle(who, approver slack.User, app, role, time, group string, f fate) *lifecycle {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens++
	return &lifecycle{token: fmt.Sprintf("token-%04d", w.tokens), who: who, account: w.accounts[who.ID], approver: approver, app: app, role: role, time: time, group: group, fate: f, cards: map[string]string{}}
}
