package note

import (
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Trusted is a key whose signatures count, and how far.
type Trusted struct {
	Public
	Until  time.Time // it was replaced then, and signs nothing later; zero: it was not
	Stolen time.Time // somebody else may sign with it since then; zero: nobody
}

// Trust is whose signatures count. The zero value trusts nobody.
type Trust struct{ keys []Trusted }

// NewTrust trusts some keys. Of a key that is named twice the first counts.
func NewTrust(keys ...Trusted) Trust {
	var t Trust
	for _, k := range keys {
		if !slices.ContainsFunc(t.keys, func(o Trusted) bool { return o.Equal(k.Public) && Family(o.name) == Family(k.name) }) {
			t.keys = append(t.keys, k)
		}
	}
	return t
}

// Keys are the keys that are trusted.
func (t Trust) Keys() []Trusted { return slices.Clone(t.keys) }

// Nobody reports whether nobody is trusted.
func (t Trust) Nobody() bool { return len(t.keys) == 0 }

// And trusts further keys.
func (t Trust) And(more ...Trusted) Trust { return NewTrust(slices.Concat(t.keys, more)...) }

// Verifier implements note.Verifiers: a key counts for every log of its family.
func (t Trust) Verifier(log string, id uint32) (note.Verifier, error) {
	for _, k := range t.keys {
		if Family(k.name) != Family(log) {
			continue
		}
		if v, err := k.verifier(log); err == nil && v.KeyHash() == id {
			return v, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: log, KeyHash: id}
}

// Why a note doesn't count.
var (
	ErrUnsigned = errors.New("it is not signed")
	ErrStranger = errors.New("it is signed with a key that is not trusted here")
	ErrForged   = errors.New("it says that it is signed by Latchkey, and the signature is false: somebody has changed it")
)

// Opened is a note whose signature counts.
type Opened struct {
	Kind Kind
	Log  string    // under whose name it was signed
	Text string    // the document
	By   []Trusted // who signed it; not empty
}

// Open checks a note, which has to hold a document of a kind. Signatures of others,
// such as witnesses, say nothing here and do no harm.
func (t Trust) Open(k Kind, text string) (Opened, error) {
	n, err := note.Open([]byte(text), t)
	switch forged, stranger := (*note.InvalidSignatureError)(nil), (*note.UnverifiedNoteError)(nil); {
	case errors.As(err, &forged):
		return Opened{}, ErrForged
	case errors.As(err, &stranger):
		return Opened{}, ErrStranger
	case err != nil:
		return Opened{}, ErrUnsigned
	}
	o := Opened{Kind: k, Log: n.Sigs[0].Name, Text: n.Text}
	for _, s := range n.Sigs {
		if s.Name != o.Log || !exact(s.Base64) {
			return Opened{}, ErrForged
		}
		o.By = append(o.By, t.signed(s))
	}
	return o, k.of(o.Log, n.Text)
}

// exact reports whether a signature is written as Latchkey writes it: base64 has
// bits that mean nothing, and a note that somebody touched there is one that
// somebody touched.
func exact(text string) bool {
	_, err := base64.StdEncoding.Strict().DecodeString(text)
	return err == nil
}

// signed is the key that made a signature.
func (t Trust) signed(s note.Signature) (by Trusted) {
	for _, k := range t.keys {
		if v, err := k.verifier(s.Name); err == nil && v.KeyHash() == s.Hash && Family(k.name) == Family(s.Name) {
			return k
		}
	}
	return Trusted{}
}

// Decode reads the document's line of JSON.
func (o Opened) Decode(into any) error { return Decode(o.Kind, o.Text, into) }

// Retired reports whether every key that signed it had been replaced by then.
func (o Opened) Retired(at time.Time) bool {
	return !slices.ContainsFunc(o.By, func(k Trusted) bool { return k.Until.IsZero() || at.Before(k.Until) })
}

// Stolen reports whether somebody else may have signed it, and since when they
// could: each of its keys was stolen.
func (o Opened) Stolen() (since time.Time, stolen bool) {
	for _, k := range o.By {
		if k.Stolen.IsZero() {
			return time.Time{}, false
		}
		if since.IsZero() || k.Stolen.After(since) {
			since = k.Stolen
		}
	}
	return since, true
}
