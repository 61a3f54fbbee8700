package modals

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
)

// What a card has no room for is behind More: the whole reason, the groups, who else has it,
// and what else can be answered.
func TestMoreOfARequest(t *testing.T) {
	long := strings.Repeat("We need the icons. ", 20)
	d := deskWith(t, bottest.Change(bottest.Asked(), func(c *access.Case) { c.Request.Reason = long }))
	shown := d.click(bottest.NoorID, payload.View{}, on(cards.ActionMore, current))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, moreTitle, "Maya Lind asks for Figma", strings.TrimSpace(long), "okta:figma-editors", "Nobody else in the team", "has not asked for Figma before", "Ask a question…")
}

// Who takes no part in a request, and isn't IT, reads nothing of it.
func TestMoreIsForThoseWhomItConcerns(t *testing.T) {
	for user, want := range map[string]string{
		bottest.MayaID:  "has not asked for Figma before", // it is hers
		bottest.OmarID:  "has not asked for Figma before", // he is asked
		bottest.GuestID: "Guest accounts can",
	} {
		d := deskWith(t, bottest.Asked())
		got := d.click(user, payload.View{}, on(cards.ActionMore, current)).JSON
		d.wants(got, want)
		if user == bottest.MayaID && strings.Contains(got, "Ask a question") {
			t.Error("she is offered to ask herself")
		}
	}
	alone := bottest.Change(bottest.Asked(), func(c *access.Case) {
		c.Request.Requester, c.Request.Beneficiary, c.Request.Stages[0].Asked = bottest.Noor().ID, bottest.Noor().ID, []access.PersonID{bottest.Noor().ID}
	})
	d := deskWith(t, alone)
	got := d.click(bottest.MayaID, payload.View{}, on(cards.ActionMore, current)).JSON
	d.wants(got, "see the details of a request")
	if strings.Contains(got, "Launch assets") {
		t.Errorf("a stranger reads %s", got)
	}
}

// Every form about a request says what it is and for whom.
func TestFormsSayWhoAndWhat(t *testing.T) {
	for action, c := range map[string]struct{ situation, user string }{
		cards.ActionDeny: {"asked", bottest.NoorID}, cards.ActionAsk: {"asked", bottest.NoorID}, cards.ActionShorter: {"asked", bottest.NoorID},
		cards.ActionApproveTyped: {"asked", bottest.NoorID}, cards.ActionAnswer: {"questioned", bottest.MayaID}, cards.ActionExtend: {"active", bottest.MayaID},
		cards.ActionUnjustified: {"emergency-asked", bottest.NoorID},
	} {
		situation := bottest.Change(bottest.Situations()[c.situation], func(s *access.Case) {
			if s.Request.State == access.RequestPending {
				s.Request.Wanted, s.Request.Allowed = 30*24*60*60*1e9, 30*24*60*60*1e9
			}
		})
		d := deskWith(t, situation)
		value := current
		if c.situation != "asked" && c.situation != "questioned" {
			value = requestID
		}
		shown := d.click(c.user, payload.View{}, on(action, value))
		bottest.WantViewWithinLimits(t, shown.View)
		d.wants(shown.JSON, "*Figma · Editor* for *Maya Lind*")
	}
}
