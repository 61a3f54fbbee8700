package cards

import (
	"regexp"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/workflow/notify"
)

// No employee reads of tokens, rights and groups, whatever a service has said: that is for IT.
func TestEmployeesReadNothingOfTokensAndGroups(t *testing.T) {
	const said = "was denied: the token's owner may not change the group okta:00g1234567890abcdef, give the scope back"
	technical := regexp.MustCompile(`(?i)token|\bgroups?\b|provision|entitlement|AR-|okta:|00g1`)
	for life, c := range bottest.Situations() {
		c = bottest.Change(c, func(c *access.Case) {
			for i, e := range c.Story {
				if e.Kind == access.EventStuck || e.Kind == access.EventTaskBlocked || e.Kind == access.EventUnroutable {
					c.Story[i].Note = said
				}
			}
			if g := c.Grant; g != nil && g.Problem != "" && !g.Manual {
				with := *g
				with.Problem = said
				c.Grant = &with
			}
		})
		for audience, readers := range readersOf() {
			base, _ := audience.Parts()
			if neverShown(audience, c) || base == notify.ToIT {
				continue
			}
			for _, reader := range readers {
				m := mustDraw(t, notify.CardUpdate{Content: bottest.Shows(c), Audience: audience, Reader: reader})
				text := shown(t, m)
				if hit := technical.FindString(strings.ReplaceAll(text, c.Request.ID, "")); hit != "" {
					t.Errorf("%s, %s: it says %q:\n%s", life, audience, hit, text)
				}
			}
		}
	}
}
