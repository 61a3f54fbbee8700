package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"latchkey/sandbox/slack"
)

// seeThread expects a reply in a thread of the person's conversation with
// Latchkey, or of a channel:
//
//	thread maya 'Noor Haddad asks: … Which files?'
//	thread #design-access 'Only the launch'
func (h *Harness) seeThread(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("thread: write for example: thread maya 'Which files?'")
	}
	where, err := h.conversationOf(args[0])
	if err != nil {
		return "", err
	}
	return h.findAmong(where, strings.Join(args[1:], " "), func(m slack.Message) bool { return m.ThreadTS != "" && !m.Ephemeral })
}

// seeWhisper expects words that only one person sees, wherever: in a channel, or
// in a modal where Slack took no message at that moment.
//
//	whisper maya 'Nobody decides on their own access'
func (h *Harness) seeWhisper(_ context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("whisper: write for example: whisper maya 'Nobody decides on their own access'")
	}
	who, err := h.member(args[0])
	if err != nil {
		return "", err
	}
	var missed []string
	if v, err := h.top(who); err == nil {
		saw, err := see(slack.Render(v), strings.Join(args[1:], " "))
		if err == nil {
			return saw, nil
		}
		missed = append(missed, err.Error())
	}
	for _, c := range h.World.Slack.Channels() {
		saw, err := h.findAmong(c.ID, strings.Join(args[1:], " "), func(m slack.Message) bool { return m.Ephemeral && m.Viewer == who.ID })
		if err == nil {
			return saw, nil
		}
		missed = append(missed, err.Error())
	}
	return "", errors.New(strings.Join(missed, "\n"))
}

func (h *Harness) findAmong(channel, pattern string, counts func(slack.Message) bool) (string, error) {
	var all []string
	for _, m := range h.World.Slack.Messages(channel) {
		if !counts(m) {
			continue
		}
		text := h.World.Slack.Read(m)
		if contains(text, pattern) {
			return text, nil
		}
		all = append(all, text)
	}
	return "", fmt.Errorf("there is no such message; there is: %s", strings.Join(all, "\n---\n"))
}

// conversationOf is a channel, or a person's conversation with Latchkey.
func (h *Harness) conversationOf(name string) (string, error) {
	if strings.HasPrefix(name, "#") {
		return h.channelID(name)
	}
	who, err := h.member(name)
	if err != nil {
		return "", err
	}
	return h.World.Slack.DM(who.ID), nil
}

// answerInThread writes into the thread of the newest card that has one:
//
//	slack maya thread 'Only the launch files'
//	slack noor thread 'And the old ones?' in #design-access
//	slack maya thread 'These' file=plan.pdf       with a file
//	slack maya thread 'These' also=channel        and to the channel
func (h *Harness) answerInThread(ctx context.Context, who slack.User, args []string) (string, error) {
	var w slack.Words
	args = slices.DeleteFunc(slices.Clone(args), func(word string) bool {
		name, file := strings.CutPrefix(word, "file=")
		if file {
			w.Files = append(w.Files, name)
		}
		w.Broadcast = w.Broadcast || word == "also=channel"
		return file || word == "also=channel"
	})
	text, where := strings.Join(args, " "), h.World.Slack.DM(who.ID)
	if before, channel, ok := strings.Cut(text, " in #"); ok {
		id, err := h.channelID(channel)
		if err != nil {
			return "", err
		}
		text, where = before, id
	}
	w.Text = text
	return h.onSight(ctx, func() (string, error) {
		for _, m := range slices.Backward(h.World.Slack.Messages(where)) {
			if m.ThreadTS != "" && !m.Ephemeral {
				out, err := h.World.Slack.SayWith(ctx, who.ID, where, m.ThreadTS, w)
				return outcome(out, err, "answered in the thread")
			}
		}
		return "", fmt.Errorf("%s sees no thread: %w", who.Name, slack.ErrGone)
	})
}
