package cards

import (
	"strings"
	"testing"

	"latchkey/bot/bottest"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

// TestConflictsStandOnTheCard of whoever decides, before anything else: what it can't go with, that a yes is an exception, and
// what has come up since.
func TestConflictsStandOnTheCard(t *testing.T) {
	c := bottest.Asked()
	c.Request.Exceptions = []catalog.Exception{
		{Conflict: "a", With: "Books · <Payer>", Why: "Nobody pays what they post", Max: catalog.Day},
		{Conflict: "b", With: "the group owners", Why: "Owners don't.", Unsure: true},
	}
	background := query.Background{Conflicts: []query.Against{{Other: "Audit", Asked: true}, {Other: "Zoom", Asked: false}}}
	k := mustDraw(t, notify.CardUpdate{Audience: notify.ToApprover, Reader: bottest.Noor(), Content: notify.RequestContent{Case: c, Background: background}})
	text := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": k.Blocks}))
	at := 0
	for _, want := range []string{
		":warning: *It can't go with Books · &lt;Payer&gt;*, which Maya Lind has: Nobody pays what they post. *It would be an exception*, for 1 day at most.",
		":warning: *It can't go with the group owners*, and it couldn't be found out whether Maya Lind has that: Owners don't.",
		":warning: *Audit* is asked for as well, and can't go with it: only one of them can be given.",
		":warning: *It can't go with Zoom*, which Maya Lind has by now. A yes can't count.",
	} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("no %q in\n%s", want, text)
		}
		at += i
	}
}
