package modals

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
)

const (
	requestID = "AR-7K2M9QXW"
	current   = requestID + "/1" // at its first stage
)

func deskWith(t *testing.T, c access.Case) *desk {
	d := newDesk(t, shop())
	d.house.Keep(c)
	return d
}

func TestApprovingNeedsNoModal(t *testing.T) {
	d := deskWith(t, bottest.Asked())
	d.click(bottest.NoorID, payload.View{}, on(cards.ActionApprove, current))
	if r := d.house.Only(); r.State != access.RequestApproved || len(d.slack.Shown()) != 0 {
		t.Errorf("decided %+v", r)
	}
}

func TestDenyingAsksWhy(t *testing.T) {
	d := deskWith(t, bottest.Asked())
	shown := d.click(bottest.NoorID, payload.View{}, on(cards.ActionDeny, current))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "Why not?", `"private_metadata":"AR-7K2M9QXW/1"`)
	d.wants(d.submit(bottest.NoorID, callbackDeny, current, because(" ")), `"errors":{"reason":`)
	if got := d.submit(bottest.NoorID, callbackDeny, current, because("Use the library.")); got != "" {
		t.Errorf("the modal stays: %s", got)
	}
	if e := d.only(access.EventDenied); e.Reason != "Use the library." || d.house.Only().State != access.RequestDenied {
		t.Errorf("denied %+v", e)
	}
}

func TestDangerousRolesAreTypedOut(t *testing.T) {
	d := deskWith(t, bottest.Change(bottest.Asked(), bottest.Manual))
	shown := d.click(bottest.NoorID, payload.View{}, on(cards.ActionApproveTyped, current))
	d.wants(shown.JSON, "Type Vault to approve", "This role can do harm")
	name := func(text string) payload.Values { return input(blockTyped, actionTyped, typed(text)) }
	d.wants(d.submit(bottest.NoorID, callbackApproveTyped, current, name("Volt")), `"errors":{"typed":`)
	if got := d.submit(bottest.NoorID, callbackApproveTyped, current, name("Vault")); got != "" || d.house.Only().State != access.RequestApproved {
		t.Errorf("%s: %+v", got, d.house.Only())
	}
}

func TestApprovingForLess(t *testing.T) {
	longer := bottest.Change(bottest.Asked(), func(c *access.Case) { c.Request.Wanted, c.Request.Allowed = 4*catalog.Week, 4*catalog.Week })
	d := deskWith(t, longer)
	shown := d.click(bottest.NoorID, payload.View{}, on(cards.ActionShorter, current))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "*Maya Lind*, for 4 weeks", "2 weeks")
	d.wants(d.submit(bottest.NoorID, callbackShorter, current, nil), "Please choose for how long.")
	less := input(blockShorter, actionDuration, chosen("6h"))
	if got := d.submit(bottest.NoorID, callbackShorter, current, less); got != allClosed || d.house.Only().Allowed != 6*time.Hour {
		t.Errorf("%s: %+v", got, d.house.Only())
	}
}

func TestThereMayBeNothingShorter(t *testing.T) {
	d := deskWith(t, bottest.Asked())
	d.wants(d.click(bottest.NoorID, payload.View{}, on(cards.ActionShorter, current)).JSON, "There is no shorter time to choose")
	danger := bottest.Change(bottest.Asked(), bottest.Manual, func(c *access.Case) {
		c.Request.Wanted, c.Role.Durations.Choices = 4*time.Hour, []time.Duration{time.Hour}
	})
	v := shorterApprovalView(danger, cards.Target{Request: requestID})
	bottest.WantViewWithinLimits(t, v)
}

func TestARepeatedAnswerIsFriendly(t *testing.T) {
	d := deskWith(t, bottest.Situations()["preparing"])
	d.wants(d.submit(bottest.NoorID, callbackApproveTyped, current, nil), "Your approval already counts.")
	d.wants(d.submit(bottest.NoorID, callbackDeny, current, because("Changed my mind")), "already approved. You decided on 23 Nov 2026 at 09:05 UTC.")
	d.click(bottest.NoorID, payload.View{}, on(cards.ActionApprove, current))
	if told := d.slack.Told(); len(told) != 1 || told[0].Text != alreadyText(true) {
		t.Errorf("told %v", told)
	}
	second := deskWith(t, bottest.Situations()["preparing"]) // whose copy is still as it was
	second.click(bottest.OmarID, payload.View{}, on(cards.ActionApprove, current))
	if told := second.slack.Told(); len(told) != 1 || !strings.Contains(told[len(told)-1].Text, "already approved. Noor Haddad decided on 23 Nov 2026 at 09:05 UTC.") {
		t.Errorf("who was second is told %v", told)
	}
	denied := deskWith(t, bottest.Situations()["denied"])
	denied.wants(denied.submit(bottest.NoorID, callbackDeny, current, because("Again")), "Your answer already counts.")
}

func TestWhatIsNotCommittedIsNotAcknowledged(t *testing.T) {
	d := deskWith(t, bottest.Asked())
	d.house.Store.Refuse(errors.New("the disk is full"))
	d.wants(d.submit(bottest.NoorID, callbackDeny, current, because("No")), respond.UnsavedForm)
	do := d.routes.Click("", cards.ActionApprove)
	if err := do(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.NoorID}}, on(cards.ActionApprove, current)); err == nil {
		t.Error("the click was acknowledged")
	}
}

func TestAModalAboutNothingIsExplained(t *testing.T) {
	d := newDesk(t, shop())
	d.wants(d.click(bottest.NoorID, payload.View{}, on(cards.ActionApproveTyped, "AR-GONE/1")).JSON, approveTitle, "request")
}

// allClosed closes the view below, too: what that says is not true any more.
const allClosed = `{"response_action":"clear"}`

func TestAskingAndAnswering(t *testing.T) {
	d := deskWith(t, bottest.Asked())
	d.wants(d.click(bottest.NoorID, payload.View{}, on(cards.ActionAsk, current)).JSON, "What do you want to know?")
	if got := d.submit(bottest.NoorID, callbackAsk, current, because("Which files?")); got != allClosed {
		t.Error(got)
	}
	if e := d.only(access.EventQuestioned); e.Reason != "Which files?" || e.Origin != "V1" {
		t.Errorf("asked %+v", e)
	}
	d = deskWith(t, bottest.Situations()["questioned"])
	shown := d.click(bottest.MayaID, payload.View{}, on(cards.ActionAnswer, current))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "Which \\u0026lt;files\\u0026gt;", "Your answer")
	if got := d.submit(bottest.MayaID, callbackAnswer, current, because("The launch")); got != "" || d.only(access.EventReplied).Reason != "The launch" {
		t.Error(got)
	}
}

func TestExtending(t *testing.T) {
	d := deskWith(t, bottest.Situations()["active"])
	shown := d.click(bottest.MayaID, payload.View{}, on(cards.ActionExtend, requestID))
	bottest.WantViewWithinLimits(t, shown.View)
	d.wants(shown.JSON, "The earlier approval carries it", "It ends")
	more := func(d string) payload.Values {
		return with(input(blockMore, actionDuration, chosen(d)), because("The launch moved"))
	}
	d.wants(d.submit(bottest.MayaID, callbackExtend, requestID, more("x")), "Please choose how much longer.")
	d.wants(d.submit(bottest.NoorID, callbackExtend, requestID, more("6h")), "response_action")
	d.wants(d.submit(bottest.GuestID, callbackExtend, requestID, more("6h")), "Guest accounts")
	d.wants(d.submit(bottest.MayaID, callbackExtend, requestID, more("6h")), "Extended by 6 hours. It now ends")
	if e := d.only(access.EventExtended); e.Reason != "The launch moved" {
		t.Errorf("extended %+v", e)
	}
}

func TestExtendingMayNeedAnApproval(t *testing.T) {
	d := deskWith(t, bottest.Situations()["automatic"])
	v := extensionView(bottest.Situations()["active"], cards.Target{Request: requestID}, []time.Duration{time.Hour}, "nobody approved it <before>")
	bottest.WantViewWithinLimits(t, v)
	d.wants(d.click(bottest.MayaID, payload.View{}, on(cards.ActionExtend, requestID)).JSON, "There is no access for that request yet.")
}

func TestReviewingAnEmergency(t *testing.T) {
	d := deskWith(t, bottest.Situations()["emergency-asked"])
	d.wants(d.click(bottest.NoorID, payload.View{}, on(cards.ActionUnjustified, requestID)).JSON, "What was wrong about it?")
	if got := d.submit(bottest.NoorID, callbackUnjustified, requestID, because("There was no incident")); got != "" {
		t.Error(got)
	}
	if a := d.house.Only().Review.Answer; a == nil || a.Yes || a.Reason != "There was no incident" {
		t.Errorf("reviewed %+v", a)
	}
	d = deskWith(t, bottest.Situations()["emergency-asked"])
	d.click(bottest.OmarID, payload.View{}, on(cards.ActionJustified, requestID))
	if a := d.house.Only().Review.Answer; a == nil || !a.Yes {
		t.Errorf("reviewed %+v", a)
	}
}
