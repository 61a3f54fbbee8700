package cli

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/sandbox"
	"latchkey/sandbox/page"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// sent is every kind of block and element that the tour has the bot send. One more has to be drawn, and then stands here.
func sent() []string {
	return []string{
		"actions", "button", "context", "external_select", "header", "input", "overflow", "plain_text_input", "radio_buttons", "section", "static_select",
	}
}

// gallery draws everything that comes, and keeps the kinds of what it is made of.
type gallery struct {
	mu    sync.Mutex
	kinds map[string]bool
	bad   []string
}

// visit looks on until the world has told everything.
func (g *gallery) visit(ctx context.Context, w *sandbox.World) {
	for c, err := range w.Slack.Follow(ctx, 0) {
		if err != nil {
			g.note(nil, "changes were missed: "+err.Error())
			return
		}
		switch noun, _, _ := strings.Cut(c.Kind, "."); noun {
		case "message":
			channel, ts, _ := strings.Cut(c.Subject, "/")
			if m, ok := w.Slack.Message(channel, ts); ok {
				g.note(m.Blocks, string(page.Client{Live: true}.Message(m)))
			}
		case "view", "home":
			g.views(w)
		}
	}
}

func (g *gallery) views(w *sandbox.World) {
	for _, u := range w.Slack.Users() {
		all := w.Slack.Views(u.ID)
		if home, ok := w.Slack.Home(u.ID); ok {
			all = append(all, home)
		}
		for _, v := range all {
			g.view(v)
		}
	}
}

func (g *gallery) view(v world.View) {
	for _, b := range (page.Client{Live: true}).Blocks(v) {
		g.note(v.Blocks, string(b.HTML))
	}
}

func (g *gallery) note(blocks []kit.Object, drawn string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if strings.Contains(drawn, "unknown block") || strings.Contains(drawn, "missed") {
		g.bad = append(g.bad, drawn)
	}
	for _, b := range blocks {
		g.kinds[kit.Str(b, "type")] = true
	}
	for _, t := range kit.Slots(blocks) {
		g.kinds[t.Kind()] = true
	}
}

// drawn checks what was seen of the tour.
func (g *gallery) drawn(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.bad) > 0 {
		t.Errorf("%d things were not drawn: %s", len(g.bad), g.bad[0])
	}
	if diff := cmp.Diff(sent(), slices.Sorted(maps.Keys(g.kinds))); diff != "" {
		t.Errorf("what the bot sends: %s", diff)
	}
}
