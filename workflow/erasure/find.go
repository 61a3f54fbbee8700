package erasure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// page is how much is read in one view.
const page = 1000

// finding is what was found of somebody.
type finding struct {
	Plan
	places   []uint64        // of the events whose private parts go
	requests map[string]bool // whose records and issues are written anew
	grants   map[string]bool
	rows     map[string]bool         // of reviews, by the ids of their records
	seats    map[string]bool         // questions about idle seats
	listed   map[string]bool         // rows of lists that were imported, by the ids of their records
	frozen   map[string]bool         // snapshots of reviews that show them
	open     []string                // what they hold or asked for and that is not over, as people refer to it
	over     map[access.Subject]bool // whether a story is over
	quotes   [][]byte                // by which a task quotes them

	numbers []string           // theirs in the HR file
	seen    []snapshot.Account // by which reviews saw them
}

func newFinding(who access.PersonID, before time.Time) finding {
	return finding{
		Plan:     Plan{Person: who, Before: before.UTC(), Requests: []string{}},
		requests: map[string]bool{}, grants: map[string]bool{}, rows: map[string]bool{}, seats: map[string]bool{}, listed: map[string]bool{}, frozen: map[string]bool{}, over: map[access.Subject]bool{},
	}
}

// ids are all under which the person is or was known; first who they are now.
func (f *finding) ids() []access.PersonID { return append([]access.PersonID{f.Person}, f.Also...) }

// isThem tells whether an id means the person.
func (f *finding) isThem(who access.PersonID) bool { return slices.Contains(f.ids(), who) }

// look reads who they are, the whole log, and what waits to be done.
func (f *finding) look(ctx context.Context, from *engine.Units) error {
	if err := from.View(ctx, f.person); err != nil {
		return err
	}
	for _, list := range []func(tx store.Tx, after uint64) (last uint64, err error){f.events, f.tasks} {
		for after := uint64(0); ; {
			last := uint64(0)
			err := from.View(ctx, func(tx store.Tx) (err error) {
				last, err = list(tx, after)
				return err
			})
			if err != nil {
				return err
			}
			if last == 0 {
				break
			}
			after = last
		}
	}
	if err := from.View(ctx, f.reviews); err != nil {
		return err
	}
	if err := f.lists(ctx, from); err != nil {
		return err
	}
	return from.View(ctx, f.name)
}

// person reads what is known of them, and what of theirs is open.
func (f *finding) person(tx store.Tx) error {
	all, err := store.OnePerson(tx, f.Person)
	if errors.Is(err, store.ErrNotFound) {
		return access.Refuse(access.Unknown, "person", "Nobody is known by that name here, so there is nothing to erase.")
	}
	if err != nil {
		return err
	}
	f.Person, f.Also, f.Accounts, f.quotes, f.open, f.seen, f.numbers = all[0].ID, nil, nil, nil, nil, nil, nil
	f.Who, f.Left = all[0].Contact(), all[0].Departed()
	for i, k := range all {
		if i > 0 {
			f.Also = append(f.Also, k.ID)
		}
		f.known(k)
		if err := f.holdings(tx, k.ID); err != nil {
			return err
		}
	}
	return nil
}

// known are the accounts and names of one record of theirs.
func (f *finding) known(k store.Known) {
	if k.Number != "" {
		f.numbers = append(f.numbers, k.Number)
	}
	for _, b := range k.Bindings {
		if b.IsAccount() {
			f.seen = append(f.seen, snapshot.Account{Directory: b.System, ID: b.ID})
		}
		switch {
		case b.IsAccount() && !slices.Contains(f.Accounts, b.System):
			f.Accounts = append(f.Accounts, b.System)
		case !b.IsAccount():
			f.quotes = append(f.quotes, []byte(b.ID))
		}
	}
}

// holdings are the access they have under an id and the requests that wait.
func (f *finding) holdings(tx store.Tx, who access.PersonID) error {
	grants, err := store.OpenGrantsOf(tx, who)
	if err != nil {
		return err
	}
	for _, g := range grants {
		name := g.ID
		if r, err := store.Request(tx, g.Request); err == nil {
			name = r.Label()
		}
		f.open = append(f.open, g.App+" · "+g.Role+" ("+name+")")
	}
	asked, err := store.OpenRequestsOf(tx, who)
	if err != nil {
		return err
	}
	made, err := store.OpenRequestsBy(tx, who)
	for _, r := range append(asked, made...) {
		f.open = append(f.open, r.Label()+", which waits for an answer")
	}
	return err
}

// refuse says why nothing may be erased yet.
func (f *finding) refuse() error {
	if len(f.open) == 0 {
		return nil
	}
	slices.Sort(f.open)
	const most = 20
	all := slices.Compact(f.open)
	said := all[:min(len(all), most)]
	if more := len(all) - len(said); more > 0 {
		said = append(slices.Clone(said), fmt.Sprintf("and %d more", more))
	}
	return access.Refuse(access.TooLate, "person", f.Who+" still has, or waits for: "+strings.Join(said, "; ")+". End these first, for example with latchkey offboard; nothing was erased.")
}

// events looks at a page of the log.
func (f *finding) events(tx store.Tx, after uint64) (last uint64, err error) {
	entries, err := tx.Entries(store.Filter{}, after, page)
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		last = entry.Place
		if err := f.event(tx, entry); err != nil {
			return 0, err
		}
	}
	return last, nil
}

func (f *finding) event(tx store.Tx, entry access.Entry) error {
	e, err := entry.Event()
	if err != nil {
		f.Unread++
		return nil
	}
	if !e.At.Before(f.Before) || !slices.ContainsFunc(f.ids(), e.Concerns) {
		return nil
	}
	over, err := f.isOver(tx, e)
	switch {
	case err != nil:
		return err
	case !over && f.isThem(e.Person) && e.About().Kind != access.SubjectCampaign: // nobody can end a review because of one of its rows
		f.open = append(f.open, label(tx, e)+", which is not over")
		return nil
	case !over:
		f.Kept++
		return nil
	}
	if e.Request != "" {
		f.requests[e.Request] = true // also where nothing is left to erase: an issue may still have it
	}
	if e.Grant != "" {
		f.grants[e.Grant] = true
	}
	if e.About().Kind == access.SubjectReclaim {
		f.seats[e.About().ID] = true
	}
	if e.About().Kind == access.SubjectCampaign && e.Review != nil && e.Review.Row > 0 {
		f.rows[access.ReviewItemID(e.About().ID, e.Review.Row)] = true
	}
	if len(entry.Private) > 0 {
		f.Events++
		f.places = append(f.places, entry.Place)
	}
	return nil
}

func label(tx store.Tx, e access.Event) string {
	if r, err := store.Request(tx, e.Request); err == nil {
		return r.Label()
	}
	return e.About().ID
}

// tasks counts those of a page that quote the person.
func (f *finding) tasks(tx store.Tx, after uint64) (last uint64, err error) {
	all, err := tx.Tasks("", after, page)
	for _, t := range all {
		last = t.Seq
		quotes := func(word []byte) bool {
			return bytes.Contains(t.Payload, word) || strings.Contains(t.Problem, string(word))
		}
		if slices.ContainsFunc(f.quotes, quotes) {
			f.Waiting++
		}
	}
	return last, err
}

// name calls the requests what people call them.
func (f *finding) name(tx store.Tx) error {
	f.Requests = f.Requests[:0]
	for id := range f.requests {
		r, err := store.Request(tx, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			f.Requests = append(f.Requests, id)
		case err != nil:
			return err
		default:
			f.Requests = append(f.Requests, r.Label())
		}
	}
	slices.Sort(f.Requests)
	return nil
}
