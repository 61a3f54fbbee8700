package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/respond"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// card posts a card of a case to a person and makes the case known to the rooms.
func (w *world) card(c access.Case, a notify.Audience, reader access.Person) notify.MessageRef {
	w.Helper()
	w.meet()
	w.house.Keep(c)
	return w.show(notify.CardUpdate{Content: bottest.Shows(c), Audience: a, Reader: reader, Marker: c.Request.ID + string(a)}).At
}

func TestApprovingIsOneClick(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	if out := w.click(w.Noor, place, "Approve"); !out.Acked {
		t.Errorf("the click wasn't acknowledged: %+v", out)
	}
	if r := w.house.Only(); r.State != access.RequestApproved || len(r.Stages[0].Answers) != 1 || r.Stages[0].Answers[0].By != bottest.Clicker(bottest.Noor(), w.Noor) {
		t.Errorf("decided %+v", r)
	}
	w.Clean()
}

// What was asked of somebody before is no answer to what is asked now.
func TestACardFromAnEarlierStageDecidesNothing(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.house.Keep(bottest.Change(bottest.Asked(), func(c *access.Case) {
		c.Request.Route, c.Request.Stage = "twice", 1
		c.Request.Stages = append(c.Request.Stages, c.Request.Stages[0])
	}))
	w.click(w.Noor, place, "Approve")
	w.whispered(place.Channel, w.Noor, "This card is from an earlier stage of the request")
	w.Clean()
}

func TestDenyingAsksWhy(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.click(w.Noor, place, "Deny")
	w.sees(w.Noor, "Why not?")
	w.set(w.Noor, "reason", " ")
	if out := w.submit(w.Noor); out.Closed || out.Errors["reason"] == "" {
		t.Errorf("denied without a reason: %+v", out)
	}
	w.set(w.Noor, "reason", "Use the shared library.")
	if out := w.submit(w.Noor); !out.Closed {
		t.Errorf("the modal stayed open: %+v", out)
	}
	r := w.house.Only()
	if a := r.Stages[0].Answers; r.State != access.RequestDenied || len(a) != 1 || a[0].Yes || a[0].Reason != "Use the shared library." || a[0].By.Person != bottest.Noor().ID {
		t.Errorf("decided %+v", r)
	}
	w.Clean()
}

func TestDangerousRolesAreTypedOut(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Change(bottest.Asked(), bottest.Manual), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.click(w.Noor, place, "Approve")
	w.sees(w.Noor, "Type Vault to approve")
	w.set(w.Noor, "typed", "Volt")
	if out := w.submit(w.Noor); out.Errors["typed"] == "" || w.house.Only().State != access.RequestPending {
		t.Fatalf("decided without the name: %+v", out)
	}
	w.set(w.Noor, "typed", "Vault")
	w.submit(w.Noor)
	if r := w.house.Only(); r.State != access.RequestApproved {
		t.Errorf("decided %+v", r)
	}
	w.Clean()
}

// whispered waits for a message only the person sees.
func (w *world) whispered(channel, user, text string) {
	w.Helper()
	w.Until("the words "+text, func() bool {
		return slices.ContainsFunc(w.Messages(channel), func(m slack.Message) bool {
			return m.Ephemeral && m.Viewer == user && strings.Contains(m.Text, text)
		})
	})
}

func TestRefusedClickIsAnsweredWhereItWasMade(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.house.Store.Refuse(access.Refuse(access.NotAllowed, "", "Nobody decides on their own <access>."))
	if out := w.click(w.Noor, place, "Approve"); !out.Acked {
		t.Error("a refusal is an answer and must be acknowledged")
	}
	w.whispered(place.Channel, w.Noor, "Nobody decides on their own &lt;access&gt;.")
	w.Clean()
}

func TestRefusedClickIsAnsweredInAModalWhereItMust(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.AddFault(slack.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel"})
	w.house.Store.Refuse(access.Refuse(access.NotAllowed, "", "This isn't yours to decide."))
	w.click(w.Noor, place, "Approve")
	w.sees(w.Noor, "This isn't yours to decide.")
}

func TestRefusedClickIsAnsweredDirectlyAsALastResort(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.AddFault(slack.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel"})
	w.AddFault(slack.Fault{Method: "views.open", Error: "expired_trigger_id"})
	w.house.Store.Refuse(access.Refuse(access.NotAllowed, "", "This isn't yours to decide."))
	w.click(w.Noor, place, "Approve")
	w.Until("a direct message", func() bool {
		all := w.Messages(place.Channel)
		return all[len(all)-1].Text == "This isn't yours to decide."
	})
}

func TestRepeatedAnswerIsFriendly(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.house.Keep(bottest.Change(bottest.Asked(), bottest.Answered(bottest.Noor(), true, ""), bottest.Decided(access.RequestApproved)))
	w.click(w.Noor, place, "Approve")
	w.whispered(place.Channel, w.Noor, "Your approval already counts.")
	w.click(w.Noor, place, "Deny")
	w.sees(w.Noor, "Why not?")
	w.set(w.Noor, "reason", "changed my mind")
	w.submit(w.Noor)
	w.sees(w.Noor, "already approved")
}

func TestUncommittedClickIsNotAcknowledged(t *testing.T) {
	w := newWorld(t, slack.Config{AckTimeout: 300e6})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	w.house.Store.Refuse(errors.New("the disk is full"))
	if out := w.click(w.Noor, place, "Approve"); out.Acked {
		t.Error("a click that wasn't committed was acknowledged")
	}
	w.whispered(place.Channel, w.Noor, respond.Unsaved)
}

func TestOtherButtons(t *testing.T) {
	ending := func(h *bottest.House) string {
		g := h.Grant()
		return string(g.State) + " " + string(g.End) + " by " + string(g.EndedBy.Person)
	}
	for _, c := range []struct {
		life     string
		audience notify.Audience
		reader   access.Person
		label    string
		came     func(*bottest.House) string
		want     string
	}{
		{"asked", notify.ToRequester, bottest.Maya(), "Cancel request", func(h *bottest.House) string { return string(h.Only().State) }, "cancelled"},
		{"active", notify.ToRequester, bottest.Maya(), "Give it back", ending, "ending returned by " + string(bottest.Maya().ID)},
		{"manual", notify.ToFulfillers, bottest.Omar(), "It's done", func(h *bottest.House) string { return string(h.Grant().State) }, "active"},
	} {
		t.Run(c.label, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			user := map[access.PersonID]string{bottest.Maya().ID: w.Maya, bottest.Omar().ID: w.Omar}[c.reader.ID]
			w.click(user, w.card(bottest.Situations()[c.life], c.audience, bottest.WithAccount(c.reader, user)), c.label)
			if got := c.came(w.house); got != c.want {
				t.Errorf("it came to %q, want %q", got, c.want)
			}
			w.Clean()
		})
	}
}

func TestITRetriesFromItsChannel(t *testing.T) {
	w := newWorld(t, slack.Config{})
	it := w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar, w.Maya}})
	place := w.card(bottest.Situations()["stuck"], notify.ToIT, access.Person{})
	if place.Channel != it.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	w.click(w.Maya, place, "Retry")
	w.whispered(place.Channel, w.Maya, "Only IT can retry stuck work.")
	if w.house.Grant().State != access.GrantStuck || !w.house.RefusedBecause("Only IT") {
		t.Error("anybody retries, or it isn't logged")
	}
	w.click(w.Omar, place, "Retry")
	if got := w.house.Events(access.EventRetried); len(got) != 1 || got[0].Actor != bottest.Clicker(bottest.Omar(), w.Omar) {
		t.Errorf("retried %v", got)
	}
	w.Clean()
}

func TestFormerColleaguesCannotAct(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(bottest.Asked(), notify.ToApprover, bottest.WithAccount(bottest.Noor(), w.Noor))
	if _, err := w.roster.Member(w.Ctx, w.Noor); err != nil {
		t.Fatal(err)
	}
	w.AddUser(slack.User{ID: w.Noor, Name: "noor", RealName: bottest.Noor().Name, Email: string(bottest.Noor().ID), IsRestricted: true})
	w.Until("the change to be heard of", func() bool {
		p, err := w.roster.Member(w.Ctx, w.Noor)
		return err == nil && p.Kind == access.Guest
	})
	w.click(w.Noor, place, "Approve")
	w.whispered(place.Channel, w.Noor, "Guest accounts can't request or decide")
	if w.house.Only().State != access.RequestPending {
		t.Error("a guest decided")
	}
}
