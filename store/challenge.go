package store

import (
	"time"

	"latchkey/access"
)

// Challenge is a code that was given to a person, to be written from an account of
// theirs on one issue.
type Challenge struct {
	Code    string
	Version uint64
	Person  access.PersonID
	Issue   string // its key
	Expires time.Time
	Used    string // the account it was written from; empty: not yet
}

func challenges() table[Challenge] {
	return table[Challenge]{
		kind: "challenge",
		row: func(c *Challenge) Record {
			return Record{ID: c.Code, Version: c.Version, Index: []string{"person:" + string(c.Person)}}
		},
		set: func(c *Challenge, v uint64) { c.Version = v },
	}
}

// LoadChallenge loads a challenge by its code. Absent: ErrNotFound.
func LoadChallenge(tx Tx, code string) (Challenge, error) { return challenges().get(tx, code) }

// ChallengeOf is the one challenge of a person. Absent: ErrNotFound.
func ChallengeOf(tx Tx, who access.PersonID) (Challenge, error) {
	return challenges().first(tx, "person:"+string(who))
}

// PutChallenge stores c at its version and raises it.
func PutChallenge(tx Tx, c *Challenge) error { return challenges().put(tx, c) }

// DropChallenge forgets a challenge.
func DropChallenge(tx Tx, code string) error { return tx.Delete("challenge", code) }
