package store

import (
	"errors"
	"time"
)

// Move is that people's addresses go from one domain to another while their accounts
// stay: a company changes its name, or an administrator does harm.
type Move struct {
	From, To string // domains
	Version  uint64
	People   int       // whose address went, lately
	Since    time.Time // when the first of them was seen
	Last     time.Time // and the latest
	Told     time.Time `json:",omitzero"` // when IT was asked whether it is meant; zero: they weren't
	Answered time.Time `json:",omitzero"` // when they said that it is
}

// Open tells whether IT was asked and has not answered.
func (m Move) Open() bool { return !m.Told.IsZero() && m.Answered.IsZero() }

func moves() table[Move] {
	return table[Move]{
		kind: "move",
		row: func(m *Move) Record {
			r := Record{ID: moveID(m.From, m.To), Version: m.Version}
			if m.Open() {
				r.Index = []string{"open:" + m.To}
			}
			return r
		},
		set: func(m *Move, v uint64) { m.Version = v },
	}
}

func moveID(from, to string) string { return from + " " + to } // no domain holds a space

// LoadMove is how far a move from one domain to another is known. Absent: a new one.
func LoadMove(tx Tx, from, to string) (Move, error) {
	m, err := moves().get(tx, moveID(from, to))
	if errors.Is(err, ErrNotFound) {
		return Move{From: from, To: to}, nil
	}
	return m, err
}

// OpenMoveTo is a move to a domain of which IT was asked and has not answered. Absent:
// ErrNotFound.
func OpenMoveTo(tx Tx, domain string) (Move, error) { return moves().first(tx, "open:"+domain) }

// PutMove stores m at its version and raises it.
func PutMove(tx Tx, m *Move) error { return moves().put(tx, m) }
