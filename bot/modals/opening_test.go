package modals

import (
	"context"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/manifest"
	"latchkey/bot/payload"
)

// A trigger lives for three seconds, whatever a directory or the store takes for an
// answer. So there is a view before anything is looked up, whatever opens it.
func TestNothingIsLookedUpBeforeThereIsAView(t *testing.T) {
	press := func(user string, v payload.View, action, value string) func(*desk) {
		return func(d *desk) { d.click(user, v, on(action, value)) }
	}
	shortcut := func(name string) func(*desk) {
		return func(d *desk) {
			d.routes.Shortcuts[name](payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Trigger: "t"})
		}
	}
	form := formView(choice("figma", "", ""), "")
	for name, c := range map[string]struct {
		situation string
		do        func(*desk)
	}{
		"extend":            {"active", press(bottest.MayaID, payload.View{}, cards.ActionExtend, requestID)},
		"approve, typed":    {"asked", press(bottest.NoorID, payload.View{}, cards.ActionApproveTyped, current)},
		"approve for less":  {"asked", press(bottest.NoorID, payload.View{}, cards.ActionShorter, current)},
		"deny":              {"asked", press(bottest.NoorID, payload.View{}, cards.ActionDeny, current)},
		"ask":               {"asked", press(bottest.NoorID, payload.View{}, cards.ActionAsk, current)},
		"answer":            {"questioned", press(bottest.MayaID, payload.View{}, cards.ActionAnswer, current)},
		"not justified":     {"emergency-asked", press(bottest.NoorID, payload.View{}, cards.ActionUnjustified, requestID)},
		"request":           {"asked", press(bottest.MayaID, payload.View{}, ActionRequest, "-")},
		"browse":            {"asked", press(bottest.MayaID, payload.View{}, ActionBrowse, "-")},
		"browse, on a form": {"asked", press(bottest.MayaID, form, ActionBrowse, "-")},
		"about an app":      {"asked", press(bottest.MayaID, form, actionAbout, "figma")},
		"unlisted":          {"asked", press(bottest.MayaID, payload.View{}, ActionUnlisted, "-")},
		"request, shortcut": {"asked", shortcut(manifest.ShortcutRequest)},
		"request, message":  {"asked", shortcut(manifest.ShortcutOnMessage)},
		"link, message":     {"asked", shortcut(manifest.ShortcutLink)},
		"emergency":         {"asked", func(d *desk) { d.BreakGlass.Open(bottest.MayaID, "t", "") }},
		"offboard": {"active", func(d *desk) {
			d.Offboarding.Open(bottest.OmarID, "t", func(ctx context.Context) (access.Person, error) {
				return d.house.Flow.People.Member(ctx, bottest.MayaID)
			})
		}},
		"revoke": {"active", func(d *desk) {
			d.Revocation.Open(bottest.OmarID, "t", bottest.Figma(), func(ctx context.Context) (access.Person, error) {
				return d.house.Flow.People.Member(ctx, bottest.MayaID)
			})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, shop())
			d.house.Keep(bottest.Situations()[c.situation])
			d.house.Store.Gate(func() {
				select {
				case <-d.slack.Opened():
				case <-time.After(time.Minute):
					t.Error("something is looked up, and there is no view yet")
				}
			})
			c.do(d)
			d.finish()
			if len(d.slack.Shown()) == 0 {
				t.Error("nothing was opened")
			}
		})
	}
}
