package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A directory gets another id in the configuration while access in it lives. What
// is given in the new one ends on time; of what was given in the old one IT hears at
// once, and it is seen to be stuck when it is due, until the id is put back.
func TestADirectoryWithAnotherID(t *testing.T) {
	a := newOld(t)
	a.ask("maya", "noor", "IT-1")
	before := a.path
	raw, err := os.ReadFile(before)
	if err != nil {
		t.Fatal(err)
	}
	renamed := filepath.Join(a.dir, "renamed.yaml")
	text := strings.ReplaceAll(strings.ReplaceAll(string(raw), "id: okta\n", "id: corp\n"), "okta:", "corp:")
	if err := os.WriteFile(renamed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a.restartWith(renamed)
	play(t, a.company, "channel '#it-access' 'Access was given in a directory that is not configured any more … 1 of them in okta'")
	a.ask("sam", "lena", "IT-2")
	play(t, a.company, "clock +7h", "! okta has figma-editors sam", "okta has figma-editors maya",
		"channel '#it-access' 'Stuck while removing … The directory … is not configured any more'")
	a.restartWith(before)
	play(t, a.company, "clock +3m", "! okta has figma-editors maya", "jira IT-1 status Closed")
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
