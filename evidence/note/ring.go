package note

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Overlap is how long a replaced key goes on signing beside the new one, so that
// whoever knows only the old public key hears of the new one in time.
const Overlap = 30 * 24 * time.Hour

// ring is what a key file holds: the key, and those before it. The first line is
// the key. Of a key before it a line says how long it counts:
//
//	PRIVATE+KEY+acme.atlassian.net/latchkey/7f3k9q2m/1+4fd21a90+AT…=
//	PRIVATE+KEY+acme.atlassian.net/latchkey/7f3k9q2m/1+8c41d3aa+AQ…= until 2026-12-28T09:14:00Z
//	acme.atlassian.net/latchkey/7f3k9q2m/1+99fe4d01+AV…= until 2025-12-28T10:00:00Z stolen 2025-12-20T00:00:00Z
type ring struct {
	key    key
	before []former
}

// former is a key that was replaced.
type former struct {
	Trusted
	key *key // while it goes on signing
}

func parseRing(text string) (r ring, err error) {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		line = strings.TrimSpace(line)
		return line == "" || strings.HasPrefix(line, "#")
	})
	if len(lines) == 0 {
		return r, errKey
	}
	if r.key, err = parseKey(strings.TrimSpace(lines[0])); err != nil {
		return r, err
	}
	for i, line := range lines[1:] {
		f, err := parseFormer(strings.Fields(line))
		if err != nil {
			return r, fmt.Errorf("its line for the key before the last %d can't be read: %w", i+1, err)
		}
		r.before = append(r.before, f)
	}
	return r, nil
}

// parseFormer reads no secret into an error.
func parseFormer(words []string) (f former, err error) {
	if strings.HasPrefix(words[0], keyPrefix) {
		k, err := parseKey(words[0])
		if err != nil {
			return f, err
		}
		f.key, f.Public = &k, k.public
	} else if f.Public, err = ParsePublic(words[0]); err != nil {
		return f, err
	}
	for words = words[1:]; len(words) > 0; words = words[2:] {
		if len(words) < 2 {
			return f, fmt.Errorf("it ends with %q", words[0])
		}
		at, err := time.Parse(time.RFC3339, words[1])
		switch {
		case err != nil:
			return f, fmt.Errorf("%q is no time as in 2026-12-28T09:14:00Z", words[1])
		case words[0] == "until":
			f.Until = at
		case words[0] == "stolen":
			f.Stolen = at
		default:
			return f, fmt.Errorf("%q is neither until nor stolen", words[0])
		}
	}
	return f, nil
}

func (r ring) text() string {
	var b strings.Builder
	b.WriteString(r.key.text() + "\n")
	for _, f := range r.before {
		line := f.String()
		if f.key != nil {
			line = f.key.text()
		}
		b.WriteString(line + " until " + f.Until.UTC().Format(time.RFC3339))
		if !f.Stolen.IsZero() {
			b.WriteString(" stolen " + f.Stolen.UTC().Format(time.RFC3339))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// rotated is the ring with a new key in the place of its own, which signs on for a
// while; one that was stolen signs nothing any more. What is over is kept as a
// public key alone.
func (r ring) rotated(next key, at, stolen time.Time) ring {
	old := former{Trusted: Trusted{Public: r.key.public, Until: at.Add(Overlap).Truncate(time.Second)}, key: &r.key}
	if !stolen.IsZero() {
		old = former{Trusted: Trusted{Public: r.key.public, Until: at.Truncate(time.Second), Stolen: stolen}}
	}
	out := ring{next, []former{old}}
	for _, f := range r.before {
		if !at.Before(f.Until) {
			f.key = nil
		}
		out.before = append(out.before, f)
	}
	return out
}

// trusted are all keys of the ring.
func (r ring) trusted() []Trusted {
	out := []Trusted{{Public: r.key.public}}
	for _, f := range r.before {
		out = append(out, f.Trusted)
	}
	return out
}

// signer signs with all that still sign.
func (r ring) signer(now func() time.Time) *Signer {
	s := &Signer{keys: []half{r.key.half(time.Time{})}, now: now}
	for _, f := range r.before {
		if f.key != nil {
			s.keys = append(s.keys, f.key.half(f.Until))
		}
	}
	return s
}
