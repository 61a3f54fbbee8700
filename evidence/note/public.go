package note

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Public is the public half of a key. Everybody may know it, and whoever has it can
// check every signature.
//
// A key is made for a log and named after it, for example
// "acme.atlassian.net/latchkey/7f3k9q2m/1". It goes on signing when that log is
// succeeded by another one of the same family, under the name of that one.
type Public struct {
	name string
	key  string // 32 bytes; a string, so that two can be compared
}

// newPublic is the public half of a key under a name.
func newPublic(name string, key ed25519.PublicKey) (Public, error) {
	if _, _, err := Epoch(name); err != nil {
		return Public{}, err
	}
	return Public{name, string(key)}, nil
}

// ParsePublic reads a public key as String writes it: name, id and key, with plus
// signs between them.
func ParsePublic(text string) (Public, error) {
	v, err := note.NewVerifier(text)
	if err != nil {
		return Public{}, fmt.Errorf("%q is no public key of Latchkey (%w): it has to look like acme.atlassian.net/latchkey/7f3k9q2m/1+0123abcd+AbC…=, as latchkey evidence key prints it", text, err)
	}
	_, code, _ := strings.Cut(text, "+")
	_, code, _ = strings.Cut(code, "+")
	raw, err := base64.StdEncoding.DecodeString(code)
	if err != nil {
		return Public{}, fmt.Errorf("%q is no public key: %w", text, err)
	}
	return newPublic(v.Name(), raw[1:])
}

// ReadPublic reads a public key as services that keep keys show it, in PEM or in base64
// (SubjectPublicKeyInfo), for the log it is going to sign.
func ReadPublic(log string, text []byte) (Public, error) {
	der := []byte(nil)
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
	} else if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(text)), "")); err == nil {
		der = raw
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return Public{}, errors.New("that is no public key: it has to be one in PEM (-----BEGIN PUBLIC KEY-----) or the same in base64, as a service that keeps keys shows it")
	}
	edwards, ok := key.(ed25519.PublicKey)
	if !ok {
		return Public{}, fmt.Errorf("that is a key of another kind (%T): make one for Ed25519 (AWS: ECC_NIST_EDWARDS25519, Google Cloud: EC_SIGN_ED25519)", key)
	}
	return newPublic(log, edwards)
}

// Name is the name of the log that the key was made for.
func (p Public) Name() string { return p.name }

// IsZero reports whether there is no key.
func (p Public) IsZero() bool { return p.key == "" }

// String is the key as it is written down.
func (p Public) String() string { return p.In(p.name) }

// In is the key as those know it who check the notes of one log.
func (p Public) In(log string) string {
	text, err := note.NewEd25519VerifierKey(log, ed25519.PublicKey(p.key))
	if err != nil {
		return ""
	}
	return text
}

// ID is short for the key, for people.
func (p Public) ID() string {
	_, rest, _ := strings.Cut(p.String(), "+")
	id, _, _ := strings.Cut(rest, "+")
	return id
}

// Equal reports whether both are the same key, whatever log each was made for.
func (p Public) Equal(o Public) bool { return p.key == o.key }

// verifier checks signatures under the name of a log.
func (p Public) verifier(log string) (note.Verifier, error) { return note.NewVerifier(p.In(log)) }

// Family is what a log has in common with those that came before and after it: its
// name without the number of its epoch.
func Family(log string) string {
	family, _ := cutLast(log, "/")
	return family
}

// Epoch takes a log's name apart: its family, and the number of its epoch, from 1.
func Epoch(log string) (family string, n int, err error) {
	family, number := cutLast(log, "/")
	n, err = strconv.Atoi(number)
	host, rest, _ := strings.Cut(family, "/latchkey/")
	if err != nil || n < 1 || strconv.Itoa(n) != number || host == "" || rest == "" || strings.HasPrefix(log, "latchkey/") || strings.ContainsAny(log, " +\n\x00") {
		return "", 0, fmt.Errorf("%q is no name of a log: it has to look like acme.atlassian.net/latchkey/7f3k9q2m/1", log)
	}
	return family, n, nil
}

// InEpoch is the name of a family's log with a number.
func InEpoch(family string, n int) string { return family + "/" + strconv.Itoa(n) }
