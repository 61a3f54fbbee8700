package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/slack"
)

// slack acts as a person in Slack:
//
//	slack maya '/access figma'          type a command
//	slack maya fill app=figma           fill in the open modal
//	slack maya submit role=editor …     fill in the rest and submit
//	slack noor click Approve            press the newest button of that name
//	slack noor click Retry in #it-access
//	slack maya close                    close the modal
//	slack maya home                     open the Home tab
//	slack maya say 'hello'              write to Latchkey
//	slack maya thread 'only those'      answer in the newest thread
//	slack ines confirms '#it-access'    types what a second person of IT is asked to type there
//	slack maya leaves | returns         the account is deactivated, or used again under its old id
//	slack fault chat.postMessage status=500 times=2 after=yes
//	slack clear | drop | disconnect refresh_requested
//	slack invite temp name='Temp Worker'          somebody new, with email= if it isn't the usual one
//	slack profile maya email=maya.berg@acme.example name='Maya Berg'
//	slack profile noor status=:palm_tree:         an emoji beside the name; status= for none
//	slack archive '#it-access' | unarchive '#it-access' | private '#it-access' | delete '#it-access'
//	slack rename '#it-access' to=it-help | expel '#it-access'   the latter takes Latchkey out
//	slack waits 3s                                how long Slack waits for Latchkey: for an acknowledgement, for a modal
//	slack organisation E0ACME0001                 the workspace joins one, and its members get other ids
//	slack purge maya                              messages are kept no longer: those with Latchkey, or of a '#channel'
func (h *Harness) slack(ctx context.Context, args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("slack: who does what?")
	}
	switch args[0] {
	case "fault":
		return h.slackFault(args[1:])
	case "clear":
		h.World.Slack.ClearFaults()
		return "Slack works again", nil
	case "drop":
		h.World.Slack.DropSockets()
		return "all sockets dropped", nil
	case "duplicate":
		h.World.Slack.DuplicateNext(1)
		return "the next envelope comes twice", nil
	case "disconnect":
		h.World.Slack.Disconnect(strings.Join(args[1:], " "), 1)
		return "one socket told to go", nil
	}
	if saw, done, err := h.slackAdmin(args); done {
		return saw, err
	}
	who, err := h.member(args[0])
	if err != nil || len(args) < 2 {
		return "", errors.Join(err, errIf(len(args) < 2, "slack: what does "+args[0]+" do?"))
	}
	return h.person(ctx, who, args[1], args[2:])
}

func errIf(bad bool, text string) error {
	if bad {
		return errors.New(text)
	}
	return nil
}

func (h *Harness) member(handle string) (slack.User, error) {
	u, ok := h.World.Slack.UserByName(strings.ToLower(handle))
	if !ok {
		return u, unplayable(fmt.Errorf("nobody is called %q", handle))
	}
	return u, nil
}

func (h *Harness) person(ctx context.Context, who slack.User, what string, args []string) (string, error) {
	s := h.World.Slack
	h.typed.note(who.Name, what)
	switch {
	case strings.HasPrefix(what, "/"):
		return h.command(ctx, who, what)
	case what == "fill":
		saw, err := h.fill(ctx, who, args)
		return saw, errors.Join(err, h.goOn(ctx, who))
	case what == "submit":
		return h.submit(ctx, who, args)
	case what == "click":
		delete(h.links, who.Name) // what is shown from now on counts
		return h.click(ctx, who, args)
	case what == "close":
		return h.onSight(ctx, func() (string, error) { return h.close(ctx, who) })
	case what == "home":
		if err := h.connected(ctx); err != nil {
			return "", err
		}
		out, err := s.OpenHome(ctx, who.ID)
		return outcome(out, err, "home opened")
	case what == "thread":
		return h.answerInThread(ctx, who, args)
	case what == "shortcut":
		return h.shortcut(ctx, who, args)
	case what == "say":
		out, err := s.Say(ctx, who.ID, s.DM(who.ID), "", strings.Join(args, " "))
		return outcome(out, err, "said")
	case what == "confirms":
		return h.confirms(ctx, who, args)
	case what == "leaves":
		return "left Slack", s.SetDeleted(who.ID, true)
	case what == "returns":
		return "is in Slack again", s.SetDeleted(who.ID, false)
	}
	return "", unplayable(fmt.Errorf("slack: %q is nothing a person can do here", what))
}

// outcome is what the person saw, as an error when it was one.
func outcome(out slack.Outcome, err error, saw string) (string, error) {
	switch {
	case err != nil:
		return "", err
	case out.Error != "":
		return "", fmt.Errorf("slack shows: %s", out.Error)
	case len(out.Errors) > 0:
		var texts []string
		for _, t := range out.Errors {
			texts = append(texts, t)
		}
		slices.Sort(texts)
		return "", fmt.Errorf("the modal says: %s", strings.Join(texts, " / "))
	case out.Reply != nil:
		return slack.Render(*out.Reply), nil
	}
	return saw, nil
}

// command types a slash command. Without connection yet, it waits for one.
func (h *Harness) command(ctx context.Context, who slack.User, line string) (string, error) {
	_, text, _ := strings.Cut(line, " ")
	if err := h.connected(ctx); err != nil {
		return "", err
	}
	out, err := h.World.Slack.Slash(ctx, who.ID, h.World.Slack.DM(who.ID), text)
	return outcome(out, err, "typed "+line)
}

// connected waits until the bot has a socket.
func (h *Harness) connected(ctx context.Context) error {
	ctx, cancel := h.waiting(ctx)
	defer cancel()
	for h.World.Slack.Connections() == 0 {
		select {
		case <-ctx.Done():
			return errors.New("latchkey did not connect to Slack")
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// top is the modal the person looks at.
func (h *Harness) top(who slack.User) (slack.View, error) {
	views := h.World.Slack.Views(who.ID)
	if len(views) == 0 {
		return slack.View{}, fmt.Errorf("%s has no modal open: %w", who.Name, slack.ErrGone)
	}
	return views[len(views)-1], nil
}

// inputName maps the words of a story to the inputs of a modal.
func inputName(word string) string {
	if word == "for" {
		return "duration"
	}
	return word
}

// next is what a form's button says while there is more to come.
const next = "Next"

// fill fills in fields in order, and goes on as far as the form then leads. A field that is not there yet is waited
// for, because the app may still be drawing it.
func (h *Harness) fill(ctx context.Context, who slack.User, pairs []string) (string, error) {
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return "", fmt.Errorf("fill: %q is not name=value", pair)
		}
		waiting, cancel := h.waiting(ctx)
		err := h.World.Eventually(waiting, func() error { return h.fillOne(ctx, who, inputName(name), value) })
		cancel()
		if err != nil {
			return "", fmt.Errorf("fill %s: %w", pair, err)
		}
	}
	return "filled in " + strings.Join(pairs, ", "), nil
}

// goOn presses the button of a form that leads on, if everything is filled in that this needs.
func (h *Harness) goOn(ctx context.Context, who slack.User) error {
	v, err := h.top(who)
	if err != nil || v.SubmitLabel != next {
		return nil
	}
	out, err := h.World.Slack.Submit(ctx, who.ID, v.ID)
	if err == nil && len(out.Errors) > 0 {
		return nil
	}
	_, err = outcome(out, err, "")
	return err
}

func (h *Harness) fillOne(ctx context.Context, who slack.User, name, value string) error {
	v, err := h.top(who)
	if err != nil {
		return err
	}
	out, err := h.World.Slack.SetInput(ctx, who.ID, v.ID, name, value)
	if err != nil {
		return errors.Join(err, h.goOn(ctx, who)) // it may come behind the button
	}
	if _, err := outcome(out, nil, ""); err != nil || out.EnvelopeID == "" {
		return err
	}
	h.redrawn(ctx, who, v.Hash)
	return nil
}

// redrawn waits for the app to redraw a modal whose input it was told of, as a
// person does before going on. An app that leaves the modal alone is not an error.
func (h *Harness) redrawn(ctx context.Context, who slack.User, hash string) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_ = h.World.Eventually(ctx, func() error {
		v, err := h.top(who)
		return errIf(err == nil && v.Hash == hash, "not redrawn")
	})
}

// submit fills in the rest and submits. A form that isn't there, lacks one of the inputs or lets Slack itself say what is
// missing was refused by nobody: such a line is unplayable.
func (h *Harness) submit(ctx context.Context, who slack.User, pairs []string) (string, error) {
	if _, err := h.fill(ctx, who, pairs); err != nil {
		return "", unplayable(err)
	}
	return h.onSight(ctx, func() (string, error) {
		v, err := h.top(who)
		if err != nil {
			return "", unplayable(err)
		}
		out, err := h.World.Slack.Submit(ctx, who.ID, v.ID)
		saw, err := outcome(out, err, "submitted "+v.Title)
		if len(out.Errors) > 0 && out.EnvelopeID == "" {
			err = unplayable(err)
		}
		return saw, err
	})
}

func (h *Harness) close(ctx context.Context, who slack.User) (string, error) {
	v, err := h.top(who)
	if err != nil {
		return "", err
	}
	out, err := h.World.Slack.CloseView(ctx, who.ID, v.ID, true)
	return outcome(out, err, "closed")
}

// click presses a button: in the open modal, else the newest one of that label
// in the person's conversation with Latchkey, or "in" a channel. It waits for
// the button to appear.
func (h *Harness) click(ctx context.Context, who slack.User, args []string) (string, error) {
	label, where := strings.Join(args, " "), h.World.Slack.DM(who.ID)
	if before, channel, ok := strings.Cut(label, " in #"); ok {
		id, err := h.channelID(channel)
		if err != nil {
			return "", err
		}
		label, where = before, id
	}
	label, about, _ := strings.Cut(label, " about ")
	return h.onSight(ctx, func() (string, error) {
		target, ok := h.button(who, where, label, about)
		if !ok {
			return "", fmt.Errorf("%s sees no button %q; there is:\n%s%w", who.Name, label, h.conversation(where), slack.ErrGone)
		}
		out, err := h.World.Slack.Click(ctx, who.ID, target)
		return outcome(out, err, "pressed "+label)
	})
}

// button finds a button where the person would: in the modal that is open, in the
// newest message that has it, on the Home tab. about narrows that to the messages
// with these words: of cards that wait side by side, any may be the newest.
func (h *Harness) button(who slack.User, channel, label, about string) (slack.Click, bool) {
	if v, err := h.top(who); err == nil && about == "" {
		if c, ok := slack.FindButton(v, label); ok {
			return c, true
		}
	}
	messages := h.World.Slack.Messages(channel)
	for _, m := range slices.Backward(messages) {
		if c, ok := slack.FindButton(m, label); ok && strings.Contains(h.World.Slack.Read(m), about) {
			return c, true
		}
	}
	if v, ok := h.World.Slack.Home(who.ID); ok && about == "" {
		return slack.FindButton(v, label)
	}
	return slack.Click{}, false
}

func (h *Harness) channelID(name string) (string, error) {
	for _, c := range h.World.Slack.Channels() {
		if c.Name == strings.TrimPrefix(name, "#") {
			return c.ID, nil
		}
	}
	return "", fmt.Errorf("there is no channel %q", name)
}

func (h *Harness) conversation(channel string) string {
	var b strings.Builder
	for _, m := range h.World.Slack.Messages(channel) {
		b.WriteString(h.World.Slack.Read(m) + "\n---\n")
	}
	return b.String()
}

func (h *Harness) slackFault(args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("slack fault: which method?")
	}
	f, err := readFault(args[1:])
	if err != nil {
		return "", err
	}
	h.World.Slack.AddFault(slack.Fault{
		Method: args[0], Times: f.times, Status: f.status, Error: f.code, RetryAfter: int(f.retryAfter / time.Second), After: f.after, Delay: f.delay, Drop: f.drop, Page: f.page, Empty: f.empty, Frozen: f.frozen, Short: f.short, Later: f.later,
	})
	return "Slack fails " + strings.Join(args, " "), nil
}
