package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/page"
	"latchkey/sandbox/slack"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// say sends what was typed: a message, or the app's command. Another command is refused as Slack refuses it.
func (s *Site) say(ctx context.Context, who world.User, a act) (result, error) {
	text := strings.TrimSpace(a.Text)
	if !strings.HasPrefix(text, "/") || a.Thread != "" {
		out, err := s.world.Slack.Say(ctx, who.ID, a.Channel, a.Thread, a.Text)
		s.recordSaid(who, a)
		return shows(out, err)
	}
	command, rest, _ := strings.Cut(text, " ")
	if command != s.Command {
		return result{Shows: command + " is not a valid command."}, nil
	}
	out, err := s.world.Slack.Slash(ctx, who.ID, a.Channel, strings.TrimSpace(rest))
	s.record("slack " + who.Name + " " + quoted(text))
	if err == nil && out.Error != "" {
		return result{Shows: fmt.Sprintf("%s failed with the error %q", command, out.Error)}, nil
	}
	return shows(out, err)
}

func (s *Site) recordSaid(who world.User, a act) {
	switch {
	case a.Thread != "":
		s.record("slack " + who.Name + " thread " + quoted(a.Text))
	case a.Channel == s.world.Slack.DM(who.ID):
		s.record("slack " + who.Name + " say " + quoted(a.Text))
	}
}

// click presses something.
func (s *Site) click(ctx context.Context, who world.User, a act) (result, error) {
	c := world.Click{ChannelID: a.Channel, MessageTS: a.TS, ViewID: a.View, ActionID: a.Action, BlockID: a.Block, Value: a.Value}
	s.recordClick(who, c)
	out, err := s.world.Slack.Click(ctx, who.ID, c)
	return shows(out, err)
}

// fill enters what was typed or chosen into elements of a view.
func (s *Site) fill(ctx context.Context, who world.User, a act) (result, error) {
	for _, f := range a.Fields {
		out, err := s.enterOne(ctx, who, a.View, f)
		if err != nil || out.Error != "" {
			return shows(out, err)
		}
	}
	return result{}, nil
}

func (s *Site) enterOne(ctx context.Context, who world.User, view string, f entry) (slack.Outcome, error) {
	v, ok := s.viewOf(who, view)
	if !ok {
		return slack.Outcome{}, fmt.Errorf("the form is closed: %w", kit.ErrGone)
	}
	name, values := inputName(v, f), slices.Clone(f.Values)
	for i, value := range values {
		if at, err := time.ParseInLocation(page.NativeMoment, value, zoneOf(who)); err == nil && kindOf(v, f) == "datetimepicker" {
			values[i] = strconv.FormatInt(at.Unix(), 10)
		}
	}
	s.record("slack " + who.Name + " fill " + quoted(name+"="+strings.Join(values, ", ")))
	if len(values) == 1 {
		return s.world.Slack.SetInput(ctx, who.ID, view, name, values[0])
	}
	return s.world.Slack.SetInput(ctx, who.ID, view, name, values)
}

// viewOf is a view that somebody has before them.
func (s *Site) viewOf(who world.User, id string) (world.View, bool) {
	if v, ok := s.world.Slack.Home(who.ID); ok && v.ID == id {
		return v, true
	}
	open := s.world.Slack.Views(who.ID)
	i := slices.IndexFunc(open, func(v world.View) bool { return v.ID == id })
	if i < 0 {
		return world.View{}, false
	}
	return open[i], true
}

// inputName names an input: by its action, or by its block where others have the same action.
func inputName(v world.View, f entry) string {
	same := 0
	for _, t := range kit.Slots(v.Blocks) {
		if t.ActionID() == f.Action {
			same++
		}
	}
	if same == 1 {
		return f.Action
	}
	return f.Block
}

func kindOf(v world.View, f entry) string {
	for _, t := range kit.Slots(v.Blocks) {
		if t.ActionID() == f.Action && t.BlockID() == f.Block {
			return t.Kind()
		}
	}
	return ""
}

// submit enters what is still to be entered, and submits the form. What is wrong in it stands under its fields.
func (s *Site) submit(ctx context.Context, who world.User, a act) (result, error) {
	if out, err := s.fill(ctx, who, a); err != nil || out.Shows != "" {
		return out, err
	}
	s.record("slack " + who.Name + " submit")
	out, err := s.world.Slack.Submit(ctx, who.ID, a.View)
	return shows(out, err)
}
