package store

import (
	"slices"
	"time"

	"latchkey/access"
)

// Birthrights are what is on its way of somebody's birthrights.
type Birthrights struct {
	Person    access.PersonID
	Version   uint64
	Directory string // where they were looked at
	Account   string
	Changes   []access.BirthrightChange
	Next      time.Time // when they have to be looked at again; zero for when something happens
}

func birthrights() table[Birthrights] {
	return table[Birthrights]{
		kind: "birthright",
		row: func(b *Birthrights) Record {
			r := Record{ID: string(b.Person), Version: b.Version, Due: b.Next}
			if slices.ContainsFunc(b.Changes, access.BirthrightChange.Ready) {
				r.Index = []string{"ready"}
			}
			return r
		},
		set: func(b *Birthrights, v uint64) { b.Version = v },
	}
}

// BirthrightsOf loads what is on its way for somebody; nothing, of version zero, if nothing is.
func BirthrightsOf(tx Tx, who access.PersonID) (Birthrights, error) {
	b, err := birthrights().getOrZero(tx, string(who))
	b.Person = who
	return b, err
}

// PutBirthrights stores b at its version and raises it; where nothing is on its way any more it is forgotten.
func PutBirthrights(tx Tx, b *Birthrights) error {
	if len(b.Changes) > 0 {
		return birthrights().put(tx, b)
	}
	if b.Version == 0 {
		return nil
	}
	b.Version = 0
	return tx.Delete("birthright", string(b.Person))
}

// BirthrightsReady are those with something that is to be done now.
func BirthrightsReady(tx Tx, after string, limit int) ([]Birthrights, error) {
	rows, err := tx.Find("birthright", "ready", after, limit)
	return birthrights().allIn(tx, rows, err)
}

// BirthrightBrake is the question to IT whether many changes at once are meant, and what became of it.
type BirthrightBrake struct {
	Version uint64
	ID      string           // of the question that is open; "" if none is
	Asked   time.Time        // when it was asked first
	Again   time.Time        // when it is asked again
	Keys    []string         // what it is about: changes, by person and key
	Allowed []string         // changes that IT let through and that are still to be made
	Refused []string         // changes that IT didn't let through
	Recent  []BirthrightDone // what was done lately without asking
}

// BirthrightDone is that something of somebody was changed at a moment.
type BirthrightDone struct {
	Person access.PersonID
	At     time.Time
}

// brakeID is the id of the one record there is of its kind.
const brakeID = "brake"

func birthrightBrakes() table[BirthrightBrake] {
	return table[BirthrightBrake]{
		kind: "birthrightbrake",
		row: func(b *BirthrightBrake) Record {
			return Record{ID: brakeID, Version: b.Version, Due: b.Again}
		},
		set: func(b *BirthrightBrake, v uint64) { b.Version = v },
	}
}

// LoadBirthrightBrake loads the question to IT; the zero one if none was ever asked.
func LoadBirthrightBrake(tx Tx) (BirthrightBrake, error) {
	return birthrightBrakes().getOrZero(tx, brakeID)
}

// PutBirthrightBrake stores b at its version and raises it.
func PutBirthrightBrake(tx Tx, b *BirthrightBrake) error { return birthrightBrakes().put(tx, b) }
