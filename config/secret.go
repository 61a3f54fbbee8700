package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
)

// redacted stands wherever a secret would have been shown.
const redacted = "[redacted]"

// Secret is a token, key or password. Every way of printing, logging or
// marshalling one gives "[redacted]"; only Reveal gives the value. The value
// sits behind a pointer so that fmt shows nothing of it even where a Secret is
// an unexported field of another struct.
type Secret struct {
	value *string
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
