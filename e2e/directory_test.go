package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/bot/respond"
)

// A directory gets another id in the configuration while access in it lives. It is
// the same directory all the same, so nothing is given or taken away under its new id;
// IT hears at once what to do, and so does whoever asks. What needs no directory ends
// on time, what was given in this one is seen to be stuck when it is due, and all of
// it goes on when the id is put back.
func TestADirectoryWithAnotherID(t *testing.T) {
	a := newOld(t)
	before := a.variant("before.yaml", "choices: [30d, 90d, forever], default: 90d", "choices: [6h, 90d], default: 90d")
	a.restartWith(before)
	a.ask("maya", "noor", "IT-1")
	play(t, a.company, "slack sam '/access'", "slack sam submit app=pixelshop role=retoucher for=6h reason=Photos", "slack lena click Approve",
		"slack ines click 'It''s done'", "jira IT-2 status Granted")
	a.restartWith(a.variant("renamed.yaml", "id: okta\n", "id: corp\n", "okta:", "corp:", "sso: okta", "sso: corp"))
	play(t, a.company, "channel '#it-access' 'Access was given in a directory that is not configured any more … 1 of them in okta'",
		"channel '#it-access' 'corp is now what okta was called before … call it okta again'", "slack tom '/access'")
	_, err := a.tell.Do(t.Context(), "slack", "tom", "submit", "app=figma", "role=editor", "for=6h", "reason=Slides")
	if err == nil || !strings.Contains(err.Error(), respond.NeedsIT) {
		t.Errorf("asking for access in a directory that nobody can work with: %v", err)
	}
	play(t, a.company, "slack tom close", "clock +7h", "okta has figma-editors maya", "dm ines 'remove Sam Osei from Pixelshop … The time is up'",
		"channel '#it-access' 'Stuck while removing … The directory … is not configured any more'")
	a.restartWith(before)
	play(t, a.company, "clock +3m", "! okta has figma-editors maya", "jira IT-1 status Closed", "slack tom '/access'",
		"slack tom submit app=figma role=editor for=6h reason=Slides", "dm priya 'Slides'")
}

// variant writes the configuration down with changes, old and new in turn.
func (a old) variant(name string, changes ...string) (path string) {
	a.Helper()
	raw, err := os.ReadFile(a.path)
	if err != nil {
		a.Fatal(err)
	}
	path = filepath.Join(a.dir, name)
	if err := os.WriteFile(path, []byte(strings.NewReplacer(changes...).Replace(string(raw))), 0o600); err != nil {
		a.Fatal(err)
	}
	return path
}

// restartWith starts the bot anew under another configuration.
func (a old) restartWith(path string) {
	a.Helper()
	if err := a.stop(); err != nil {
		a.Fatal(err)
	}
	a.path = path
	if err := a.edit(nil); err != nil {
		a.Fatal(err)
	}
	a.boot()
}
