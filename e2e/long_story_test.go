package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// playOn plays lines of a story on a company.
func playOn(t *testing.T, c *company) func(lines ...string) {
	t.Helper()
	return func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			if _, err := c.tell.Do(context.Background(), words(line)...); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
}

// words parts a line of a story as the scripts do: spaces between single quotes hold a word together.
func words(line string) (out []string) {
	quoted := false
	for _, part := range strings.FieldsFunc(line, func(r rune) bool {
		if r == '\'' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	}) {
		out = append(out, strings.ReplaceAll(part, "'", ""))
	}
	return out
}

func newCompany(t *testing.T) *company {
	t.Helper()
	dir := t.TempDir()
	log, err := os.Create(filepath.Join(dir, "bot.log"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := found(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
		_ = log.Close()
	})
	return c
}

// TestAThousandClicksByAStranger: a colleague who may not decide leans on the button of a card that everybody in
// a channel sees. The story stays short, says how often, and goes on in Jira when the owner answers.
func TestAThousandClicksByAStranger(t *testing.T) {
	c := newCompany(t)
	do := playOn(t, c)
	do("slack maya /access", "slack maya submit app=adobe-cc role=single-app reason='Retouch'", "channel #design-access 'Retouch'", "jira IT-1 waits somebody")
	for range 1000 {
		_, _ = c.tell.Do(context.Background(), words("slack tom click Approve in #design-access")...) // refused each time
	}
	do("slack noor click Approve in #design-access", "okta has adobe-single maya", "jira IT-1 status Granted")
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	c.stop = func() error { return nil }
	story := storyOf(t, c)
	refused := 0
	for _, e := range story {
		if strings.HasPrefix(e.Note, "Refused to") {
			refused++
		}
	}
	if refused != 6 || len(story) > 30 {
		t.Errorf("%d of %d events are refusals of the same kind", refused, len(story))
	}
}

// storyOf is the story of the one request in the store of a bot that stands still.
func storyOf(t *testing.T, c *company) (story []access.Event) {
	t.Helper()
	inStore(t, c, func(tx store.Tx) error {
		all, err := store.AllRequests(tx, "", 2)
		if err != nil || len(all) != 1 {
			return fmt.Errorf("%d requests: %w", len(all), err)
		}
		story, err = store.Story(tx, store.Filter{Subject: access.RequestSubject(all[0].ID)})
		return err
	})
	return story
}

func inStore(t *testing.T, c *company, do func(store.Tx) error) {
	t.Helper()
	s, err := bolt.Open(filepath.Join(c.dir, "company.db"), bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(context.Background(), do); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestAStoryOfThousandsOfEvents: however long a request was talked about, what happens to it next reaches Jira, and
// its cards come to rest.
func TestAStoryOfThousandsOfEvents(t *testing.T) {
	c := newCompany(t)
	do := playOn(t, c)
	do("slack maya /access", "slack maya submit app=figma role=editor for=6h reason='Launch assets'", "jira IT-1 waits somebody", "dm noor 'Launch assets'")
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	first := storyOf(t, c)[0]
	inStore(t, c, func(tx store.Tx) error {
		for i := range 2500 {
			e := access.Event{Kind: access.EventNote, At: first.At, Request: first.Request, Person: first.Person, App: first.App, Role: first.Role, Actor: access.System(), Note: fmt.Sprint("Seen ", i)}
			if _, err := store.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	c.boot()
	do("slack noor home", "slack noor click Approve", "okta has figma-editors maya", "jira IT-1 status Granted", "dm maya 'in: Figma'")
	before := busy()
	idle, _ := c.world.Clock.Until(c.world.Clock.Now().Add(2 * time.Second))
	<-idle
	if used := busy() - before; used > time.Second {
		t.Errorf("while nothing happened for 2 s, %s of computing went by: a card is drawn in circles", used)
	}
}

// busy is how long this process has computed.
func busy() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
