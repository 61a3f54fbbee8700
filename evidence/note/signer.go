package note

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Limit is how many bytes of text can be signed: services that keep keys take no
// longer message.
const Limit = 4096

// Signer signs documents. It is safe for concurrent use.
type Signer struct {
	keys []half // the first is the one; the others go on signing for a while
	now  func() time.Time
}

// half is the secret half of a key, or what has it.
type half struct {
	public Public
	until  time.Time // when it stops signing; zero: not
	sign   func(ctx context.Context, text []byte) ([]byte, error)
}

// Public is the public half of the key it signs with.
func (s *Signer) Public() Public { return s.keys[0].public }

// Sign signs a document in the name of a log, which has to be one of the key's
// family.
func (s *Signer) Sign(ctx context.Context, log string, k Kind, text string) (string, error) {
	if err := k.of(log, text); err != nil {
		return "", fmt.Errorf("sign a document as %s: %w", k, err)
	}
	if len(text) >= Limit {
		return "", fmt.Errorf("a document of the kind %s has %d bytes, and no more than %d can be signed: report this fault", k, len(text), Limit-1)
	}
	if Family(log) != Family(s.Public().Name()) {
		return "", fmt.Errorf("the signing key was made for %s and can't sign for the log %s: configure the key of this installation", s.Public().Name(), log)
	}
	var lines []note.Signer
	for _, h := range s.keys {
		if !h.until.IsZero() && !s.now().Before(h.until) {
			continue
		}
		v, err := h.public.verifier(log)
		if err != nil {
			return "", fmt.Errorf("the signing key can't sign for the log %s: %w", log, err)
		}
		lines = append(lines, line{ctx, v, h})
	}
	signed, err := note.Sign(&note.Note{Text: text}, lines...)
	if err != nil {
		return "", fmt.Errorf("sign a document: %w", err)
	}
	return string(signed), nil
}

// line makes one signature line. It is a note.Signer.
type line struct {
	ctx context.Context
	note.Verifier
	half half
}

// Sign implements note.Signer. A signature is looked at before anybody relies on it.
func (l line) Sign(text []byte) ([]byte, error) {
	sig, err := l.half.sign(l.ctx, text)
	if err == nil && !l.Verify(text, sig) {
		err = errors.New("the signature does not fit the public key: the first key under evidence.trust has to be the one that evidence.sign signs with")
	}
	return sig, err
}

// key is a key that is at hand as one line of text. It holds a secret.
type key struct {
	public Public
	secret ed25519.PrivateKey
}

const keyPrefix = "PRIVATE+KEY+"

// generate makes a key for a log.
func generate(log string) (key, error) {
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return key{}, fmt.Errorf("make a signing key: %w", err)
	}
	p, err := newPublic(log, public)
	return key{p, secret}, err
}

var errKey = errors.New("it holds no signing key: it has to be a line that begins with " + keyPrefix + " (latchkey evidence key create makes one)")

// parseKey reads a key as text writes it. No error quotes it.
func parseKey(line string) (key, error) {
	rest, ok := strings.CutPrefix(line, keyPrefix)
	name, rest, _ := strings.Cut(rest, "+")
	id, code, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != algorithm {
		return key{}, errKey
	}
	secret := ed25519.NewKeyFromSeed(raw[1:])
	public, err := newPublic(name, secret.Public().(ed25519.PublicKey))
	if err != nil || public.ID() != id {
		return key{}, errKey
	}
	return key{public, secret}, nil
}

// algorithm is Ed25519's number in notes.
const algorithm = 1

// text is the key in the form in which Go's own tools write such keys.
func (k key) text() string {
	raw := append([]byte{algorithm}, k.secret.Seed()...)
	return keyPrefix + k.public.Name() + "+" + k.public.ID() + "+" + base64.StdEncoding.EncodeToString(raw)
}

func (k key) half(until time.Time) half {
	return half{k.public, until, func(_ context.Context, text []byte) ([]byte, error) {
		return ed25519.Sign(k.secret, bytes.Clone(text)), nil
	}}
}
