package site

import (
	"context"
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox/harness"
)

// Step is one step of the guided tour.
type Step struct {
	Title string
	Text  string   // what to do, and what happens
	As    string   // handle of who does it; "" if nobody in particular
	In    string   // where: "" for the conversation with the app
	Lines []string // the same in the harness's words, for who would rather watch
	Until string   // an expectation: once it is seen, the step is done
}

// touring is how far the tour has come.
type touring struct {
	begun bool
	at    int
	plays bool // a step is being played
}

// toured is how far the tour has come, one step further if what that waits for is there.
func (s *Site) toured() touring {
	s.mu.Lock()
	t := s.tour
	s.mu.Unlock()
	if !t.begun || t.plays || t.at >= len(s.Tour) || !s.seen(s.Tour[t.at]) {
		return t
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tour == t { // nobody else has seen it meanwhile
		s.tour.at++
	}
	return s.tour
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
		h.Div(h.Class("actions"), s.there(v, step),
			g.If(len(step.Lines) > 0, h.Button(h.Type("button"), h.Class("button"), h.Data("tour", "play"), g.If(t.plays, h.Disabled()), g.Text("Do it for me"))),
			h.Button(h.Type("button"), h.Class("button quiet"), h.Data("tour", "end"), g.Text("End the tour"))))}
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

// stepTour begins or ends the tour, or plays its step.
func (s *Site) stepTour(ctx context.Context, what string) (result, error) {
	if what == "play" {
		return result{}, s.playStep(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tour = touring{begun: what == "begin"}
	return result{}, nil
}

// playStep does what the step at hand tells people to do, and waits for what it waits for.
func (s *Site) playStep(ctx context.Context) error {
	t := s.toured()
	if !t.begun || t.plays || t.at >= len(s.Tour) || !s.playing(t) {
		return nil
	}
	s.touch()
	step := s.Tour[t.at]
	for _, line := range step.Lines {
		if err := s.play(ctx, line); err != nil {
			return s.played(t, err)
		}
		s.record(line)
	}
	return s.played(t, s.play(ctx, step.Until))
}

// playing notes that a step is being played; false if somebody was quicker.
func (s *Site) playing(t touring) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tour != t {
		return false
	}
	s.tour.plays = true
	return true
}

// played notes that a step was played, and goes on if that worked.
func (s *Site) played(t touring, failed error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tour.at == t.at && s.tour.plays {
		s.tour.plays = false
		if failed == nil {
			s.tour.at++
		}
	}
	return failed
}

// play carries out a line of the harness.
func (s *Site) play(ctx context.Context, line string) error {
	words, err := harness.Line(line)
	if err == nil {
		_, err = s.Harness.Do(ctx, words...)
	}
	return err
}
