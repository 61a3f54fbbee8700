package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

// card posts a card of a case to a person and makes the case known to the rooms.
func (w *world) card(c access.Case, a notify.Audience, reader access.Person) notify.MessageRef {
	w.t.Helper()
	w.meet()
	w.house.keep(c)
	return w.show(notify.CardUpdate{Content: shows(c), Audience: a, Reader: reader, Marker: c.Request.ID + string(a)}).At
}

func TestApprovingIsOneClick(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	if out := w.click(w.noor, place, "Approve"); !out.Acked {
		t.Errorf("the click wasn't acknowledged: %+v", out)
	}
	if r := w.house.only(); r.State != access.RequestApproved || len(r.Stages[0].Answers) != 1 || r.Stages[0].Answers[0].By != by(noor, w.noor) {
		t.Errorf("decided %+v", r)
	}
	w.clean()
}

// What was asked of somebody before is no answer to what is asked now.
func TestACardFromAnEarlierStageDecidesNothing(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.house.keep(change(asked(), func(c *access.Case) {
		c.Request.Route, c.Request.Stage = "twice", 1
		c.Request.Stages = append(c.Request.Stages, c.Request.Stages[0])
	}))
	w.click(w.noor, place, "Approve")
	w.whispered(place.Channel, w.noor, "This card is from an earlier step of the request")
	w.clean()
}

func TestDenyingAsksWhy(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Deny")
	w.sees(w.noor, "Why not?")
	w.set(w.noor, "reason", " ")
	if out := w.submit(w.noor); out.Closed || out.Errors["reason"] == "" {
		t.Errorf("denied without a reason: %+v", out)
	}
	w.set(w.noor, "reason", "Use the shared library.")
	if out := w.submit(w.noor); !out.Closed {
		t.Errorf("the modal stayed open: %+v", out)
	}
	r := w.house.only()
	if a := r.Stages[0].Answers; r.State != access.RequestDenied || len(a) != 1 || a[0].Yes || a[0].Reason != "Use the shared library." || a[0].By.Person != noor.ID {
		t.Errorf("decided %+v", r)
	}
	w.clean()
}

func TestDangerousRolesAreTypedOut(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(change(asked(), manual), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Approve")
	w.sees(w.noor, "Type Vault to approve")
	w.set(w.noor, "typed", "Volt")
	if out := w.submit(w.noor); out.Errors["typed"] == "" || w.house.only().State != access.RequestPending {
		t.Fatalf("decided without the name: %+v", out)
	}
	w.set(w.noor, "typed", "Vault")
	w.submit(w.noor)
	if r := w.house.only(); r.State != access.RequestApproved {
		t.Errorf("decided %+v", r)
	}
	w.clean()
}

// whispered waits for a message only the person sees.
func (w *world) whispered(channel, user, text string) {
	w.t.Helper()
	w.until("the words "+text, func() bool {
		return slices.ContainsFunc(w.Messages(channel), func(m slack.Message) bool {
			return m.Ephemeral && m.Viewer == user && strings.Contains(m.Text, text)
		})
	})
}

func TestRefusedClickIsAnsweredWhereItWasMade(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.house.store.refuse(access.Refuse(access.NotAllowed, "", "Nobody decides on their own <access>."))
	if out := w.click(w.noor, place, "Approve"); !out.Acked {
		t.Error("a refusal is an answer and must be acknowledged")
	}
	w.whispered(place.Channel, w.noor, "Nobody decides on their own &lt;access&gt;.")
	w.clean()
}

func TestRefusedClickIsAnsweredInAModalWhereItMust(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.AddFault(slack.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel"})
	w.house.store.refuse(access.Refuse(access.NotAllowed, "", "This isn't yours to decide."))
	w.click(w.noor, place, "Approve")
	w.sees(w.noor, "This isn't yours to decide.")
}

func TestRefusedClickIsAnsweredDirectlyAsALastResort(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.AddFault(slack.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel"})
	w.AddFault(slack.Fault{Method: "views.open", Error: "expired_trigger_id"})
	w.house.store.refuse(access.Refuse(access.NotAllowed, "", "This isn't yours to decide."))
	w.click(w.noor, place, "Approve")
	w.until("a direct message", func() bool {
		all := w.Messages(place.Channel)
		return all[len(all)-1].Text == "This isn't yours to decide."
	})
}

func TestRepeatedAnswerIsFriendly(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.house.keep(change(asked(), answered(noor, true, ""), decided(access.RequestApproved)))
	w.click(w.noor, place, "Approve")
	w.whispered(place.Channel, w.noor, "Your approval already counts.")
	w.click(w.noor, place, "Deny")
	w.sees(w.noor, "Why not?")
	w.set(w.noor, "reason", "changed my mind")
	w.submit(w.noor)
	w.sees(w.noor, "already approved")
}

func TestUncommittedClickIsNotAcknowledged(t *testing.T) {
	w := newWorld(t, slack.Config{AckTimeout: 300e6})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.house.store.refuse(errors.New("the disk is full"))
	if out := w.click(w.noor, place, "Approve"); out.Acked {
		t.Error("a click that wasn't committed was acknowledged")
	}
	w.whispered(place.Channel, w.noor, unsaved)
}

func TestOtherButtons(t *testing.T) {
	ending := func(h *house) string {
		g := h.grant()
		return string(g.State) + " " + string(g.End) + " by " + string(g.EndedBy.Person)
	}
	for _, c := range []struct {
		life     string
		audience notify.Audience
		reader   access.Person
		label    string
		came     func(*house) string
		want     string
	}{
		{"asked", notify.ToRequester, maya, "Withdraw", func(h *house) string { return string(h.only().State) }, "cancelled"},
		{"active", notify.ToRequester, maya, "I'm done", ending, "ending returned by " + string(maya.ID)},
		{"by-hand", notify.ToFulfillers, omar, "It's done", func(h *house) string { return string(h.grant().State) }, "active"},
	} {
		t.Run(c.label, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			user := map[access.PersonID]string{maya.ID: w.maya, omar.ID: w.omar}[c.reader.ID]
			w.click(user, w.card(lives()[c.life], c.audience, as(c.reader, user)), c.label)
			if got := c.came(w.house); got != c.want {
				t.Errorf("it came to %q, want %q", got, c.want)
			}
			w.clean()
		})
	}
}

func TestITRetriesFromItsChannel(t *testing.T) {
	w := newWorld(t, slack.Config{})
	it := w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.omar, w.maya}})
	place := w.card(lives()["stuck"], notify.ToIT, access.Person{})
	if place.Channel != it.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	w.click(w.maya, place, "Retry")
	w.whispered(place.Channel, w.maya, "Only IT can retry stuck work.")
	if w.house.grant().State != access.GrantStuck || !w.house.refusedBecause("Only IT") {
		t.Error("anybody retries, or it isn't logged")
	}
	w.click(w.omar, place, "Retry")
	if got := w.house.events(access.EventRetried); len(got) != 1 || got[0].Actor != by(omar, w.omar) {
		t.Errorf("retried %v", got)
	}
	w.clean()
}

func TestFormerColleaguesCannotAct(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	if _, err := w.roster.Member(w.ctx, w.noor); err != nil {
		t.Fatal(err)
	}
	w.AddUser(slack.User{ID: w.noor, Name: "noor", RealName: noor.Name, Email: string(noor.ID), IsRestricted: true})
	w.until("the change to be heard of", func() bool { _, known := w.roster.known(w.noor); return !known })
	w.click(w.noor, place, "Approve")
	w.whispered(place.Channel, w.noor, "Guest accounts can't request or decide")
	if w.house.only().State != access.RequestPending {
		t.Error("a guest decided")
	}
}
