package site

import (
	"context"
	"errors"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Bot is the program that is tried out.
type Bot interface {
	// Running tells whether it runs.
	Running() bool
	// Stop ends it, wherever it is in its work, and returns once it has ended.
	Stop()
	// Start starts it on what it left.
	Start()
	// Ahead is what it will do by itself next, the earliest first; none while that isn't known.
	Ahead(ctx context.Context) []Turn
	// Busy tells whether it has something to do at this moment.
	Busy(ctx context.Context) bool
}

// Store is where the bot keeps what it knows.
type Store interface {
	// Lost tells whether it was lost, and not built anew since.
	Lost() bool
	// Lose stops the bot, and takes from it all that it kept, but for its signing key.
	Lose() error
	// Recover builds it anew from what Jira's issues say, and tells what came of it. The bot doesn't run meanwhile.
	Recover(ctx context.Context) (said string, err error)
}

// botState says whether the bot runs, and stops, starts or recovers it.
func (s *Site) botState() []piece {
	running := s.Bot == nil || s.Bot.Running()
	lost := s.Store != nil && s.Store.Lost()
	class, said := "state up", s.App+" is running"
	switch {
	case lost:
		class, said = "state down", s.App+" has lost its store"
	case !running:
		class, said = "state down", s.App+" is stopped"
	case s.world.Slack.Connections() == 0:
		class, said = "state wait", s.App+" is starting…"
	}
	out := []piece{keyed("state", "span", h.Class(class), g.Attr("role", "status"), g.Text(said))}
	button := func(do, label string) {
		out = append(out, keyed("switch", "button", h.Type("button"), h.Class("switch"), h.Data("bot", do), g.Text(label)))
	}
	switch {
	case s.Bot == nil:
	case lost:
		button("recover", "Recover from Jira")
	case !running:
		button("start", "Start it again")
	default:
		button("stop", "Kill the bot")
	}
	return out
}

// switchBot stops or starts the bot, or has its store lost or recovered.
func (s *Site) switchBot(ctx context.Context, do string) error {
	if s.Bot == nil {
		return errors.New("the bot can't be stopped from here")
	}
	s.record(own + " bot " + do)
	switch {
	case do == "stop":
		s.Bot.Stop()
	case do == "start" && s.Store != nil && s.Store.Lost():
		return errors.New("its store is lost: recover it first")
	case do == "start":
		s.says("", "")
		s.Bot.Start()
	case do == "lose" && s.Store != nil:
		return s.Store.Lose()
	case do == "recover" && s.Store != nil:
		return s.recover(ctx)
	default:
		return errors.New("the bot knows nothing of " + do)
	}
	return nil
}

// recover has the store built anew. What that says is shown until somebody has read it.
func (s *Site) recover(ctx context.Context) error {
	said, err := s.Store.Recover(ctx)
	if err == nil {
		s.says("latchkey recover", said)
	}
	return err
}

// terminal is what a command said.
type terminal struct{ command, said string }

// says shows what a command said; "" takes that away.
func (s *Site) says(command, said string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.terminal = terminal{command, strings.TrimSpace(said)}
}

// terminalPieces draws what a command said last.
func (s *Site) terminalPieces() []piece {
	s.mu.Lock()
	t := s.terminal
	s.mu.Unlock()
	if t.command == "" {
		return nil
	}
	begin := g.If(s.Bot != nil && !s.Bot.Running(), h.Button(h.Type("button"), h.Class("button primary"), h.Data("bot", "start"), g.Text("Start it again")))
	return []piece{keyed("terminal", "section", h.Class("step terminal"), g.Attr("aria-label", "What a command said"), h.H2(h.Code(g.Text("$ "+t.command))),
		h.Pre(h.TabIndex("0"), g.Text(t.said)), h.Div(h.Class("actions"), begin, h.Button(h.Type("button"), h.Class("button quiet"), h.Data("hush", "1"), g.Text("Close"))))}
}
