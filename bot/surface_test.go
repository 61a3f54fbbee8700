package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot/bottest"
	"latchkey/sandbox/slack"
	"latchkey/workflow/requests"
)

// Whatever is in the world, Slack takes every view and every message. It is not
// about time: a machine that is busy elsewhere has as much as it needs.
func TestNoSurfaceIsRefused(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slack.Config{AckTimeout: time.Minute, TriggerLife: time.Minute})
			w.house.Fill(text)
			first := w.house.Catalog().Apps()[0].ID
			if _, err := w.OpenHome(w.Ctx, w.Omar); err != nil {
				t.Fatal(err)
			}
			w.Until("the Home tab", func() bool { v, ok := w.Home(w.Omar); return ok && len(v.Blocks) > 50 })
			for _, words := range []string{"help", "mine", "approvals", "return", "why omar@acme.example " + first, "trace omar@acme.example " + first, "who " + first, "stuck", "report"} {
				if out := w.slash(w.Omar, words); out.Reply == nil {
					t.Errorf("%s: no answer", words)
				}
			}
			w.slash(w.Omar, "revoke omar@acme.example "+first)
			w.sees(w.Omar, "Revoke access")
			w.slash(w.Omar, first)
			w.sees(w.Omar, "About this app")
			w.pressIn(w.Omar, "About this app")
			w.sees(w.Omar, "[Back]")
			w.slash(w.Omar, "")
			w.sees(w.Omar, "Its roles come next")
			w.pressIn(w.Omar, "Browse apps")
			w.sees(w.Omar, "All apps")
			w.Clean()
		})
	}
}

// pressIn presses a button in the modal a person has before them.
func (w *world) pressIn(user, label string) {
	w.Helper()
	c, ok := slack.FindButton(w.top(user), label)
	if !ok {
		w.Fatalf("no button %q on\n%s", label, slack.Render(w.top(user)))
	}
	if out, err := w.Click(w.Ctx, user, c); err != nil || out.Error != "" {
		w.Fatal(err, out.Error)
	}
}

func TestHomeIsPublishedOnlyWhenItChanged(t *testing.T) {
	w := newWorld(t, slack.Config{})
	published := func() int {
		n := 0
		for _, c := range w.Calls() {
			if c.Method == "views.publish" {
				n++
			}
		}
		return n
	}
	w.bot.home.Changed(bottest.WithAccount(bottest.Maya(), w.Maya)) // never opened: nothing to do
	for range 3 {
		if _, err := w.OpenHome(w.Ctx, w.Maya); err != nil {
			t.Fatal(err)
		}
		w.Until("the Home tab", func() bool { _, ok := w.Home(w.Maya); return ok })
	}
	w.house.Keep(bottest.Asked())
	w.bot.home.Changed(bottest.WithAccount(bottest.Maya(), w.Maya))
	w.Until("the request on the Home tab", func() bool {
		v, _ := w.Home(w.Maya)
		return strings.Contains(slack.Render(v), "Figma · Editor")
	})
	if err := w.bot.Close(w.Ctx); err != nil { // its calls have been answered, so all of them are in the log
		t.Fatal(err)
	}
	if n := published(); n != 2 {
		t.Errorf("published %d times, want twice: at first, and once it changed", n)
	}
	w.Clean()
}

func TestHomeTurnsPages(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.house.Fill("Figma")
	if _, err := w.OpenHome(w.Ctx, w.Omar); err != nil {
		t.Fatal(err)
	}
	w.Until("the Home tab", func() bool { _, ok := w.Home(w.Omar); return ok })
	v, _ := w.Home(w.Omar)
	c, ok := slack.FindButton(v, "More")
	if !ok {
		t.Fatal("no pages")
	}
	if _, err := w.Click(w.Ctx, w.Omar, c); err != nil {
		t.Fatal(err)
	}
	w.Until("the second page", func() bool { v, _ := w.Home(w.Omar); return strings.Contains(slack.Render(v), "8–14 of ") })
	w.Clean()
}

func TestMemberChangesAreTakenIn(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.meet()
	w.house.Keep(bottest.Asked())
	before, err := w.house.Flow.People.Person(w.Ctx, bottest.Noor().ID)
	if err != nil || before.Title != "" {
		t.Fatalf("%+v, %v", before, err)
	}
	w.AddUser(slack.User{ID: w.Noor, Name: "noor", RealName: bottest.Noor().Name, Email: string(bottest.Noor().Email), Title: "Head of Brand"})
	w.Until("her new title", func() bool {
		p, err := w.house.Flow.People.Person(w.Ctx, bottest.Noor().ID)
		return err == nil && p.Title == "Head of Brand"
	})
	if err := w.SetDeleted(w.Maya, true); err != nil {
		t.Fatal(err)
	}
	w.Until("what follows to be queued", func() bool { return slices.Contains(w.house.Queued(), requests.LeaveTask) })
}
