package store

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
)

// Append writes an event that has just happened to the log. It comes back with an
// id of its own and with what its entry knows of it.
func Append(tx Tx, e access.Event) (access.Event, error) {
	log, err := LogName(tx)
	if err != nil {
		return access.Event{}, err
	}
	var seed access.Seed
	_, _ = rand.Read(seed[:]) // never fails
	entry, err := e.Encode(seed)
	if err != nil {
		return access.Event{}, err
	}
	entry.Log = log
	if entry, err = tx.Append(entry, About{e.Person, e.App}); err != nil {
		return access.Event{}, err
	}
	return e.As(entry), nil
}

// Restore puts an entry of a log that is gone back behind what is there of its
// subject, as it was.
func Restore(tx Tx, entry access.Entry) error {
	e, err := entry.Event()
	if err != nil {
		return err
	}
	if entry.N == 0 {
		return fmt.Errorf("store: event %s has no number, so it can't be put back", entry.ID)
	}
	_, err = tx.Append(entry, About{e.Person, e.App})
	return err
}

// Events are the entries that Log.Entries lists, as what they mean. Like a listing
// it returns what can be read beside a Damage that names what can't be.
func Events(tx Tx, f Filter, after uint64, limit int) ([]access.Event, error) {
	return events(tx, f, after, limit, access.Entry.Event)
}

// meaning is what an entry says.
type meaning func(access.Entry) (access.Event, error)

func events(tx Tx, f Filter, after uint64, limit int, read meaning) ([]access.Event, error) {
	entries, damage, err := Sound(tx.Entries(f, after, limit))
	if err != nil {
		return nil, err
	}
	events := make([]access.Event, 0, len(entries))
	for _, entry := range entries {
		e, err := read(entry)
		if err != nil {
			damage = append(damage, &Damaged{Kind: "event", ID: entry.ID, Err: err})
			continue
		}
		events = append(events, e)
	}
	if len(damage) > 0 {
		return events, damage
	}
	return events, nil
}

// Story are all events that match a filter, oldest first; beside a Damage, all that
// can be read.
func Story(tx Tx, f Filter) ([]access.Event, error) { return story(tx, f, access.Entry.Event) }

// BareStory is Story without what was asked for, and without what names or quotes people
// (access.Entry.Bare).
func BareStory(tx Tx, f Filter) ([]access.Event, error) { return story(tx, f, access.Entry.Bare) }

func story(tx Tx, f Filter, means meaning) ([]access.Event, error) {
	const page = 1000
	all, damage, err := Sound(events(tx, f, 0, page, means))
	for read := len(all) + len(damage); err == nil && read >= page && len(all) > 0; {
		var more []access.Event
		var hurt Damage
		more, hurt, err = Sound(events(tx, f, f.After(all[len(all)-1]), page, means))
		if read = len(more); read == 0 {
			break // what is behind the last that can be read was named before
		}
		all, damage, read = append(all, more...), append(damage, hurt...), read+len(hurt)
	}
	if err == nil && len(damage) > 0 {
		err = damage
	}
	return all, err
}

// After is the number after which the entries that match are listed on, when this
// one was the last: see Log.Entries.
func (f Filter) After(e access.Event) uint64 {
	if f.Subject != (access.Subject{}) {
		return e.N
	}
	return e.Place
}

// The log's name is a record of its own, whose body is the name as it is: it is
// read with every event.
const (
	nameKind, nameID = "log", "name"
	nameSchema       = 1
)

// LogName is the name of the log: see BeginLog.
func LogName(tx Tx) (string, error) {
	t, caching := tx.(*cachingTx)
	if caching && t.log != "" {
		return t.log, nil
	}
	name, err := readLogName(tx)
	if caching && err == nil {
		t.log = name
	}
	return name, err
}

func readLogName(tx Tx) (string, error) {
	r, err := tx.Get(nameKind, nameID)
	switch {
	case errors.Is(err, ErrNotFound):
		return "", errors.New("store: the log has no name yet, so nothing can be written to it: begin it first")
	case err == nil && r.Schema > nameSchema:
		err = ErrNewer
	}
	return string(r.Body), err
}

// BeginLog gives the log of a new store its name, which stands in every event: the
// host of the Jira site, eight characters of chance, and the number of its epoch,
// for example "acme.atlassian.net/latchkey/7f3k9q2m/1". A log that has a name keeps
// it.
func BeginLog(ctx context.Context, s Store, host string) error {
	name, err := NewLogName(host)
	if err != nil {
		return err
	}
	return BeginLogNamed(ctx, s, name)
}

// BeginLogNamed is BeginLog with a name that is known already.
func BeginLogNamed(ctx context.Context, s Store, name string) error {
	return s.Update(ctx, func(tx Tx) error {
		if _, err := tx.Get(nameKind, nameID); !errors.Is(err, ErrNotFound) {
			return err
		}
		return NameLog(tx, name)
	})
}

// NewLogName is a name for the log of a site that no other log has.
func NewLogName(host string) (string, error) {
	if host = strings.ToLower(host); host == "" || strings.ContainsAny(host, " +/\n\x00") {
		return "", fmt.Errorf("store: a log can't be named after %q: it has to be the host of a site", host)
	}
	return host + "/latchkey/" + chance(8) + "/1", nil
}

// NameLog gives the log another name: a new epoch begins. Events that are there keep
// the name they were written under.
func NameLog(tx Tx, name string) error {
	if strings.Count(name, "/") < 3 || strings.ContainsAny(name, " +\n\x00") {
		return fmt.Errorf("store: %q is no name for a log", name)
	}
	r, err := tx.Get(nameKind, nameID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = tx.Put(Record{Kind: nameKind, ID: nameID, Version: r.Version, Schema: nameSchema, Body: []byte(name)})
	return err
}

// chance makes a random word of letters and digits.
func chance(length int) string {
	raw := make([]byte, length)
	_, _ = rand.Read(raw) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw))[:length]
}
