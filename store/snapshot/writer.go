package snapshot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// peopleHeld is how many people are held in memory until they are written, at most.
const peopleHeld = 8 * peoplePerPage

// Options are what a Writer may be told.
type Options struct {
	// Random salts what can be erased; crypto/rand's Reader by default.
	Random io.Reader
}

// Writer writes one snapshot. It is not safe for concurrent use. After an error of the
// store, or of a context that has ended, every call gives that error: begin another
// Writer, which goes on behind what was written whole.
type Writer struct {
	store    store.Store
	campaign string
	options  Options
	version  uint64 // of the record that says the snapshot was begun: whoever begins again raises it
	broken   error

	contents contents
	groups   []Group        // without their proofs
	next     uint64         // number of the next page
	waiting  []store.Record // pages that are made and not yet written
	people   book           // everybody
	unpaged  []Person       // those of them in no page yet
	reviews  worklists
	open     *openGroup // whose rows are being added
	held     heldRows   // of the open group, in no page yet
	packers  []*rowPacker
	assigned []assignment // room for those of the next group
}

// openGroup is a group whose rows are being added.
type openGroup struct {
	Group
	seen    columns.Set // accounts
	pages   []groupRows
	reviews []assignment
}

// assignment is that somebody is to decide on an item, and on so many that follow.
type assignment struct {
	place, more uint32 // the place of the item in its group
	reviewer
}

// reviewer is somebody at one of the stages.
type reviewer struct {
	number int32 // nobody: -1
	second bool
}

// Begin begins the snapshot of a campaign, or goes on with one that was interrupted:
// Groups says which are written, and Number who. at is when it was begun, if it begins
// now. One that is finished: ErrFinished. What another Writer of the same campaign adds
// from now on is refused, with store.ErrFenced.
func Begin(ctx context.Context, s store.Store, campaign string, at time.Time, o Options) (*Writer, error) {
	if err := errors.Join(named(campaign), columns.Keepable(at)); err != nil {
		return nil, err
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	w := &Writer{store: s, campaign: campaign, options: o, next: 1, people: newBook()}
	w.contents.Campaign = campaign
	err := w.take(ctx, at)
	if errors.Is(err, errEnding) {
		if err = Delete(ctx, s, campaign); err == nil {
			err = w.take(ctx, at)
		}
	}
	if err == nil {
		err = w.resume(ctx)
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

// take makes the snapshot this writer's.
func (w *Writer) take(ctx context.Context, at time.Time) error {
	return w.store.Update(ctx, func(tx store.Tx) error {
		found, r, err := loadTop(tx, w.campaign)
		switch {
		case errors.Is(err, store.ErrNotFound):
			found = opened(w.campaign, at)
		case err != nil:
			return err
		case found.kind == headerPage:
			return fmt.Errorf("campaign %s: %w", w.campaign, ErrFinished)
		case found.kind == endPage:
			return errEnding
		}
		if w.contents.Begun, err = openedAt(found); err != nil {
			return damaged(kindSnapshot, w.campaign, err)
		}
		next := found.record(w.campaign)
		next.Version = r.Version
		w.version, err = tx.Put(next)
		return err
	})
}

// Groups are the groups that are written whole, in their order, with the numbers of their
// rows. Their proofs are left out.
func (w *Writer) Groups() []Group { return slices.Clone(w.groups) }

// Begun is when the snapshot was begun.
func (w *Writer) Begun() time.Time { return w.contents.Begun }

// Number is the number of an account that was added.
func (w *Writer) Number(directory, account string) (int, bool) {
	return w.people.number(accountKind, directory, account)
}

// Numbers are the numbers of accounts of a directory, in room that is used again; -1 of one
// that wasn't added. For many it takes a fraction of the time of Number.
func (w *Writer) Numbers(directory string, accounts []string, room []int) []int {
	return w.people.numbers(directory, accounts, room)
}

// NumberOf is the number of a reviewer who was added without an account.
func (w *Writer) NumberOf(who access.PersonID) (int, bool) {
	return w.people.number(personKind, "", string(who))
}

// AddPeople adds accounts, and reviewers who have none. It returns the number of the
// first; the others follow it. Rows are read together more quickly if those of one
// reviewer are neighbours, so add people in the order of their managers where that is
// known. An account that was added before is an error.
func (w *Writer) AddPeople(ctx context.Context, people ...Person) (int, error) {
	first := w.people.count()
	for _, p := range people {
		if err := w.addPerson(p); err != nil {
			return first, fmt.Errorf("snapshot of %s: %w", w.campaign, err)
		}
		if len(w.unpaged) >= peopleHeld {
			w.pagePeople()
			if err := w.write(ctx); err != nil {
				return first, err
			}
		}
	}
	return first, nil
}

func (w *Writer) addPerson(p Person) error {
	if err := columns.Keepable(p.Created, p.SignIn.At, p.SignIn.Reach); err != nil {
		return fmt.Errorf("account %s of %s: %w", p.Account, p.Directory, err)
	}
	if p.Account == "" && p.ID == "" {
		return errors.New("somebody has neither an account nor an id")
	}
	if p.Erased = false; w.people.count() >= peopleAtMost {
		return errors.New("there are too many accounts")
	}
	number, added := w.people.add(p)
	if !added {
		return fmt.Errorf("account %q of directory %q was added before", p.Account, p.Directory)
	}
	p.Number = number
	w.unpaged = append(w.unpaged, p)
	return nil
}

// BeginGroup begins a group. The one before has ended.
func (w *Writer) BeginGroup(g Group) error {
	if w.open != nil {
		return fmt.Errorf("snapshot of %s: %s is begun and %s not ended", w.campaign, g.Ref, w.open.Ref)
	}
	g.Number, g.First, g.Rows, g.Proof = len(w.contents.groups), w.contents.Rows+1, 0, nil
	w.open = &openGroup{Group: g, reviews: w.assigned[:0]}
	return nil
}

// AddRows adds rows to the group that is begun, in any order. Their accounts and
// reviewers were added before. An account that is in the group already is an error: a
// list that names somebody twice isn't one to review.
func (w *Writer) AddRows(ctx context.Context, rows ...Row) error {
	if w.open == nil {
		return fmt.Errorf("snapshot of %s: no group is begun", w.campaign)
	}
	for i := range rows {
		if err := w.addRow(&rows[i]); err != nil {
			return fmt.Errorf("snapshot of %s, %s: %w", w.campaign, w.open.Ref, err)
		}
		if w.held.full() {
			w.pageRows()
			if err := w.write(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Writer) addRow(r *Row) error {
	if err := w.checkRow(r); err != nil {
		return fmt.Errorf("account number %d: %w", r.Account, err)
	}
	if !w.open.seen.Add(r.Account) {
		return fmt.Errorf("account number %d is listed twice", r.Account)
	}
	w.held.add(r)
	return nil
}

func (w *Writer) checkRow(r *Row) error {
	switch {
	case r.Account < 0 || r.Account >= w.people.count():
		return errors.New("nobody has that number")
	case r.Peers.Some < 0 || r.Peers.All < 0:
		return errors.New("a share can't be less than nothing")
	case r.Peers.Some > math.MaxUint32 || r.Peers.All > math.MaxUint32:
		return errors.New("a share can't be of so many")
	case len(r.Conflicts) > listAtMost || max(len(r.Reviewers), len(r.Second)) > listAtMost:
		return fmt.Errorf("more than %d conflicts or reviewers", listAtMost)
	case w.open.Rows+len(w.held.rows) >= groupAtMost:
		return errors.New("the group has too many rows")
	}
	for _, s := range [...]string{string(r.Source), r.Grant, r.Request, r.Use.Source, r.Earlier.Decision, r.Earlier.Campaign, r.Recommendation, r.Reason, r.Excluded} {
		if len(s) > textAtMost {
			return fmt.Errorf("a text of %d bytes is too long", len(s))
		}
	}
	if err := w.identified(r.Reviewers, r.Second); err != nil {
		return err
	}
	return columns.Keepable(r.Since, r.Until, r.Use.At, r.Use.Reach)
}

// identified refuses reviewers who are nobody.
func (w *Writer) identified(stages ...[]int) error {
	for _, stage := range stages {
		for _, n := range stage {
			if !w.people.identified(n) {
				return fmt.Errorf("the reviewer %d is nobody who was added with an id", n)
			}
		}
	}
	return nil
}

// EndGroup ends the group that is begun and makes it durable. proof is how it is known
// that its rows are all there are.
func (w *Writer) EndGroup(ctx context.Context, proof []byte) error {
	if w.open == nil {
		return fmt.Errorf("snapshot of %s: no group is begun", w.campaign)
	}
	w.pageRows()
	g := w.open
	g.Proof = proof
	p := w.page(groupPage, packGroup(g.Group, g.pages), nil)
	w.open = nil
	w.ended(g, p)
	return w.write(ctx)
}

// ended counts a group in, and gives its items to whoever is to decide on them.
func (w *Writer) ended(g *openGroup, p page) {
	w.contents.groups = append(w.contents.groups, groupAt{p.ref(), g.First, g.Rows})
	w.contents.Rows += uint64(g.Rows)
	g.Proof = nil
	w.groups, w.assigned = append(w.groups, g.Group), g.reviews
	for _, a := range g.reviews {
		w.reviews.of(a.reviewer).Add(g.First+uint64(a.place), uint64(a.more))
	}
}

// DropGroup takes back what was added of the group that is begun: its list has to be
// read anew. The people stay.
func (w *Writer) DropGroup(ctx context.Context) error {
	if w.open == nil {
		return nil
	}
	pages := map[string]bool{}
	for _, p := range w.open.pages {
		pages[pageID(w.campaign, p.number)] = true
	}
	w.waiting = slices.DeleteFunc(w.waiting, func(r store.Record) bool { return pages[r.ID] })
	w.open = nil
	w.held.reset()
	return w.update(ctx, func(tx store.Tx) error { return drop(tx, slices.Collect(maps.Keys(pages))) })
}

// pageRows packs the rows that are held, in the order of their accounts.
func (w *Writer) pageRows() {
	w.pagePeople()
	for i, p := range w.packRows(slices.Collect(slices.Chunk(w.held.sorted(), rowsPerPage))) {
		w.waiting = append(w.waiting, p.record)
		w.open.pages = append(w.open.pages, p.groupRows)
		for _, at := range w.held.order[i*rowsPerPage:][:p.rows] {
			r := &w.held.rows[at]
			w.open.assign(w.held.list(r.reviewers), w.held.list(r.second), w.held.excluded(r))
		}
	}
	w.held.reset()
}

// packedRows is a page of rows that was made.
type packedRows struct {
	groupRows
	record store.Record
}

// packRows makes a page of each of the parts, on every processor but one: that is left to
// whoever waits meanwhile.
func (w *Writer) packRows(parts [][]uint32) []packedRows {
	out := make([]packedRows, len(parts))
	for len(w.packers) < min(len(parts), max(1, runtime.GOMAXPROCS(0)-1)) {
		w.packers = append(w.packers, &rowPacker{})
	}
	var all sync.WaitGroup
	for first, packer := range w.packers {
		all.Go(func() {
			for i := first; i < len(parts); i += len(w.packers) {
				out[i] = w.packPage(packer, parts[i], w.next+uint64(i))
			}
		})
	}
	all.Wait()
	w.next += uint64(len(parts))
	return out
}

func (w *Writer) packPage(packer *rowPacker, part []uint32, number uint64) packedRows {
	p := newPage(w.campaign, number, rowsPage, packer.pack(&w.held, part), nil)
	first, last := w.held.rows[part[0]].account, w.held.rows[part[len(part)-1]].account
	return packedRows{groupRows{p.ref(), len(part), int(first), int(last)}, p.record(w.campaign)}
}

// assign notes who is to decide on the next row.
func (g *openGroup) assign(first, second []uint32, excluded bool) {
	place := uint32(g.Rows)
	g.Rows++
	for _, n := range first {
		g.assignTo(place, reviewer{number: int32(n)}, len(first)+len(second) == 1)
	}
	if len(first) == 0 && !excluded {
		g.assignTo(place, reviewer{number: -1}, len(second) == 0)
	}
	for _, n := range second {
		g.assignTo(place, reviewer{int32(n), true}, false)
	}
}

// assignTo notes that somebody is to decide on an item. Nobody else is to, if they are
// alone: then it belongs to the items before, if those are theirs.
func (g *openGroup) assignTo(place uint32, who reviewer, alone bool) {
	if last := len(g.reviews) - 1; alone && last >= 0 {
		if before := &g.reviews[last]; before.reviewer == who && before.place+before.more+1 == place {
			before.more++
			return
		}
	}
	g.reviews = append(g.reviews, assignment{place: place, reviewer: who})
}

// pagePeople packs everybody who is in no page yet.
func (w *Writer) pagePeople() {
	for people := range slices.Chunk(w.unpaged, peoplePerPage) {
		secrets := make([]private, len(people))
		random := make([]byte, saltSize*len(people))
		_, _ = io.ReadFull(w.options.Random, random) // crypto/rand ends the program instead of failing
		for i := range people {
			secrets[i].said = privateOf(&people[i])
			copy(secrets[i].salt[:], random[saltSize*i:])
		}
		public, erasable := packPeople(people, secrets)
		p := w.page(peoplePage, public, erasable)
		w.contents.people = append(w.contents.people, peopleAt{p.ref(), people[0].Number})
	}
	clear(w.unpaged) // what they say isn't kept in memory any longer
	w.unpaged = w.unpaged[:0]
}

// page makes the next page.
func (w *Writer) page(is pageKind, public, erasable []byte) page {
	p := newPage(w.campaign, w.next, is, public, erasable)
	w.waiting = append(w.waiting, p.record(w.campaign))
	w.next++
	return p
}

// write makes what waits durable, all of it or nothing.
func (w *Writer) write(ctx context.Context) error {
	err := w.update(ctx, func(tx store.Tx) error { return put(tx, w.waiting) })
	w.waiting = nil
	return err
}

// update runs fn in a transaction, as long as the snapshot is this writer's.
func (w *Writer) update(ctx context.Context, fn func(store.Tx) error) error {
	if w.broken != nil {
		return w.broken
	}
	err := w.store.Update(ctx, func(tx store.Tx) error {
		r, err := tx.Get(kindSnapshot, w.campaign)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.Version != w.version {
			return store.ErrFenced
		}
		if err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		w.broken = fmt.Errorf("snapshot of %s: %w", w.campaign, err)
	}
	return w.broken
}
