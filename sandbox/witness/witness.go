// Package witness emulates a witness of transparency logs (c2sp.org/tlog-witness):
// it remembers one head of each log, signs what goes on from it, and refuses the
// rest. It answers as litewitness does.
package witness

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Clock is how the witness knows the time.
type Clock interface{ Now() time.Time }

// Server is one witness. The logs it knows are added by its operator.
type Server struct {
	name  string
	clock Clock
	key   ed25519.PrivateKey

	mu    sync.Mutex
	logs  map[string]note.Verifier
	heads map[string]head
}

// head is what the witness remembers of a log, and when it first saw it.
type head struct {
	size int64
	root tlog.Hash
	at   time.Time
}

// New makes a witness that knows no log. A seed makes its key.
func New(name string, seed [ed25519.SeedSize]byte, clock Clock) *Server {
	return &Server{
		name: name, clock: clock, key: ed25519.NewKeyFromSeed(seed[:]),
		logs: map[string]note.Verifier{}, heads: map[string]head{},
	}
}

// kind of key: it signs when it saw something.
const cosignature = 0x04

func (s *Server) public() []byte {
	return append([]byte{cosignature}, s.key.Public().(ed25519.PublicKey)...)
}

func (s *Server) id() []byte {
	sum := sha256.Sum256([]byte(s.name + "\n" + string(s.public())))
	return sum[:4]
}

// Key is the public key as the witness gives it out.
func (s *Server) Key() string {
	return s.name + "+" + hex.EncodeToString(s.id()) + "+" + base64.StdEncoding.EncodeToString(s.public())
}

// Add has the witness know a log by its public key, under whose name it signs.
func (s *Server) Add(key string) error {
	v, err := note.NewVerifier(key)
	if err != nil {
		return fmt.Errorf("sandbox: the key of a log: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs[v.Name()] = v
	return nil
}

// Size is how much of a log the witness has seen.
func (s *Server) Size(log string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heads[log].size
}

// ServeHTTP takes checkpoints.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/add-checkpoint" {
		http.Error(w, "the sandbox's witness does one thing: POST /add-checkpoint", http.StatusNotImplemented)
		return
	}
	if r.Method != http.MethodPost {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	line, refusal := s.add(body)
	if refusal == nil {
		_, _ = io.WriteString(w, line) // whoever asked has gone
		return
	}
	if refusal.status == http.StatusConflict {
		w.Header().Set("Content-Type", "text/x.tlog.size")
	}
	w.WriteHeader(refusal.status)
	_, _ = io.WriteString(w, refusal.text+"\n")
}

type refusal struct {
	status int
	text   string
}

// add is the protocol.
func (s *Server) add(body []byte) (string, *refusal) {
	old, proof, signed, err := read(body)
	if err != nil {
		return "", &refusal{http.StatusBadRequest, err.Error()}
	}
	origin, _, _ := bytes.Cut(signed, []byte("\n"))
	v, known := s.logs[string(origin)]
	if !known {
		return "", &refusal{http.StatusNotFound, "unknown log"}
	}
	n, err := note.Open(signed, note.VerifierList(v))
	if err != nil {
		return "", &refusal{http.StatusForbidden, "no signature of a key that is known"}
	}
	size, root, err := readTree(n.Text)
	switch was := s.heads[string(origin)]; {
	case err != nil:
		return "", &refusal{http.StatusBadRequest, err.Error()}
	case old > size:
		return "", &refusal{http.StatusBadRequest, "old size above the checkpoint's"}
	case old != was.size:
		return "", &refusal{http.StatusConflict, strconv.FormatInt(was.size, 10)}
	case size == was.size && size > 0:
		if root != was.root {
			return "", &refusal{http.StatusUnprocessableEntity, "another root at the same size"}
		}
		return s.sign(n.Text, was.at), nil
	case was.size > 0 && tlog.CheckTree(proof, size, root, was.size, was.root) != nil:
		return "", &refusal{http.StatusUnprocessableEntity, "the proof does not hold"}
	}
	now := head{size, root, s.clock.Now()}
	s.heads[string(origin)] = now
	return s.sign(n.Text, now.at), nil
}

// sign is the line with which the witness says when it saw a checkpoint.
func (s *Server) sign(text string, at time.Time) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	sig := ed25519.Sign(s.key, []byte("cosignature/v1\ntime "+seconds+"\n"+text))
	raw := binary.BigEndian.AppendUint64(bytes.Clone(s.id()), uint64(at.Unix()))
	return "— " + s.name + " " + base64.StdEncoding.EncodeToString(append(raw, sig...)) + "\n"
}

var errBody = errors.New("malformed: old size, proof, an empty line, a checkpoint")

func read(body []byte) (old int64, proof tlog.TreeProof, signed []byte, err error) {
	front, signed, ok := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(front), "\n")
	said, isOld := strings.CutPrefix(lines[0], "old ")
	old, err = strconv.ParseInt(said, 10, 64)
	if !ok || !isOld || err != nil || old < 0 || len(lines) > 64 {
		return 0, nil, nil, errBody
	}
	for _, line := range lines[1:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return 0, nil, nil, errBody
		}
		proof = append(proof, tlog.Hash(raw))
	}
	return old, proof, signed, nil
}

func readTree(text string) (size int64, root tlog.Hash, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return 0, root, errBody
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	raw, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || err2 != nil || len(raw) != tlog.HashSize || size < 0 {
		return 0, root, errBody
	}
	return size, tlog.Hash(raw), nil
}
