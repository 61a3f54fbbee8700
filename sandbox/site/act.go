package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"latchkey/sandbox/slack"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// act is something that somebody did in the page.
type act struct {
	As, Do                        string
	Channel, TS, Thread           string
	View, Block, Action, Value    string
	Text, Issue, Fault, By, Story string
	App, Directory                string
	On, All                       bool
	Fields                        []entry
}

// entry is what was entered into an element of a view.
type entry struct {
	Block, Action string
	Values        []string
}

// result is what the page is told: what Slack shows when it refuses, or where to go.
type result struct {
	Shows string `json:"shows,omitempty"`
	Goes  string `json:"goes,omitempty"`
}

// maxAct is how large a form may be.
const maxAct = 1 << 20

func (s *Site) serveAct(w http.ResponseWriter, r *http.Request) {
	var a act
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAct)).Decode(&a); err != nil {
		http.Error(w, "that can't be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	out, err := s.act(r.Context(), a)
	if err != nil {
		out = result{Shows: sentence(err)}
	}
	s.touch()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the browser has gone if this fails
}

// sentence is what the page says of what could not be done.
func sentence(err error) string {
	if errors.Is(err, kit.ErrGone) {
		return "That has just changed: look again."
	}
	return "Refused: " + err.Error()
}

func (s *Site) act(ctx context.Context, a act) (result, error) {
	switch a.Do {
	case "clock":
		return result{}, s.moveClock(ctx, a.By)
	case "fault":
		return result{}, s.turn(a.Fault, a.On)
	case "bot":
		return result{}, s.switchBot(ctx, a.By)
	case "hush":
		s.says("", "")
		return result{}, nil
	case "tour":
		return s.stepTour(ctx, a.By)
	case "replay":
		return s.replay(ctx, a.Story)
	}
	who, ok := s.world.Slack.UserByName(a.As)
	if !ok {
		return result{}, fmt.Errorf("nobody is called %q", a.As)
	}
	if a.Do == "use" {
		return result{}, s.use(who, a)
	}
	if a.Issue != "" {
		return result{}, s.inJira(who, a)
	}
	return s.inSlack(ctx, who, a)
}

func (s *Site) inSlack(ctx context.Context, who world.User, a act) (result, error) {
	space := s.world.Slack
	switch a.Do {
	case "say":
		return s.say(ctx, who, a)
	case "click":
		return s.click(ctx, who, a)
	case "fill":
		return s.fill(ctx, who, a)
	case "submit":
		return s.submit(ctx, who, a)
	case "close":
		out, err := space.CloseView(ctx, who.ID, a.View, a.All)
		s.record("slack " + who.Name + " close")
		return shows(out, err)
	case home:
		out, err := space.OpenHome(ctx, who.ID)
		s.record("slack " + who.Name + " home")
		return shows(out, err)
	}
	return result{}, fmt.Errorf("%q is nothing that can be done here", a.Do)
}

// shows is what Slack shows a person after they did something.
func shows(out slack.Outcome, err error) (result, error) {
	if err != nil {
		return result{}, err
	}
	return result{Shows: out.Error}, nil
}
