// Package value reads the values of a configuration file: nodes that know their
// line and column, faults with a remedy, and secrets that show themselves to
// nobody. Back ends read their own settings with it.
package value

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
)

// redacted stands wherever a secret would have been shown.
const redacted = "[redacted]"

// Secret is a token, key or password. Every way of printing, logging or
// marshalling one gives "[redacted]"; only Reveal gives the value. The value
// sits behind a pointer so that fmt shows nothing of it even where a Secret is
// an unexported field of another struct.
type Secret struct {
	value *string
	from  *source // nil for one that can't change
}

// NewSecret wraps a value that must not be shown.
func NewSecret(value string) Secret { return Secret{value: &value} }

// Reveal gives the value, to be handed to the one client that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no value, or an empty one.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// SameAs tells whether a file says the same of two secrets: that they stand in a file, whatever it holds, or
// the same value.
func (s Secret) SameAs(o Secret) bool {
	return s.from != nil && o.from != nil || s.from == o.from && s.Reveal() == o.Reveal()
}

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// Format implements fmt.Formatter: all verbs and flags give the same.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Secrets remembers what must never be written anywhere. It is safe for
// concurrent use; the zero value is empty.
type Secrets struct {
	mu  sync.Mutex
	all []Secret
}

// Keep wraps a value that must not be shown, and remembers it.
func (s *Secrets) Keep(value string) Secret {
	kept := NewSecret(value)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, kept)
	return kept
}

// All are the secrets that are remembered so far.
func (s *Secrets) All() []Secret {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

func (s *Secrets) count() int {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}
