package value

import (
	"path/filepath"
	"strings"
	"sync"
	"unicode"
)

// noToken stands in the place of a token that is not there.
const noToken = "token-is-missing"

// source is the file that a secret came from, as a whole.
type source struct {
	read func() (value, problem string)
	keep *Secrets // told of every value it ever had, so that no log shows one

	mu   sync.Mutex
	last string
}

// Current gives the value as it is now: for a secret that is a file, as in
// ${file:/run/secrets/token}, what stands in the file at this moment, so that it can
// be replaced there. While the file can't be read, or holds no token, it is what
// stood there last.
func (s Secret) Current() string {
	if s.from == nil {
		return s.Reveal()
	}
	return s.from.current()
}

func (f *source) current() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	now, problem := f.read()
	if problem != "" || now == f.last || strings.ContainsFunc(now, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return f.last
	}
	f.last = now
	f.keep.Keep(now)
	return now
}

// fresh remembers the file that a scalar names, if it names one and nothing else.
func (d *Document) fresh(written string, s Secret) Secret {
	path := fileNamed(written)
	if path == "" {
		return s
	}
	s.from = &source{read: func() (string, string) { return d.refs.file(path) }, keep: d.secrets, last: s.Reveal()}
	return s
}

// fileNamed is the path in a scalar that is wholly a reference to a file; "" for any
// other.
func fileNamed(written string) string {
	name, isFile := strings.CutPrefix(strings.TrimSpace(written), "${file:")
	path, closed := strings.CutSuffix(name, "}")
	if !isFile || !closed || strings.ContainsAny(path, "${}") {
		return ""
	}
	return path
}

// File is the path of the file that a value is wholly a reference to, as in
// ${file:/etc/latchkey/evidence.key}; "" for anything else. Nobody looks whether the
// file is there.
func (v Node) File() string {
	if !v.IsSingle() {
		return ""
	}
	return v.Beside(fileNamed(v.target().Value))
}

// Beside is a path as the file means it: one that is not whole begins in the file's folder.
func (v Node) Beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(v.doc.refs.dir, path)
}

// Written reports whether a value stands in the file itself, as a whole.
func (v Node) Written() bool {
	return v.IsSingle() && !referencePattern.MatchString(v.target().Value)
}
