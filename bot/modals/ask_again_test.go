package modals

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// askAgain presses the button of a case and returns what opens.
func (d *desk) askAgain(user string) bottest.Shown {
	d.Helper()
	return d.click(user, payload.View{}, on(cards.ActionAskAgain, requestID))
}

// The form begins with what was asked for.
func TestAskingAgainFillsTheForm(t *testing.T) {
	for _, situation := range []string{"denied", "lapsed", "returned"} {
		d := deskWith(t, bottest.Situations()[situation])
		shown := d.askAgain(bottest.MayaID)
		bottest.WantViewWithinLimits(t, shown.View)
		d.wants(shown.JSON, `"value":"figma"`, `"value":"editor"`, `"initial_option":{"text":{"type":"plain_text","text":"6 hours"`, `"initial_value":"Launch assets`)
	}
}

// Who asked for somebody else asks for them again. Whoever it was for asks for themselves, in
// words of their own.
func TestAskingAgainForAnother(t *testing.T) {
	c := bottest.Change(bottest.Situations()["for-another"], bottest.Decided(access.RequestLapsed))
	d := deskWith(t, c)
	d.wants(d.askAgain(bottest.MayaID).JSON, `"initial_user":"`+bottest.OmarID+`"`, `"initial_value":"Launch assets`)
	d = deskWith(t, c)
	if got := d.askAgain(bottest.OmarID).JSON; strings.Contains(got, "initial_user") || strings.Contains(got, "initial_value") || !strings.Contains(got, `"value":"figma"`) {
		t.Errorf("it reads %s", got)
	}
}

// What was offered then and isn't now is said; nothing is chosen in its place.
func TestAskingAgainForWhatIsGone(t *testing.T) {
	d := deskWith(t, bottest.Situations()["denied"])
	d.house.Offer(catalog.New([]catalog.App{bottest.Vault()}, bottest.ApprovalRoutes()))
	if got := d.askAgain(bottest.MayaID).JSON; !strings.Contains(got, appGone) || strings.Contains(got, `"value":"figma"`) {
		t.Errorf("without the app it reads %s", got)
	}
	d = deskWith(t, bottest.Change(bottest.Situations()["denied"], func(c *access.Case) { c.Request.Role = "gone" }))
	d.wants(d.askAgain(bottest.MayaID).JSON, roleGone, `"value":"figma"`)
}

// What isn't in the catalogue is asked for by its name.
func TestAskingAgainForWhatIsNotListed(t *testing.T) {
	d := deskWith(t, bottest.Change(bottest.Situations()["denied"], func(c *access.Case) { c.Request.App, c.Request.Role, c.Request.Unlisted = "", "", "A mailbox" }))
	shown := d.askAgain(bottest.MayaID)
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "It isn't listed", `"initial_value":"A mailbox"`, `"initial_value":"Launch assets`)
}

// More time is asked for of what is still there.
func TestAskingAgainForMoreTime(t *testing.T) {
	d := deskWith(t, bottest.Situations()["active"])
	more := bottest.Change(bottest.Situations()["denied"], func(c *access.Case) {
		c.Request.ID, c.Request.Extends = "AR-MORE", bottest.Situations()["active"].Request.GrantID()
	})
	d.house.Keep(more)
	d.wants(d.click(bottest.MayaID, payload.View{}, on(cards.ActionAskAgain, "AR-MORE")).JSON, extendTitle, "How much longer")
}

// Nobody else reads what was asked for, and that they tried is in the log.
func TestNobodyElseAsksAgain(t *testing.T) {
	for _, user := range []string{bottest.NoorID, bottest.OmarID} {
		d := deskWith(t, bottest.Situations()["denied"])
		if got := d.askAgain(user).JSON; strings.Contains(got, "Launch assets") {
			t.Errorf("%s reads %s", user, got)
		}
		if told := d.slack.Told(); len(told) != 1 || !strings.Contains(told[0].Text, "somebody else's request") {
			t.Errorf("%s is told %v", user, told)
		}
		if !d.house.RefusedBecause("Refused to ask again") {
			t.Errorf("logged %v", d.house.Events(access.EventNote))
		}
	}
}

// The form fits, whatever was asked for.
func TestAskingAgainStaysWithinLimits(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		t.Run(name, func(t *testing.T) {
			for _, unlisted := range []string{"", text} {
				d := deskWith(t, bottest.Change(bottest.Situations()["denied"], func(c *access.Case) {
					if c.Request.Reason = text; unlisted != "" {
						c.Request.App, c.Request.Role, c.Request.Unlisted = "", "", unlisted
					}
				}))
				bottest.WantViewWithinLimits(t, d.askAgain(bottest.MayaID).View)
			}
		})
	}
}
