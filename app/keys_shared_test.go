package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/config"
	"latchkey/evidence/note"
)

// beside is a replica on the same store whose key is in a file of its own, as that is now.
func (k *keyring) beside(name string) *keyring {
	k.Helper()
	c := *k.config
	c.Evidence.KeyFile = filepath.Join(k.TempDir(), name+".key")
	other := &keyring{T: k.T, config: &c, store: k.store}
	other.copied(k)
	return other
}

// copied has a replica's file be what another one's is.
func (k *keyring) copied(from *keyring) {
	k.Helper()
	text, err := os.ReadFile(from.config.Evidence.KeyFile)
	if err == nil {
		err = os.WriteFile(k.config.Evidence.KeyFile, text, 0o600)
	}
	if err != nil {
		k.Fatal(err)
	}
}

func (k *keyring) begun() *keys {
	k.Helper()
	keys, _, err := k.start(true)
	if err != nil {
		k.Fatal(err)
	}
	return keys
}

// The key is replaced on one machine after the other. Whoever has the old one signs nothing once another replica has the new one,
// says so, and takes the new one up from its file, without a restart; and nobody who comes with the old one changes it back.
func TestAKeyIsReplacedOnOneReplicaAfterTheOther(t *testing.T) {
	one := newKeyring(t)
	one.store = common{one.store}
	if _, _, err := one.start(false); err != nil {
		t.Fatal(err)
	}
	two := one.beside("two")
	first, second := one.begun(), two.begun()
	signing := func(k *keys) bool {
		_, log, err := k.signing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text, err := note.Compose(note.Probe, map[string]time.Time{"at": time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.Sign(t.Context(), log, note.Probe, text)
		if f := access.Classify(k.lacking(t.Context())); k.lacking(t.Context()) != nil && (!strings.Contains(f.Sentence, k.from.File) || f.Class != access.Transient) {
			t.Errorf("it says %s", f.Sentence)
		}
		return err == nil && k.lacking(t.Context()) == nil
	}
	_, log := one.kept()
	if _, err := note.Rotate(one.config.Evidence.KeyFile, log, time.Now(), time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if changed, err := first.follow(t.Context()); err != nil || changed == nil {
		t.Fatalf("whose file is replaced doesn't take it up: %v, %v", changed, err)
	}
	now, _ := one.kept()
	if changed, err := second.follow(t.Context()); err != nil || changed != nil || signing(second) || !signing(first) {
		t.Errorf("with the old key: %v, %v; signs %v, and the other %v", changed, err, signing(second), signing(first))
	}
	if again, _, err := two.start(true); err != nil || signing(again) {
		t.Errorf("started with the old key it signs: %v", err)
	}
	two.config.Evidence.Trust = []note.Trusted{{Public: first.signer().Public()}} // an old key that knows of the new one stays an old key
	if again, _, err := two.start(true); err != nil || signing(again) {
		t.Errorf("with the old key, and trusting the new one, it signs: %v", err)
	}
	if is, _ := one.kept(); is.Key != now.Key {
		t.Errorf("the log's key is %s, was %s", is.Key, now.Key)
	}
	two.copied(one)
	if changed, err := second.follow(t.Context()); err != nil || changed != nil || !signing(second) {
		t.Errorf("once it has the file: %v, %v, signs %v", changed, err, signing(second))
	}
	if err := second.hello(t.Context()); err != nil {
		t.Error(err)
	}
}

// A key that was made by mistake on one replica takes no other one's place.
func TestAKeyOfOneReplicaAlone(t *testing.T) {
	one := newKeyring(t)
	one.store = common{one.store}
	if _, _, err := one.start(false); err != nil {
		t.Fatal(err)
	}
	was, log := one.kept()
	two := &keyring{T: t, store: one.store, config: &config.Config{Jira: one.config.Jira, Store: one.config.Store, Evidence: config.Evidence{KeyFile: filepath.Join(t.TempDir(), "own.key")}}}
	if _, err := note.Create(two.config.Evidence.KeyFile, log); err != nil {
		t.Fatal(err)
	}
	if _, changed, err := two.start(true); err != nil || changed != nil {
		t.Errorf("%+v, %v", changed, err)
	}
	if is, _ := one.kept(); is.Key != was.Key || is.Instance == was.Instance {
		t.Errorf("it was %+v and is %+v", was, is)
	}
}
