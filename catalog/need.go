package catalog

import (
	"fmt"
	"strconv"
	"strings"
)

// Need says how many of a stage's approvers have to agree. The zero value is any
// one of them.
type Need struct {
	All     bool // everybody
	AtLeast int  // so many different people; 0 and 1 are any one
}

// The words for a need without a number.
const (
	needAny = "any"
	needAll = "all"
)

// ParseNeed reads "any", "all", or a number of people as in "2".
func ParseNeed(s string) (Need, error) {
	switch text := strings.TrimSpace(s); text {
	case needAny:
		return Need{}, nil
	case needAll:
		return Need{All: true}, nil
	default:
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			return Need{AtLeast: n}.plain(), nil
		}
	}
	return Need{}, fmt.Errorf("%q does not say how many have to agree: write any, all, or a number, for example 2", s)
}

// plain writes the same need in one way.
func (n Need) plain() Need {
	if n.All || n.AtLeast == 1 {
		n.AtLeast = 0
	}
	return n
}

// Valid reports whether the need can be written down.
func (n Need) Valid() bool { return n.AtLeast >= 0 && !(n.All && n.AtLeast > 0) }

// Count is how many have to agree where not all have to: at least one.
func (n Need) Count() int { return max(1, n.AtLeast) }

// Several reports whether one yes is not enough by itself, though not all have to
// agree.
func (n Need) Several() bool { return !n.All && n.AtLeast > 1 }

// String is the configured form.
func (n Need) String() string {
	switch {
	case n.All:
		return needAll
	case n.Several():
		return strconv.Itoa(n.AtLeast)
	}
	return needAny
}

// MarshalText keeps records readable.
func (n Need) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (n *Need) UnmarshalText(b []byte) (err error) {
	*n, err = ParseNeed(string(b))
	return err
}
