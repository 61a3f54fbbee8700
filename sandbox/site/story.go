package site

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"latchkey/sandbox/harness"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// record notes what was done in the words of the harness, so that it can be played again. "" is nothing to note.
func (s *Site) record(line string) {
	if line == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.story = append(s.story, line)
}

// quoted is a word of a line, kept together.
func quoted(word string) string {
	return "'" + strings.ReplaceAll(strings.ReplaceAll(word, "\n", " "), "'", "''") + "'"
}

// recordClick notes a click by what the thing says that was pressed.
func (s *Site) recordClick(who world.User, c world.Click) {
	blocks, where := s.blocksOf(who, c)
	for _, t := range kit.Slots(blocks) {
		if t.ActionID() != c.ActionID || t.BlockID() != c.BlockID {
			continue
		}
		label := t.Label()
		for _, o := range kit.OptionsOf(t.Element) {
			if kit.Str(o, "value") == c.Value {
				label = kit.TextOf(o, "text")
			}
		}
		s.record("slack " + who.Name + " click " + quoted(label+where))
		return
	}
}

// blocksOf are the blocks that something is pressed in, and how a line says where that is.
func (s *Site) blocksOf(who world.User, c world.Click) ([]kit.Object, string) {
	if v, ok := s.viewOf(who, c.ViewID); ok {
		return v.Blocks, ""
	}
	m, _ := s.world.Slack.Message(c.ChannelID, c.MessageTS)
	if ch, ok := s.channel(c.ChannelID); ok && !ch.IM {
		return m.Blocks, " in #" + ch.Name
	}
	return m.Blocks, ""
}

// serveStory gives what was done so far, a line each.
func (s *Site) serveStory(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	story := strings.Join(s.story, "\n")
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, story)
}

// maxStory is how many lines a story may have.
const maxStory = 2000

// own begins the lines that only the page knows: what the harness has no words for, or that the page has to know of.
const own = "page"

// play carries out a line: of the harness, or one of the page's own. The clock goes as by its buttons.
func (s *Site) play(ctx context.Context, line string) error {
	words, err := harness.Line(line)
	if err != nil {
		return err
	}
	switch {
	case len(words) == 4 && words[0] == own && words[1] == "fault":
		return s.turn(words[2], words[3] == "on")
	case len(words) == 3 && words[0] == own && words[1] == "bot":
		return s.switchBot(ctx, words[2])
	case len(words) == 2 && words[0] == "clock":
		if d, err := time.ParseDuration(strings.TrimPrefix(words[1], "+")); err == nil && d > 0 && d <= mostMoved {
			return s.forward(ctx, d)
		}
	}
	if _, err = s.Harness.Do(ctx, words...); err == nil {
		s.record(line)
	}
	return err
}

// replay plays a story that somebody shared, until something in it can't be done here.
func (s *Site) replay(ctx context.Context, story string) (result, error) {
	lines := strings.Split(strings.TrimSpace(story), "\n")
	if len(lines) > maxStory {
		return result{}, fmt.Errorf("a story has at most %d lines", maxStory)
	}
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := s.play(ctx, line); err != nil {
			return result{}, fmt.Errorf("the story stopped at %q: %w", line, err)
		}
		s.touch()
	}
	return result{}, nil
}
