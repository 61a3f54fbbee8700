package site

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/harness"
	"latchkey/sandbox/slack"
)

// Step is one step of the guided tour.
type Step struct {
	Title string
	Text  string   // what to do, and what happens
	As    string   // handle of who does it; "" if nobody in particular
	In    string   // where: "" for the conversation with the app
	Lines []string // the same in the harness's words, for who would rather watch
	Until string   // an expectation: once it is seen, the step is done
	Mend  Mend     // what helps where it is refused; zero: nothing in particular
}

// Mend is what helps where a step is refused.
type Mend struct {
	Label string
	Lines []string
}

// touring is how far the tour has come.
type touring struct {
	begun bool
	at    int
	plays bool // a step is being played

	before  bool   // what the step waits for was there before it began
	refused string // why it could not be played, in the app's words
}

// toured is how far the tour has come, one step further if what that waits for is there.
func (s *Site) toured() touring {
	s.mu.Lock()
	t := s.tour
	s.mu.Unlock()
	if !t.begun || t.plays || t.before || t.at >= len(s.Tour) || !s.seen(s.Tour[t.at]) {
		return t
	}
	s.reach(t, t.at+1)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tour
}

// reach leads the tour from where it is to a step, unless somebody was quicker.
func (s *Site) reach(from touring, at int) {
	to := touring{begun: true, at: at, before: at < len(s.Tour) && s.seen(s.Tour[at])}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tour == from {
		s.tour = to
	}
}

// tourPieces draws the step that the tour is at.
func (s *Site) tourPieces(v look) []piece {
	t := s.toured()
	if !t.begun {
		return nil
	}
	if t.at >= len(s.Tour) {
		return []piece{keyed("over", "div", h.Class("step"), h.H2(g.Text("That is the whole story")),
			h.P(g.Text("The issue under Jira has all of it. Now break something, move the clock, or be somebody else.")),
			h.Div(h.Class("actions"), h.Button(h.Type("button"), h.Class("button primary"), h.Data("tour", "end"), g.Text("Finish"))))}
	}
	step := s.Tour[t.at]
	return []piece{keyed("step "+strconv.Itoa(t.at), "div", h.Class("step"),
		h.P(h.Class("count"), g.Text(fmt.Sprintf("Step %d of %d", t.at+1, len(s.Tour)))),
		h.H2(g.Text(step.Title)), h.P(g.Text(step.Text)),
		g.If(t.before && t.refused == "", h.P(h.Class("before"), g.Text("This is so already, from before. Do it once more, or go on."))),
		g.If(t.refused != "", h.P(h.Class("refused"), g.Attr("role", "alert"), g.Text(t.refused))),
		h.Div(h.Class("actions"), s.there(v, step),
			g.If(t.refused != "" && step.Mend.Label != "", tourButton("mend", step.Mend.Label, t.plays)),
			g.If(len(step.Lines) > 0, tourButton("play", "Do it for me", t.plays)),
			g.If(t.before || t.refused != "", tourButton("skip", "Go on without", t.plays)),
			h.Button(h.Type("button"), h.Class("button quiet"), h.Data("tour", "end"), g.Text("End the tour"))))}
}

func tourButton(does, label string, waits bool) g.Node {
	return h.Button(h.Type("button"), h.Class("button"), h.Data("tour", does), g.If(waits, h.Disabled()), g.Text(label))
}

// there leads to who does the step, unless the page shows them already.
func (s *Site) there(v look, step Step) g.Node {
	for _, u := range v.people {
		if u.Name == step.As && (v.As.ID != u.ID || v.In != step.In) {
			to := v.with(func(o *look) { o.As, o.In, o.Thread = u, step.In, "" })
			label := "Be " + called(u)
			if v.As.ID == u.ID {
				label = "Go there"
			}
			return h.A(h.Class("button primary"), h.Href(to), g.Text(label))
		}
	}
	return nil
}

// seen tells whether what a step waits for is there.
func (s *Site) seen(step Step) bool {
	words, err := harness.Line(step.Until)
	if err != nil {
		return false
	}
	now, cancel := context.WithCancel(context.Background())
	cancel() // it is there now, or it isn't
	_, err = s.Harness.Do(now, words...)
	return err == nil
}

// stepTour begins or ends the tour, plays its step or what helps with it, or goes on without.
func (s *Site) stepTour(ctx context.Context, what string) (result, error) {
	t := s.toured()
	there := t.begun && !t.plays && t.at < len(s.Tour)
	switch {
	case what == "begin":
		s.mu.Lock()
		s.tour = touring{}
		s.mu.Unlock()
		s.reach(touring{}, 0)
	case what == "end":
		s.mu.Lock()
		s.tour = touring{}
		s.mu.Unlock()
	case what == "skip" && there:
		s.reach(t, t.at+1)
	case what == "play" && there:
		s.playStep(ctx, t, s.Tour[t.at].Lines, true)
	case what == "mend" && there:
		s.playStep(ctx, t, s.Tour[t.at].Mend.Lines, false)
	}
	return result{}, nil
}

// playStep does what the step at hand tells people to do, and waits for what it waits for; or what helps where that was
// refused.
func (s *Site) playStep(ctx context.Context, t touring, lines []string, whole bool) {
	now := t
	now.plays, now.refused = true, ""
	if !s.swap(t, now) {
		return
	}
	s.touch()
	step, began := s.Tour[t.at], s.now()
	s.putAway(ctx, step)
	refused := s.playLines(ctx, step, lines, whole)
	after := t
	if after.refused = ""; refused != nil {
		after.refused = s.reason(step, began, refused)
	} else {
		s.putAway(ctx, step)
	}
	if s.swap(now, after) && refused == nil && whole {
		s.reach(after, t.at+1)
	}
}

func (s *Site) playLines(ctx context.Context, step Step, lines []string, whole bool) error {
	for _, line := range lines {
		if err := s.play(ctx, line); err != nil {
			return err
		}
	}
	if !whole {
		return nil
	}
	words, err := harness.Line(step.Until)
	if err == nil {
		_, err = s.Harness.Do(ctx, words...)
	}
	return err
}

// putAway closes what whoever does a step has open before them. A form that refused it stays until then, for its reason.
func (s *Site) putAway(ctx context.Context, step Step) {
	who, _ := s.world.Slack.UserByName(step.As)
	if open := s.world.Slack.Views(who.ID); len(open) > 0 {
		_, _ = s.world.Slack.CloseView(ctx, who.ID, open[len(open)-1].ID, true) // it may have gone meanwhile
	}
}

// swap leads the tour from one state to another; false if somebody was quicker.
func (s *Site) swap(from, to touring) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tour != from {
		return false
	}
	s.tour = to
	return true
}

// reason is why a step came to nothing: what the app told whoever does it, in the form before them or in a message since;
// else what was waited for in vain.
func (s *Site) reason(step Step, began time.Time, failed error) string {
	who, _ := s.world.Slack.UserByName(step.As)
	if open := s.world.Slack.Views(who.ID); len(open) > 0 {
		return s.App + " says: " + clipped(slack.Render(open[len(open)-1]))
	}
	for _, m := range slices.Backward(s.world.Slack.Messages(s.world.Slack.DM(who.ID))) {
		if m.User != who.ID && !momentOf(m).Before(began.Truncate(time.Second)) {
			return s.App + " says: " + clipped(s.world.Slack.Read(m))
		}
	}
	return "It didn't come to that: " + clipped(failed.Error())
}

// reasonLength is how much of a reason is shown in the tour; the rest stands where it was said.
const reasonLength = 400

func clipped(text string) string { return clip(text, reasonLength) }
