package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"latchkey/config"
	"latchkey/evidence/note"
)

// KeyList is what is known of the keys without looking into the store.
type KeyList struct {
	Public  []PublicKey // the one that signs comes first, if there is one
	Signs   bool
	Where   string // the secret half, for people
	Lacking error  // why nothing can be signed; nil if it can
}

// PublicKey is a key that counts, and how far.
type PublicKey struct{ Key, Bounds string }

// KeysOf are the keys that a configuration leads to.
func KeysOf(c *config.Config) KeyList {
	from := keySource(c)
	k := note.Load(from, time.Now)
	out := KeyList{Signs: k.Signer != nil, Lacking: k.Lacking}
	for _, t := range k.Trust.Keys() {
		out.Public = append(out.Public, PublicKey{t.String(), bounds(t)})
	}
	switch {
	case len(from.Command) > 0:
		out.Where = "where the command under evidence.sign has it"
	case from.Text != "":
		out.Where = "in the environment"
	case from.File != "":
		out.Where = "in " + from.File
	}
	return out
}

func bounds(t note.Trusted) string {
	var said []string
	if !t.Until.IsZero() {
		said = append(said, "until "+t.Until.UTC().Format(time.RFC3339))
	}
	if !t.Stolen.IsZero() {
		said = append(said, "stolen at "+t.Stolen.UTC().Format(time.RFC3339))
	}
	if len(said) == 0 {
		return ""
	}
	return " (" + strings.Join(said, ", ") + ")"
}

// CreateKey makes a key in a file: for the log that is kept here, or, where none is yet,
// for the one that is going to be.
func CreateKey(ctx context.Context, c *config.Config, file string) (public string, err error) {
	from := keySource(c)
	log, err := logToSign(ctx, c)
	if err != nil {
		return "", err
	}
	if from.Store != "" && filepath.Clean(filepath.Dir(file)) == filepath.Clean(filepath.Dir(from.Store)) {
		return "", fmt.Errorf("%s would lie beside the store, so whoever gets a copy of that folder could sign: name another folder", file)
	}
	made, err := note.Create(file, log)
	return made.String(), err
}

// PublicLine is a public key, as a service that keeps keys shows it, in the form that
// evidence.trust takes: for the log that is kept here, or the one that is going to be.
func PublicLine(ctx context.Context, c *config.Config, key []byte) (string, error) {
	log, err := logToSign(ctx, c)
	if err != nil {
		return "", err
	}
	public, err := note.ReadPublic(log, key)
	return public.String(), err
}

// logToSign is the log that is kept here, or the one that is going to be.
func logToSign(ctx context.Context, c *config.Config) (string, error) {
	if HasStore(c) {
		return logKept(ctx, c)
	}
	return logName(note.Load(keySource(c), time.Now), c.Jira.URL)
}

func logKept(ctx context.Context, c *config.Config) (name string, err error) {
	err = withLog(ctx, c, func(a *AdminClient) error {
		l, err := a.Log(ctx)
		name = l.Log
		return err
	})
	return name, err
}

func withLog(ctx context.Context, c *config.Config, fn func(*AdminClient) error) error {
	admin, err := OpenAdmin(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(fn(admin), admin.Close())
}

// KeyRotation is what came of putting a new key in the old one's place.
type KeyRotation struct {
	File     string
	Old, New string
	Until    time.Time // how long the old one counts
	Taken    bool      // the running bot signs with the new one
}

// RotateKey puts a new key in the place of the one in the key file.
func RotateKey(ctx context.Context, c *config.Config, stolen time.Time) (out KeyRotation, err error) {
	from := keySource(c)
	if from.File == "" {
		return out, errors.New("the signing key is in no file, so it can't be replaced from here: put a new one where it is kept (latchkey evidence key create makes one), and the old public key under evidence.trust")
	}
	if now := time.Now(); stolen.After(now) {
		return out, fmt.Errorf("--stolen-at %s is still to come", stolen.UTC().Format(time.RFC3339))
	}
	err = withLog(ctx, c, func(a *AdminClient) error {
		l, err := a.Log(ctx)
		if err != nil {
			return err
		}
		r, err := note.Rotate(from.File, l.Log, time.Now(), stolen)
		if err != nil {
			return err
		}
		out = KeyRotation{File: from.File, Old: r.Old.String(), New: r.New.String(), Until: r.Until}
		out.Taken, err = a.NewKey(ctx)
		return err
	})
	return out, err
}
