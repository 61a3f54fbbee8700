package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/config"
	"latchkey/config/value"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/store/bolt"
)

// keyring is a configuration with a key file of its own, and a store.
type keyring struct {
	*testing.T
	config *config.Config
	store  store.Store
}

func newKeyring(t *testing.T) *keyring {
	t.Helper()
	dir := t.TempDir()
	k := &keyring{T: t, config: &config.Config{
		Jira:     config.Jira{URL: "https://acme.atlassian.net"},
		Store:    config.Store{Type: "bolt", Settings: bolt.Settings{Path: filepath.Join(dir, "latchkey.db")}},
		Evidence: config.Evidence{KeyFile: filepath.Join(dir, "keys", "evidence.key")},
	}}
	s, err := bolt.Open(storeFile(k.config), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	k.store = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return k
}

// start is one start of the bot.
func (k *keyring) start(history bool) (*keys, *keyChange, error) {
	k.Helper()
	keys, err := beginKeys(k.Context(), k.config, k.store, time.Now)
	if err != nil {
		k.Fatal(err)
	}
	changed, err := keys.start(k.Context(), history)
	return keys, changed, err
}

func (k *keyring) kept() (s store.Signing, log string) {
	k.Helper()
	if err := k.store.View(k.Context(), func(tx store.Tx) (err error) {
		if log, err = store.LogName(tx); err == nil {
			s, err = store.LoadSigning(tx)
		}
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return s, log
}

// The first start makes the key, outside the store's folder, for the log that begins.
func TestTheFirstStartMakesTheKey(t *testing.T) {
	k := newKeyring(t)
	keys, changed, err := k.start(false)
	if err != nil || changed != nil {
		t.Fatal(changed, err)
	}
	s, log := k.kept()
	first := s.Instance
	if first == 0 || s.Key != keys.signer().Public().String() || keys.signer().Public().Name() != log {
		t.Errorf("%+v, log %s", s, log)
	}
	info, err := os.Stat(k.config.Evidence.KeyFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := keys.hello(t.Context()); err != nil {
		t.Error(err)
	}
	if _, changed, err = k.start(true); err != nil || changed != nil {
		t.Error(changed, err)
	}
	if s, _ = k.kept(); s.Instance <= first {
		t.Errorf("after a second start it is number %d, after the first %d", s.Instance, first)
	}
}

// Of several that start for the first time at once, on one machine, each signs with the key that the first of them makes.
func TestTwoFirstStarts(t *testing.T) {
	k := newKeyring(t)
	var both []*keys
	for range 2 {
		one, err := beginKeys(t.Context(), k.config, k.store, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, one)
	}
	for _, one := range both {
		if _, err := one.start(t.Context(), false); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := both[0].signer().Public().String(), both[1].signer().Public().String(); a != b {
		t.Errorf("one signs with %s, the other with %s", a, b)
	}
}

// A first start without a place for the key is refused; one with history goes on, signs
// nothing and makes no other key, and takes the key up when it is back.
func TestWithoutAKey(t *testing.T) {
	k := newKeyring(t)
	k.config.Evidence.KeyFile = filepath.Join(filepath.Dir(storeFile(k.config)), "evidence.key")
	if _, _, err := k.start(false); err == nil || !strings.Contains(err.Error(), "beside the store") {
		t.Errorf("a key beside the store: %v", err)
	}
	k = newKeyring(t)
	if _, _, err := k.start(false); err != nil {
		t.Fatal(err)
	}
	file := k.config.Evidence.KeyFile
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	keys, _, err := k.start(true)
	if err != nil {
		t.Fatal(err)
	}
	_, log := k.kept()
	if _, err := keys.Sign(t.Context(), log, note.State, "latchkey/state/v1\n{}\n"); err == nil {
		t.Error("something was signed without the key")
	}
	if err := keys.lacking(t.Context()); err == nil || !strings.Contains(err.Error(), "Access ends on time; nothing new is given") {
		t.Errorf("IT reads %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("another key was made")
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if err := keys.hello(t.Context()); err != nil || keys.lacking(t.Context()) != nil {
		t.Errorf("after the key is back: %v", err)
	}
}

// A new key is taken up while the bot runs, and told: signed by both, or not.
func TestAnotherKey(t *testing.T) {
	k := newKeyring(t)
	keys, _, err := k.start(false)
	if err != nil {
		t.Fatal(err)
	}
	old := keys.signer().Public().String()
	_, log := k.kept()
	if _, err := note.Rotate(k.config.Evidence.KeyFile, log, time.Now(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	changed, err := keys.again(t.Context())
	if err != nil || changed == nil || !changed.agreed || changed.old != old {
		t.Fatalf("%+v, %v", changed, err)
	}
	if err := os.Remove(k.config.Evidence.KeyFile); err != nil {
		t.Fatal(err)
	}
	if _, err := note.Create(k.config.Evidence.KeyFile, log); err != nil {
		t.Fatal(err)
	}
	_, changed, err = k.start(true)
	if err != nil || changed == nil || changed.agreed || !strings.Contains(changed.sentence(), "somebody else may have") {
		t.Fatalf("%+v, %v", changed, err)
	}
	var story []string
	if err := k.store.View(t.Context(), func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{})
		for _, e := range all {
			story = append(story, string(e.Kind))
		}
		return err
	}); err != nil || strings.Join(story, " ") != "log.key log.key" {
		t.Errorf("the log tells %q, %v", story, err)
	}
}

// 55: after a loss of key and store the new key is of the same family, so that the log
// that begins is known to come after the one that is gone.
func TestAttack55ANewKeyOfTheSameFamily(t *testing.T) {
	was := newKeyring(t)
	lost, _, err := was.start(false)
	if err != nil {
		t.Fatal(err)
	}
	k := newKeyring(t)
	k.config.Evidence.Trust = []note.Trusted{{Public: lost.signer().Public()}}
	keys, _, err := k.start(true)
	if err != nil {
		t.Fatal(err)
	}
	if note.Family(keys.signer().Public().Name()) != note.Family(lost.signer().Public().Name()) || len(keys.trust().Keys()) != 2 {
		t.Errorf("it signs as %s, before as %s", keys.signer().Public(), lost.signer().Public())
	}
}

func TestTheUsualPlaceOfTheKey(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	c := &config.Config{Jira: config.Jira{URL: "https://Acme.atlassian.net"}}
	if got := keySource(c).File; !strings.HasSuffix(got, "/latchkey/acme.atlassian.net.key") {
		t.Errorf("it is %s", got)
	}
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	if got := keySource(c).File; strings.HasPrefix(got, dir) {
		t.Errorf("nothing was handed over, and it is %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "evidence.key"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := keySource(c).File; got != filepath.Join(dir, "evidence.key") {
		t.Errorf("what systemd hands over is not taken, but %s", got)
	}
	c.Evidence.Key = value.NewSecret("PRIVATE+KEY+x")
	if got := keySource(c); got.File != "" || got.Text == "" {
		t.Errorf("from the environment: %+v", got.File)
	}
}
