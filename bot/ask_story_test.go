package bot

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/bot/respond"
	"latchkey/sandbox/slack"
)

func TestAskingFromTheFirstWordToTheConfirmation(t *testing.T) {
	for name, cfg := range map[string]slack.Config{"as documented": {}, "with odd shapes": {EmptyStateAsList: true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, cfg)
			w.slash(w.Maya, "")
			w.sees(w.Maya, "Its roles come next")
			w.set(w.Maya, "app", "figma")
			w.submit(w.Maya)
			w.sees(w.Maya, "Role")
			w.set(w.Maya, "role", "editor")
			w.submit(w.Maya)
			w.set(w.Maya, "reason", "Launch assets")
			w.set(w.Maya, "role", "viewer")
			w.sees(w.Maya, "Approved at once")
			w.set(w.Maya, "role", "editor")
			form := w.sees(w.Maya, "Needs a yes from your manager or an owner of the app.")
			if got := form.State["reason"]["reason"]["value"]; got != "Launch assets" {
				t.Errorf("what was typed is now %v", got)
			}
			if !strings.Contains(slack.Render(form), "2 weeks") {
				t.Errorf("the default isn't chosen:\n%s", slack.Render(form))
			}
			w.set(w.Maya, "duration", "6h")
			w.submit(w.Maya)
			w.sees(w.Maya, "I'm asking those who may approve it")
			if got := w.house.Only(); got.Origin != form.ID || got.Requester != bottest.Maya().ID || got.Beneficiary != bottest.Maya().ID || got.App != "figma" || got.Role != "editor" ||
				got.Wanted != 6*time.Hour || got.Reason != "Launch assets" {
				t.Errorf("submitted %+v", got)
			}
			w.Clean()
		})
	}
}

func TestCommandNamesWhatIsWanted(t *testing.T) {
	for text, want := range map[string][]string{
		"figma":        {"Figma", "Role"},
		"Figma viewer": {"Figma", "Viewer", "Approved at once", "No end"},
		"vault":        {"Vault", "Admin", "This role has a high risk", "1 hour"},
		"figam":        {"Figma", "Role"},
		"zzz":          {"Nothing in the catalogue is called “zzz”", "Its roles come next"},
		"<!channel>":   {"Nothing in the catalogue", "Its roles come next"},
	} {
		t.Run(text, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			w.slash(w.Maya, text)
			for _, s := range want {
				w.sees(w.Maya, s)
			}
			w.Clean()
		})
	}
}

func TestHelpAnswersAtOnce(t *testing.T) {
	w := newWorld(t, slack.Config{})
	out := w.slash(w.Maya, " HELP ")
	if out.Reply == nil || !strings.Contains(out.Reply.Text, "*/access figma*") || len(w.Views(w.Maya)) != 0 {
		t.Errorf("help answered %+v", out.Reply)
	}
}

func TestMenuFindsApps(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.slash(w.Maya, "")
	form := w.sees(w.Maya, "Its roles come next")
	for query, want := range map[string]string{"": "Design/Figma Security/Vault", "fig": "/Figma /Figma · Editor /Figma · Viewer", "secur": "/Vault", "nothing": ""} {
		got, err := w.Suggest(w.Ctx, w.Maya, form.ID, "app", query)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, o := range got {
			names = append(names, o.Group+"/"+o.Text)
		}
		if strings.Join(names, " ") != want {
			t.Errorf("%q offers %v, want %s", query, names, want)
		}
	}
	w.Clean()
}

// fill makes a complete request out of a fresh form.
func (w *world) fill(user string) {
	w.Helper()
	w.meet()
	w.slash(user, "figma editor")
	w.sees(user, "Needs a yes from")
	w.set(user, "reason", "Launch assets")
}

func TestRefusalsAppearUnderTheirField(t *testing.T) {
	for field, block := range map[string]string{
		"app": "app", "role": "role.figma", "duration": "duration.figma.editor", "reason": "reason", "": "app", "person": "app",
	} {
		w := newWorld(t, slack.Config{})
		w.fill(w.Maya)
		w.house.Store.Refuse(access.Refuse(access.Invalid, field, "Not like this."))
		if out := w.submit(w.Maya); out.Errors[block] != "Not like this." {
			t.Errorf("a refusal about %q is shown as %v", field, out.Errors)
		}
		w.Clean()
	}
}

func TestUnsavedRequestCanBeSubmittedAgain(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.fill(w.Maya)
	w.house.Store.Refuse(errors.New("the disk is full"))
	if out := w.submit(w.Maya); out.Errors["reason"] != respond.UnsavedForm {
		t.Errorf("errors: %v", out.Errors)
	}
	w.house.Store.Refuse(nil)
	w.submit(w.Maya)
	w.sees(w.Maya, "I'm asking those")
	if got := w.house.Only(); got.Reason != "Launch assets" {
		t.Errorf("submitted %+v", got)
	}
	w.Clean()
}

func TestSecondDeliveryAsksOnce(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.DuplicateNext(1)
	w.fill(w.Maya)
	w.Until("both deliveries of the command", func() bool { return w.handled.Load() == 2 })
	before := w.handled.Load()
	w.DuplicateNext(1)
	w.submit(w.Maya)
	w.sees(w.Maya, "I'm asking those")
	w.Until("both deliveries", func() bool { return w.handled.Load() == before+2 })
	if w.house.Only(); len(w.Views(w.Maya)) != 1 {
		t.Errorf("%d views", len(w.Views(w.Maya)))
	}
}

func TestObjectionIsShownBeforeSubmitting(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.house.Keep(bottest.Situations()["active"])
	w.slash(w.Maya, "figma editor")
	w.sees(w.Maya, "already")
	w.set(w.Maya, "role", "viewer")
	w.Until("the objection to go", func() bool { return !strings.Contains(slack.Render(w.top(w.Maya)), "already") })
	w.Clean()
}

func TestGuestsAreToldInTheForm(t *testing.T) {
	w := newWorld(t, slack.Config{})
	guest := w.AddUser(slack.User{Name: "gil", RealName: "Gil", Email: "gil@partner.example", IsUltraRestricted: true}).ID
	w.slash(guest, "")
	w.sees(guest, "Guest accounts can't request")
	w.Clean()
}

func TestFailedFormIsExplained(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.AddFault(slack.Fault{Method: "views.open", Times: 2, Error: "internal_error"}) // nor does one with the explanation
	w.slash(w.Maya, "")
	w.Until("an explanation", func() bool {
		for _, m := range w.Messages(w.DM(w.Maya)) {
			if m.Text == respond.Unopened {
				return true
			}
		}
		return false
	})
}

func TestShortcutOpensTheForm(t *testing.T) {
	w := newWorld(t, slack.Config{})
	if out, err := w.Shortcut(w.Ctx, w.Maya, manifest.ShortcutRequest); err != nil || !out.Acked {
		t.Fatal(out, err)
	}
	w.sees(w.Maya, "Its roles come next")
	w.Clean()
}

func TestDirectMessagesAreAnswered(t *testing.T) {
	w := newWorld(t, slack.Config{})
	dm := w.DM(w.Maya)
	if _, err := w.Say(w.Ctx, w.Maya, dm, "", "hello?"); err != nil {
		t.Fatal(err)
	}
	w.Until("an answer", func() bool {
		all := w.Messages(dm)
		return len(all) > 1 && strings.Contains(slack.Render(all[len(all)-1]), "opens the form")
	})
	w.Clean()
}
