// Package export writes the evidence of a campaign: what package evidence/pack makes files of.
package export

import (
	"context"
	"errors"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/write"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Sealing is what the evidence of a review is signed with.
type Sealing struct {
	Sign evidence.Sign
	Keys []string // the public keys, as they are given to auditors
}

// Service writes the evidence of reviews. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	version string // of Latchkey
}

// New makes the room.
func New(units *engine.Units, known func() *catalog.Catalog, dirs people.Directories, version string) *Service {
	return &Service{units, known, dirs, version}
}

// Write writes the evidence of a campaign as of one moment: see package pack. It gives the SHA-256 of the
// manifest, in hex, by which the pack is known. It can be written at any time once the campaign was read, and says then how
// the campaign stands.
func (s *Service) Write(ctx context.Context, id string, with Sealing, to write.Files) (hash string, err error) {
	if with.Sign == nil {
		return "", access.Refuse(access.NotAllowed, "", "There is no key to sign the evidence of a review with. Please see latchkey evidence key.")
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err := store.Campaign(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return rows.UnknownReview()
		}
		if err != nil {
			return err
		}
		rows, err := rows.Of(tx, c, s.catalog())
		if err != nil {
			return err
		}
		t := &telling{service: s, Rows: rows, to: pack.Campaign{Tool: pack.Tool{Version: s.version, Keys: with.Keys}}}
		if err := t.all(); err != nil {
			return err
		}
		hash, err = write.Pack(ctx, t.to, with.Sign, to)
		return err
	})
	return hash, err
}

// Made writes down that the evidence of a closed campaign was made, by the hash of its manifest.
func (s *Service) Made(ctx context.Context, by access.Actor, id, hash string) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, rows.Campaigns(), id)
		if err != nil {
			return err
		}
		e := rows.WithReview(c.Event(access.EventPackMade, by, u.At))
		e.Review.Hash = hash
		_, err = engine.Move(u, rows.Campaigns(), c, e)
		return err
	})
}

// telling makes the evidence of one campaign.
type telling struct {
	service *Service
	*rows.Rows
	to    pack.Campaign
	said  map[int][]pack.Answer // by row
	asked map[int][]pack.Asked  // since it was read
	done  map[int]removal
	gone  map[access.PersonID]*pack.Leaver
	order []access.PersonID // of gone
	here  map[int]int       // rows of each group that somebody decides on
	out   map[int]int       // rows of each group that are excluded
	names map[access.PersonID]access.Person
	size  uint64 // events under the checkpoint
}

// all gathers everything but the rows, which are walked through as they are written.
func (t *telling) all() error {
	t.said, t.asked, t.done = map[int][]pack.Answer{}, map[int][]pack.Asked{}, map[int]removal{}
	t.gone, t.names, t.here, t.out = map[access.PersonID]*pack.Leaver{}, map[access.PersonID]access.Person{}, map[int]int{}, map[int]int{}
	t.plain()
	for _, step := range []func() error{t.log, t.chain, t.count, t.covered, t.grouped, t.reviewing} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, who := range t.order {
		t.to.Leavers = append(t.to.Leavers, *t.gone[who])
	}
	t.to.Rows = t.told
	return nil
}

// log tells which log it is in, and its newest signed head.
func (t *telling) log() error {
	name, err := store.LogName(t.Tx)
	if err != nil {
		return err
	}
	head, err := store.LoadAnchoring(t.Tx)
	t.to.Tool.Log, t.to.Tool.Checkpoint, t.size = name, head.Checkpoint, head.Size
	return err
}

// person is somebody as they are known now, read once.
func (t *telling) person(who access.PersonID) (access.Person, error) {
	if p, read := t.names[who]; read {
		return p, nil
	}
	p, err := people.In(t.Tx, who)
	if err == nil {
		t.names[who] = p
	}
	return p, err
}

// actor is whoever did something, by name.
func (t *telling) actor(a access.Actor) pack.Actor {
	out := pack.Actor{Person: string(a.Person), Account: strings.TrimSpace(string(a.Via) + " " + a.Account)}
	if a.Person == "" {
		return pack.Actor{Name: "Latchkey"}
	}
	if p, err := t.person(a.Person); err == nil {
		out.Name = p.Display()
	}
	return out
}

// told yields the rows that somebody decides on.
func (t *telling) told(yield func(pack.Row, error) bool) {
	for one, err := range t.From.Rows(0) {
		if err == nil && one.Excluded != "" {
			continue
		}
		var out pack.Row
		if err == nil {
			out, err = t.row(one)
		}
		if !yield(out, err) || err != nil {
			return
		}
	}
}
