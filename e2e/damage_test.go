package e2e

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// old is a company whose log is kept in short stretches, as if it were years old.
type old struct {
	*testing.T
	*company
}

func newOld(t *testing.T) old {
	t.Helper()
	dir, log := t.TempDir(), &strings.Builder{}
	s, err := bolt.Open(filepath.Join(dir, "company.db"), bolt.Options{Stretch: 4})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := found(dir, &locked{w: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return old{t, c}
}

// ask has somebody be given six hours of Figma, recorded in an issue.
func (a old) ask(who, approver, issue string) {
	a.Helper()
	play(a.T, a.company, "slack "+who+" '/access'", "slack "+who+" submit app=figma role=editor for=6h reason=Slides", "slack "+approver+" click Approve",
		"okta has figma-editors "+who, "jira "+issue+" status Granted", "jira "+issue+" internal 'Read back'")
}

// damage stops the bot and lets a function at its store.
func (a old) damage(do func(s *bolt.Store, path string)) {
	a.Helper()
	if err := a.stop(); err != nil {
		a.Fatal(err)
	}
	a.stop = func() error { return nil }
	path := filepath.Join(a.dir, "company.db")
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		a.Fatal(err)
	}
	do(s, path)
	if err := s.Close(); err != nil {
		a.Error(err)
	}
	a.boot()
}

// change changes the store as it stands.
func (a old) change(s *bolt.Store, do func(store.Tx) error) {
	a.Helper()
	if err := s.Update(context.Background(), do); err != nil {
		a.Fatal(err)
	}
}

// spoil makes the body of every record of a kind unreadable.
func (a old) spoil(s *bolt.Store, kind string, which func(store.Record) bool) {
	a.Helper()
	a.change(s, func(tx store.Tx) error {
		all, err := tx.Find(kind, "", "", 100)
		if err != nil {
			return err
		}
		spoilt := 0
		for _, r := range all {
			if !which(r) {
				continue
			}
			r.Body = []byte("{")
			if _, err := tx.Put(r); err != nil {
				return err
			}
			spoilt++
		}
		if spoilt == 0 {
			a.Errorf("there is no %s to spoil", kind)
		}
		return nil
	})
}

func every(store.Record) bool { return true }

// A file of the log is lost: by a restore that forgot the folder, or a bad sector.
// Whose story it held loses access on time, and so does everybody else. Their issue is
// told the rest, and what is missing is among what is stuck.
func TestALostStretchKeepsNoEnd(t *testing.T) {
	a := newOld(t)
	a.ask("maya", "noor", "IT-1")
	a.damage(func(s *bolt.Store, path string) {
		files, err := filepath.Glob(path + ".events/*")
		for i := 0; len(files) < 2 && err == nil && i < 10_000; i++ { // with the second, the first is on record
			a.change(s, func(tx store.Tx) error {
				_, err := store.Append(tx, access.Event{Kind: access.EventNote, At: a.world.Clock.Now().UTC(), Note: "time goes by"})
				return err
			})
			files, err = filepath.Glob(path + ".events/*")
		}
		if err != nil || len(files) < 2 {
			t.Fatalf("nothing is sealed: %v", err)
		}
		if err := os.Remove(files[0]); err != nil {
			t.Fatal(err)
		}
	})
	a.ask("sam", "lena", "IT-2")
	play(t, a.company, "clock +7h", "! okta has figma-editors maya", "! okta has figma-editors sam", "jira IT-2 status Closed", "dm maya 'access to Figma … has ended'",
		"jira IT-1 status Closed", "jira IT-1 internal 'Read back: is not a member any more'", "jira IT-1 internal 'Not all of this request''s story can be read back'",
		"slack ines '/access stuck'", "whisper ines 'Not all of the story of IT-1 can be read back (event'")
}

// A record that can't be read back keeps no end but, at most, its own.
func TestADamagedRecordKeepsNoEnd(t *testing.T) {
	for _, kind := range []string{"card", "request", "person"} {
		t.Run(kind, func(t *testing.T) {
			a := newOld(t)
			a.ask("maya", "noor", "IT-1")
			a.ask("sam", "lena", "IT-2")
			a.damage(func(s *bolt.Store, _ string) { a.spoil(s, kind, every) })
			play(t, a.company, "clock +7h", "! okta has figma-editors maya", "! okta has figma-editors sam")
		})
	}
	t.Run("grant", func(t *testing.T) {
		a := newOld(t)
		a.ask("maya", "noor", "IT-1")
		a.ask("sam", "lena", "IT-2")
		a.damage(func(s *bolt.Store, _ string) {
			var mayas access.Grant
			a.change(s, func(tx store.Tx) error {
				all, err := store.AllGrants(tx, "", 10)
				mayas = slices.MinFunc(all, func(a, b access.Grant) int { return a.Created.Compare(b.Created) })
				return err
			})
			a.spoil(s, "grant", func(r store.Record) bool { return r.ID == mayas.ID })
		})
		play(t, a.company, "clock +7h", "! okta has figma-editors sam")
	})
}
