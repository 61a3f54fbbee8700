package witness

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// A witness signs when it saw a checkpoint, so its key is of a kind of its own
// (c2sp.org/tlog-cosignature, "cosignature/v1").
const cosignatureKey = 0x04

// Key is the public key of a witness. It is a note.Verifier.
type Key struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

// ParseKey reads a witness's public key as the witness gives it out: its name, an
// id and the key, with plus signs between them.
func ParseKey(text string) (Key, error) {
	fault := fmt.Errorf("%q is no key of a witness: it has to look like witness.example/w1+0123abcd+BAbC…=, as the witness gives it out", text)
	name, rest, _ := strings.Cut(text, "+")
	id, code, ok := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(code)
	if !ok || err != nil || name == "" || strings.ContainsAny(name, " \n") || len(raw) != 1+ed25519.PublicKeySize || raw[0] != cosignatureKey {
		return Key{}, fault
	}
	sum := sha256.Sum256([]byte(name + "\n" + string(raw)))
	if hex.EncodeToString(sum[:4]) != id {
		return Key{}, fault
	}
	return Key{name, binary.BigEndian.Uint32(sum[:]), raw[1:]}, nil
}

// Name implements note.Verifier.
func (k Key) Name() string { return k.name }

// KeyHash implements note.Verifier.
func (k Key) KeyHash() uint32 { return k.hash }

// Verify implements note.Verifier: eight bytes of time and a signature over it and
// the checkpoint.
func (k Key) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	said := "cosignature/v1\ntime " + strconv.FormatUint(at, 10) + "\n" + string(text)
	return ed25519.Verify(k.key, []byte(said), sig[8:])
}

var errUnseen = errors.New("the witness has not signed it")

// Seen is when the witness saw a checkpoint, by its signature on it.
func (k Key) Seen(checkpoint string) (time.Time, error) {
	n, err := note.Open([]byte(checkpoint), note.VerifierList(k))
	if err != nil {
		return time.Time{}, errUnseen
	}
	raw, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil || len(raw) < 12 {
		return time.Time{}, errUnseen
	}
	return time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC(), nil
}
