package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
	"latchkey/workflow/requests"
)

// card posts a face of a case to a person and makes the case known to the desk.
func (w *world) card(c access.Case, face notify.Audience, reader access.Person) notify.MessageRef {
	w.t.Helper()
	w.desk.set(func(d *desk) { d.cases = map[string]access.Case{c.Request.ID: c} })
	return w.show(notify.CardUpdate{Case: c, Face: face, Reader: reader, Marker: c.Request.ID + string(face)}).Place
}

func TestApprovingIsOneClick(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	if out := w.click(w.noor, place, "Approve"); !out.Acked {
		t.Errorf("the click wasn't acknowledged: %+v", out)
	}
	want := requests.Decision{Request: "AR-7K2M9QXW", By: access.Actor{Person: noor.ID, Via: access.ViaSlack, Account: w.noor}, Yes: true, Seen: 1}
	if got := w.desk.decided; len(got) != 1 || got[0] != want {
		t.Errorf("decided %+v", got)
	}
	w.clean()
}

func TestDenyingAsksWhy(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Deny")
	w.sees(w.noor, "Why not?")
	w.set(w.noor, "reason", "no")
	w.desk.set(func(d *desk) { d.refusal = access.Refuse(access.Invalid, "reason", "Please say why.") })
	if out := w.submit(w.noor); out.Errors["reason"] != "Please say why." {
		t.Errorf("errors: %v", out.Errors)
	}
	w.set(w.noor, "reason", "Use the shared library.")
	w.desk.set(func(d *desk) { d.refusal = nil })
	if out := w.submit(w.noor); !out.Closed {
		t.Errorf("the modal stayed open: %+v", out)
	}
	got := w.desk.decided[1]
	if got.Yes || got.Reason != "Use the shared library." || got.Request != "AR-7K2M9QXW" || got.By.Person != noor.ID {
		t.Errorf("decided %+v", got)
	}
	w.clean()
}

func TestDangerousRolesAreTypedOut(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(change(asked(), manual), notify.ToApprover, as(noor, w.noor))
	w.click(w.noor, place, "Approve")
	w.sees(w.noor, "Type Vault to approve")
	if len(w.desk.decided) != 0 {
		t.Fatal("the click alone decided")
	}
	w.set(w.noor, "typed", "Vault")
	w.submit(w.noor)
	if got := w.desk.decided; len(got) != 1 || !got[0].Yes || got[0].Typed != "Vault" {
		t.Errorf("decided %+v", got)
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
	w.desk.set(func(d *desk) {
		d.refusal = access.Refuse(access.NotAllowed, "", "Nobody decides on their own <access>.")
	})
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
	w.desk.set(func(d *desk) { d.refusal = access.Refuse(access.NotAllowed, "", "This isn't yours to decide.") })
	w.click(w.noor, place, "Approve")
	w.sees(w.noor, "This isn't yours to decide.")
}

func TestRefusedClickIsAnsweredDirectlyAsALastResort(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.AddFault(slack.Fault{Method: "chat.postEphemeral", Error: "user_not_in_channel"})
	w.AddFault(slack.Fault{Method: "views.open", Error: "expired_trigger_id"})
	w.desk.set(func(d *desk) { d.refusal = access.Refuse(access.NotAllowed, "", "This isn't yours to decide.") })
	w.click(w.noor, place, "Approve")
	w.until("a direct message", func() bool {
		all := w.Messages(place.Channel)
		return all[len(all)-1].Text == "This isn't yours to decide."
	})
}

func TestRepeatedAnswerIsFriendly(t *testing.T) {
	w := newWorld(t, slack.Config{})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.desk.set(func(d *desk) {
		d.cases["AR-7K2M9QXW"] = change(asked(), answered(noor, true, ""), decided(access.RequestApproved))
		d.refusal = access.Refuse(access.TooLate, "", "This request is already approved.")
	})
	w.click(w.noor, place, "Approve")
	w.whispered(place.Channel, w.noor, "Your approval already counts.")
	w.click(w.noor, place, "Deny")
	w.sees(w.noor, "Why not?")
	w.set(w.noor, "reason", "changed my mind")
	w.submit(w.noor)
	w.sees(w.noor, "This request is already approved.")
}

func TestUncommittedClickIsNotAcknowledged(t *testing.T) {
	w := newWorld(t, slack.Config{AckTimeout: 300e6})
	place := w.card(asked(), notify.ToApprover, as(noor, w.noor))
	w.desk.set(func(d *desk) { d.refusal = errors.New("the disk is full") })
	if out := w.click(w.noor, place, "Approve"); out.Acked {
		t.Error("a click that wasn't committed was acknowledged")
	}
	w.whispered(place.Channel, w.noor, unsaved)
}

func TestOtherButtons(t *testing.T) {
	for _, c := range []struct {
		life   string
		face   notify.Audience
		reader access.Person
		label  string
		want   string
	}{
		{"asked", notify.ToRequester, maya, "Withdraw", "cancel AR-7K2M9QXW by maya@acme.example via slack"},
		{"active", notify.ToRequester, maya, "I'm done", "return AR-7K2M9QXW by maya@acme.example via slack"},
		{"by-hand", notify.ToFulfillers, omar, "It's done", "done AR-7K2M9QXW by omar@acme.example via slack"},
	} {
		t.Run(c.label, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			user := map[access.PersonID]string{maya.ID: w.maya, omar.ID: w.omar}[c.reader.ID]
			w.click(user, w.card(lives()[c.life], c.face, as(c.reader, user)), c.label)
			if got := w.desk.acted; len(got) != 1 || got[0] != c.want {
				t.Errorf("acted %v, want %s", got, c.want)
			}
			w.clean()
		})
	}
}

func TestITRetriesFromItsChannel(t *testing.T) {
	w := newWorld(t, slack.Config{})
	it := w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.omar}})
	place := w.card(lives()["stuck"], notify.ToIT, access.Person{})
	if place.Channel != it.ID {
		t.Fatalf("posted to %s", place.Channel)
	}
	w.click(w.omar, place, "Retry")
	if got := w.desk.acted; len(got) != 1 || got[0] != "retry AR-7K2M9QXW by omar@acme.example via slack" {
		t.Errorf("acted %v", got)
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
	if len(w.desk.decided) != 0 {
		t.Error("a guest decided")
	}
}
