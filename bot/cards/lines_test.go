package cards

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/catalog"
	"latchkey/sandbox/page"
	"latchkey/sandbox/page/browser"
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
	"latchkey/workflow/notify"
)

// look starts what shows cards as people see them.
func look(t *testing.T) *browser.Browser {
	t.Helper()
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// drawn is a card as a page.
func drawn(t *testing.T, m blocks.Message) string {
	t.Helper()
	var list []kit.Object
	for _, b := range bottest.Parsed(t, map[string]any{"blocks": m.Blocks})["blocks"].([]any) {
		list = append(list, b.(kit.Object))
	}
	return page.Document("card", page.Client{Now: bottest.Minute(30)}.Message(world.Message{BotID: "B1", TS: "1795424400.000100", Blocks: list}))
}

// most is how many lines a card may take on a phone.
func most(a notify.Audience, c access.Case) int {
	base, _ := a.Parts()
	open := c.Request.State == access.RequestPending
	switch high := c.Role.Risk == catalog.High || c.Role.Assurance == catalog.Confirm; {
	case base == notify.ToApprover && !open:
		return 2 // an outcome, when, the ticket, in one paragraph
	case base == notify.ToApprover && high, base == notify.ToReview:
		return 12
	case base == notify.ToChannel:
		return 13 // who is meant, and who looks at it
	case base == notify.ToApprover:
		return 10
	case base == notify.ToReminder:
		return 4
	case base == notify.ToIT && c.Request.Review != nil && c.Request.Review.Answer != nil:
		return 10 // why it wasn't right, and nothing to do any more
	case base == notify.ToIT && c.Request.BreakGlass:
		return 9
	case base == notify.ToFulfillers, base == notify.ToIT:
		return 8
	case c.Phase() == access.PhasePending && len(c.Request.Stages[0].Asked) > 0, c.Phase() == access.PhaseDenied:
		return 5
	case c.Phase() == access.PhaseApproved:
		return 7 // why it isn't there yet
	case c.Request.BreakGlass:
		return 8
	}
	return 6
}

// What people get is read within seconds: on a phone no card takes more lines than it may.
func TestCardsAreShort(t *testing.T) {
	b := look(t)
	all := bottest.Situations()
	often := []string{"asked", "claimed", "half", "active", "reminded", "denied", "manual", "stuck", "blocked", "emergency", "emergency-asked"}
	for life, c := range all {
		for audience, readers := range readersOf() {
			acts := audience == notify.ToIT || audience == notify.ToFulfillers
			if neverShown(audience, c) || !acts && !slices.Contains(often, life) {
				continue
			}
			for _, reader := range readers {
				card := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: audience, Reader: reader})
				lines, err := b.Lines(t.Context(), drawn(t, card), browser.Phone())
				if err != nil {
					t.Fatal(err)
				}
				if lines > most(audience, c) {
					t.Errorf("%s, %s, %s: %d lines, at most %d\n%s", life, audience, reader.Name, lines, most(audience, c), shown(t, card))
				}
			}
		}
	}
	for _, life := range often {
		if _, ok := all[life]; !ok {
			t.Errorf("there is no situation %q", life)
		}
	}
}

// A no whose reason takes two lines is as short as one whose reason takes one may be.
func TestADenialOfTwoLinesIsShort(t *testing.T) {
	b := look(t)
	c := bottest.Change(bottest.Asked(), bottest.Answered(bottest.Noor(), false, "Use the shared library instead, which has them all by now. Ask Omar."), bottest.Decided(access.RequestDenied))
	card, err := Draw(notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToRequester, Reader: bottest.Maya()}, Config{Command: "/access", Home: "https://acme.slack.com/app_redirect?app=A1"})
	if err != nil {
		t.Fatal(err)
	}
	if lines, err := b.Lines(t.Context(), drawn(t, card), browser.Phone()); err != nil || lines != 5 {
		t.Errorf("%d lines, want 5: %v\n%s", lines, err, shown(t, card))
	}
}

// Whatever somebody wrote, nothing above the buttons of a decision is folded away, and they
// stand in one row.
func TestNothingIsFoldedAboveTheButtons(t *testing.T) {
	b := look(t)
	for name, text := range bottest.EvilTexts() {
		for _, life := range []string{"asked", "questioned"} {
			c := bottest.WithText(bottest.Situations()[life], text)
			c.Request.Allowed = 90 * catalog.Day
			for i := range c.Story {
				c.Story[i].Reason = text
			}
			card := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToApprover, Reader: bottest.Noor()})
			folded, err := b.Folded(t.Context(), drawn(t, card), browser.Phone())
			if err != nil {
				t.Fatal(err)
			}
			if folded > 0 {
				t.Errorf("%s, %s: %d paragraphs are folded", name, life, folded)
			}
		}
	}
	for _, long := range []string{"6h", "30d", "180d", "45m", "forever"} {
		c := bottest.Asked()
		c.Request.Allowed, _ = catalog.ParseDuration(long)
		row := blocks.Message{Blocks: mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: notify.ToApprover, Reader: bottest.Noor()}).Blocks}
		row.Blocks = row.Blocks[len(row.Blocks)-1:]
		if lines, err := b.Lines(t.Context(), drawn(t, row), browser.Phone()); err != nil || lines != 1 {
			t.Errorf("%s: the buttons take %d rows: %v", long, lines, err)
		}
	}
}

// However long is asked for, three labels together are short enough for a row on a phone.
func TestLabelsFitARow(t *testing.T) {
	r := bottest.Asked().Request
	for _, long := range []string{"1m", "45m", "59m", "1h", "9h", "10h", "23h", "90m", "1d", "9d", "10d", "30d", "90d", "180d", "365d", "999d", "52w", "forever"} {
		r.Allowed, _ = catalog.ParseDuration(long)
		for _, role := range []catalog.Role{bottest.Editor(), {Assurance: catalog.Confirm}} {
			for _, cfg := range []Config{{}, {JiraOnly: true}} {
				sum := 0
				for _, e := range cfg.DecisionButtons(r, role) {
					sum += blocks.Units(e.(*slack.ButtonBlockElement).Text.Text)
				}
				if sum > 25 {
					t.Errorf("%s: %d characters", long, sum)
				}
			}
		}
	}
}

// The label says what a yes gives, as long as three buttons fit in a row; two never begin alike.
func TestLabelsOfADecision(t *testing.T) {
	for _, c := range []struct {
		allowed, want string
		assurance     catalog.Assurance
	}{
		{"6h", "Approve 6 hours", ""}, {"30d", "Approve 30 d", ""}, {"1h", "Approve 1 hour", ""}, {"45m", "Approve 45 min", ""}, {"forever", "Approve, no end", ""}, {"6h", "Approve…", catalog.Confirm},
	} {
		r, role := bottest.Asked().Request, bottest.Editor()
		r.Allowed, _ = catalog.ParseDuration(c.allowed)
		role.Assurance = c.assurance
		raw := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": []any{map[string]any{"type": "actions", "elements": Config{}.DecisionButtons(r, role)}}}))
		if !strings.HasPrefix(raw, "["+c.want+"]") || !strings.Contains(raw, "[Deny…]") || !strings.Contains(raw, "[More…]") {
			t.Errorf("%s, %s: %s", c.allowed, c.assurance, fmt.Sprint(raw))
		}
	}
}
