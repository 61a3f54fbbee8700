package e2e

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// fate is how a lifecycle is meant to end.
type fate string

const (
	endsDenied    fate = "denied"
	endsCancelled fate = "cancelled"
	endsOver      fate = "over" // access was given and has ended
	endsGranted   fate = "granted"
)

// lifecycle is one request as the people in it see it.
type lifecycle struct {
	token           string // in the reason, so that it can be told from all others
	who, approver   slack.User
	account         string // of who, in the directory
	app, role, time string
	group           string // "" if the change is manual
	fate            fate

	issue string            // key, once it was seen
	cards map[string]string // timestamps by channel, once they were seen
	acks  []string          // what was acknowledged: labels of buttons, and forms
}

// hire brings somebody new into the three systems.
func (w *torture) hire(handle, manager string) slack.User {
	name := strings.ToUpper(handle[:1]) + handle[1:] + " Doe"
	email := sandbox.Email(handle)
	w.world.Slack.AddUser(slack.User{ID: "U0X" + strings.ToUpper(handle), Name: handle, RealName: name, Email: email, TZ: "Europe/Berlin"})
	w.world.Jira.AddAccount(jira.Account{Email: email, DisplayName: name, Active: true, Customer: true})
	u, _ := w.world.Slack.UserByName(handle)
	boss, _ := w.world.Slack.UserByName(manager)
	w.mu.Lock()
	defer w.mu.Unlock()
	made := w.world.Okta.AddUser(okta.User{Login: email, Email: email, First: name, Last: "Doe", UserType: "Employee", Status: "ACTIVE", ManagerID: w.accounts[boss.ID], Created: w.world.Clock.Now().AddDate(-1, 0, 0)})
	w.accounts[u.ID] = made.ID
	return u
}

func (w *torture) dm(u slack.User) string { return w.world.Slack.DM(u.ID) }

// card finds the newest message about a lifecycle in a channel that has a button; or
// else the newest there is. Not every card repeats the reason, but all name the issue
// once there is one.
func (w *torture) card(channel string, e *lifecycle, label string) (newest slack.Message, c slack.Click, there bool) {
	if m, ok := w.world.Slack.Message(channel, e.cards[channel]); ok && !outdated(m) {
		if c, there = slack.FindButton(m, label); there {
			return m, c, true
		}
	}
	issue := e.token
	if is, err := w.issue(e); err == nil {
		issue = "|" + is.Key + ">"
	}
	for _, m := range slices.Backward(w.world.Slack.Messages(channel)) {
		if m.Ephemeral || outdated(m) || !strings.Contains(slack.Render(m), e.token) && !strings.Contains(slack.Render(m), issue) {
			continue
		}
		if c, there = slack.FindButton(m, label); there {
			e.cards[channel] = m.TS
			return m, c, true
		}
		if newest.TS == "" {
			newest = m
		}
	}
	return newest, c, false
}

// outdated tells whether a card sends its reader to a newer one.
func outdated(m slack.Message) bool {
	return strings.Contains(slack.Render(m), "This goes on in a newer message")
}

// button waits for a card with a button.
func (w *torture) button(channel string, e *lifecycle, label string) (slack.Click, error) {
	var found slack.Click
	err := w.until(fmt.Sprintf("a button %q about %s", label, e.token), func() error {
		m, c, ok := w.card(channel, e, label)
		if !ok {
			return errors.New("the message reads: " + slack.Render(m))
		}
		found = c
		return nil
	})
	return found, err
}

// press presses a button as people do: again when Slack says that it did not
// work, and not again when the button is gone.
func (w *torture) press(who slack.User, channel string, e *lifecycle, label string) error {
	c, err := w.button(channel, e, label)
	for err == nil {
		var life context.Context
		if life, err = w.alive(); err != nil {
			return err
		}
		out, failed := w.world.Slack.Click(life, who.ID, c)
		if failed == nil && out.Error == "" {
			w.counts(e, label)
			break
		}
		_, again, still := w.stillThere(c, label)
		if !still {
			break
		}
		c = again // an updated card has other blocks
	}
	if err != nil {
		return err
	}
	return w.pressed(c, e, label)
}

// pressed waits until a button is gone that was pressed.
func (w *torture) pressed(c slack.Click, e *lifecycle, label string) error {
	return w.until(fmt.Sprintf("the button %q about %s to go", label, e.token), func() error {
		if m, _, still := w.stillThere(c, label); still {
			return errors.New("the message reads: " + slack.Render(m))
		}
		return nil
	})
}

// stillThere finds a button once more.
func (w *torture) stillThere(c slack.Click, label string) (slack.Message, slack.Click, bool) {
	m, ok := w.world.Slack.Message(c.ChannelID, c.MessageTS)
	if !ok {
		return m, c, false
	}
	again, still := slack.FindButton(m, label)
	return m, again, still
}

// errReplaced says that another form took a form's place before there was an
// answer: what was entered is lost, as the person can see.
var errReplaced = errors.New("another form took the place of the one that was filled in")

// ask fills in the form until Latchkey says that the request is made. A form
// that was sent without an answer is sent again; only one that never opened, or
// went unanswered, is asked for anew.
func (w *torture) ask(e *lifecycle) error {
	defer w.waiting()()
	for w.ctx.Err() == nil {
		life, err := w.alive()
		if err != nil {
			return err
		}
		view, err := w.fillIn(life, e)
		if err != nil {
			w.closeAll(e.who)
			continue
		}
		w.begun(e)
		if err := w.send(e, e.who, view); !errors.Is(err, errReplaced) {
			return err
		}
	}
	return w.ctx.Err()
}

// begun notes that a lifecycle may be under way from now on.
func (w *torture) begun(e *lifecycle) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.lifecycles, e) {
		w.lifecycles = append(w.lifecycles, e)
	}
}

func (w *torture) fillIn(life context.Context, e *lifecycle) (slack.View, error) {
	view, err := w.form(life, e.who, "request", func() (slack.Outcome, error) {
		return w.world.Slack.Slash(life, e.who.ID, w.dm(e.who), e.app)
	})
	if err != nil {
		return view, err
	}
	for _, field := range []struct{ name, value string }{{"role", e.role}, {"duration", e.time}, {"reason", "Launch " + e.token}} {
		if err := w.fill(life, e.who, view, field.name, field.value); err != nil {
			return view, err
		}
		if err := w.goOn(life, e.who, view.ID); err != nil {
			return view, err
		}
	}
	return view, nil
}

// goOn presses the button of a form that leads on.
func (w *torture) goOn(life context.Context, who slack.User, form string) error {
	for _, v := range w.world.Slack.Views(who.ID) {
		if v.ID != form || v.SubmitLabel != "Next" {
			continue
		}
		if out, err := w.world.Slack.Submit(life, who.ID, form); err != nil || out.Error != "" {
			return errors.Join(err, errors.New("the form did not lead on: "+out.Error))
		}
	}
	return nil
}

// fill fills in one field, once it is there.
func (w *torture) fill(life context.Context, who slack.User, v slack.View, name, value string) error {
	ctx, cancel := context.WithTimeout(life, 2*time.Second)
	defer cancel()
	return w.world.Eventually(ctx, func() error {
		_, err := w.world.Slack.SetInput(ctx, who.ID, v.ID, name, value)
		return err
	})
}

// form does what opens a form and waits for it. Whoever has it before them
// already, because it came as the bot died, doesn't ask for another one.
func (w *torture) form(life context.Context, who slack.User, callback string, open func() (slack.Outcome, error)) (slack.View, error) {
	if v, err := w.top(who, callback); err == nil {
		return v, nil
	}
	if out, err := open(); err != nil || out.Error != "" {
		return slack.View{}, errors.Join(err, errors.New(out.Error))
	}
	return w.opened(life, who, callback)
}

// top is the form that somebody has before them.
func (w *torture) top(who slack.User, callback string) (slack.View, error) {
	views := w.world.Slack.Views(who.ID)
	if len(views) == 0 || views[len(views)-1].CallbackID != callback || views[len(views)-1].SubmitLabel == "" {
		return slack.View{}, errors.New("no such form is open")
	}
	return views[len(views)-1], nil
}

// formLife is how long after a click a form can still come: as long as Slack lets
// a trigger be used. Whoever clicks again sooner may have a form that they are
// filling in replaced by an empty one.
const formLife = 3 * time.Second

// opened waits for a form for as long as it can still come.
func (w *torture) opened(life context.Context, who slack.User, callback string) (slack.View, error) {
	ctx, cancel := context.WithTimeout(life, formLife)
	defer cancel()
	var top slack.View
	err := w.world.Eventually(ctx, func() (err error) {
		top, err = w.top(who, callback)
		return err
	})
	return top, err
}

// send presses a form's button until there is an answer. A form that is gone was
// answered, unless another one stands in its place: then it is errReplaced.
func (w *torture) send(e *lifecycle, who slack.User, view slack.View) error {
	defer w.waiting()()
	for {
		life, err := w.alive()
		if err != nil {
			return err
		}
		out, err := w.world.Slack.Submit(life, who.ID, view.ID)
		acked := err == nil && out.Error == "" && len(out.Errors) == 0
		if acked {
			w.counts(e, view.CallbackID)
		}
		if acked || !w.waits(who, view) {
			if _, err := w.top(who, view.CallbackID); err == nil && !acked {
				return errReplaced
			}
			w.read(who)
			w.closeAll(who)
			return nil
		}
		for _, text := range out.Errors {
			w.heard(who, text)
		}
		if len(out.Errors) > 0 {
			w.breathe(life)
		}
	}
}

// breathe waits a moment before the same is tried again.
func (w *torture) breathe(life context.Context) {
	select {
	case <-life.Done():
	case <-time.After(300 * time.Millisecond):
	}
}

// waits tells whether a form still stands there to be sent. It may have gone with
// an answer that came at the moment the bot died.
func (w *torture) waits(who slack.User, view slack.View) bool {
	return slices.ContainsFunc(w.world.Slack.Views(who.ID), func(v slack.View) bool {
		return v.ID == view.ID && v.SubmitLabel != ""
	})
}

// read takes in what a modal turned into.
func (w *torture) read(who slack.User) {
	for _, v := range w.world.Slack.Views(who.ID) {
		if v.SubmitLabel == "" && v.Title != "Asked" {
			w.heard(who, slack.Render(v))
		}
	}
}

// closeAll closes what is open, without waiting for the app to hear of it.
func (w *torture) closeAll(who slack.User) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, v := range w.world.Slack.Views(who.ID) {
		_, _ = w.world.Slack.CloseView(gone, who.ID, v.ID, true) // one that went meanwhile is closed, too
	}
}

// refuse opens the form for a no and sends it.
func (w *torture) refuse(who slack.User, e *lifecycle) error {
	defer w.waiting()()
	c, err := w.button(w.dm(who), e, "Deny")
	for err == nil {
		var life context.Context
		if life, err = w.alive(); err != nil {
			return err
		}
		view, failed := w.form(life, who, "deny", func() (slack.Outcome, error) {
			_, again, still := w.stillThere(c, "Deny")
			if still {
				c = again // an updated card has other blocks
			}
			return w.world.Slack.Click(life, who.ID, c)
		})
		if failed == nil {
			_, failed = w.world.Slack.SetInput(life, who.ID, view.ID, "reason", "Not this week, "+e.token)
		}
		if _, _, still := w.stillThere(c, "Deny"); failed != nil && still {
			continue
		}
		if failed != nil {
			return nil // somebody else is asked by now
		}
		if err := w.send(e, who, view); err == nil {
			return w.pressed(c, e, "Deny")
		} else if !errors.Is(err, errReplaced) {
			return err
		}
	}
	return err
}

// heard notes an answer somebody got in a modal.
func (w *torture) heard(who slack.User, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers = append(w.answers, who.Name+" was told: "+text)
}
