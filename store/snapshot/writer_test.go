package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/snapshot"
)

// crowd is a world of so many people, all of whom are in each of its groups, and each of
// whom is reviewed by one of every ten.
func crowd(people, groups int) (w world) {
	for n := range people {
		w.people = append(w.people, snapshot.Person{
			Number: n, Directory: "okta", Account: fmt.Sprintf("00u%08d", n*7919), ID: access.PersonID(fmt.Sprintf("P-%010d", n)), Name: fmt.Sprint("Person ", n),
			Address: access.Email(fmt.Sprintf("p%d@acme.test", n)), Department: "Design", Status: access.Active, Created: monday().Add(-time.Duration(n) * time.Hour),
		})
	}
	for g := range groups {
		w.groups = append(w.groups, snapshot.Group{Number: g, Ref: catalog.GroupRef{Directory: "okta", Group: fmt.Sprint("group-", g)}, Proof: []byte("proof")})
		var rows []snapshot.Row
		for n := range people {
			at := (n*31 + g) % people // not in the order of the accounts
			rows = append(rows, snapshot.Row{
				Account: at, Source: access.SourceRequested, Grant: fmt.Sprintf("G-%08d", at), Request: fmt.Sprintf("AR-%08d", at), Since: monday().Add(-time.Duration(at) * time.Minute),
				Recommendation: "keep", Reviewers: []int{at - at%10},
			})
		}
		w.rows = append(w.rows, rows)
	}
	return w
}

// contents are the records of all snapshots, by kind and id.
func contents(t tb, s store.Store) map[string]store.Record {
	t.Helper()
	out := map[string]store.Record{}
	if err := s.View(context.Background(), func(tx store.Tx) error {
		for _, kind := range []string{"review_snapshot", "review_page"} {
			found, err := tx.Find(kind, "", "", 100_000)
			if err != nil {
				return err
			}
			for _, r := range found {
				out[kind+" "+r.ID] = r
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// dyingAt is a store that dies with the update that writes a page.
type dyingAt struct {
	store.Store
	page string
}

func (d dyingAt) Update(ctx context.Context, fn func(store.Tx) error) error {
	return d.Store.Update(ctx, func(tx store.Tx) error { return fn(deadlyTx{tx, d.page}) })
}

type deadlyTx struct {
	store.Tx
	page string
}

func (t deadlyTx) Put(r store.Record) (uint64, error) {
	if r.ID == t.page {
		return 0, errDied
	}
	return t.Tx.Put(r)
}

// dying is a store that dies with an update.
type dying struct {
	store.Store
	after int  // updates that are done before
	late  bool // the last update is done, and nobody learns it
}

var errDied = errors.New("the process died")

func (d *dying) Update(ctx context.Context, fn func(store.Tx) error) error {
	if d.after--; d.after < 0 && !(d.late && d.after == -1) {
		return errDied
	}
	if err := d.Store.Update(ctx, fn); err != nil || d.after >= 0 {
		return err
	}
	return errDied
}

// TestACrashBetweenPages leaves what another writer completes to the very same bytes, and
// nothing that can be read before.
func TestACrashBetweenPages(t *testing.T) {
	w := crowd(700, 3)
	whole := bolttest.Open(t)
	want, err := w.write(t.Context(), whole)
	must(t, want, err)
	for _, late := range []bool{false, true} {
		s := bolttest.Open(t)
		for crash := range 40 {
			h, err := w.write(t.Context(), &dying{Store: s, after: crash % 5, late: late})
			if err == nil || errors.Is(err, snapshot.ErrFinished) {
				break
			}
			if !errors.Is(err, errDied) || h != (snapshot.Header{}) || crash == 39 {
				t.Fatalf("crash %d: %v %v", crash, h, err)
			}
			if err := s.View(t.Context(), func(tx store.Tx) error { _, err := snapshot.Open(tx, campaign); return err }); !late && !errors.Is(err, snapshot.ErrUnfinished) && !errors.Is(err, store.ErrNotFound) {
				t.Fatalf("after crash %d it can be read: %v", crash, err)
			}
		}
		read(t, s, func(r *snapshot.Reader) { same(t, "header", r.Header(), want); compare(t, r, w) })
		sameBytes(t, contents(t, s), contents(t, whole))
	}
}

func sameBytes(t *testing.T, got, want map[string]store.Record) {
	t.Helper()
	for id, r := range got {
		if !bytes.Equal(r.Body, want[id].Body) {
			t.Errorf("%s is not the same as without a crash", id)
		}
	}
	if len(got) != len(want) {
		t.Errorf("there are %d records, without a crash %d", len(got), len(want))
	}
}

// TestACrashWithinALargeGroup is one of a group that takes many updates.
func TestACrashWithinALargeGroup(t *testing.T) {
	w := crowd(40_000, 1)
	whole, s := bolttest.Open(t), bolttest.Open(t)
	if _, err := w.write(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	pages := len(contents(t, whole))
	people, rows := (40_000+255)/256, (40_000+511)/512
	if pages < people+rows+2 {
		t.Fatalf("there are %d pages", pages)
	}
	for _, of := range []int{people / 2, people + 1, people + rows/2, people + rows, people + rows + 1} { // the last one is the group's
		if _, err := w.write(t.Context(), dyingAt{s, fmt.Sprintf("%s/%012d", campaign, of)}); !errors.Is(err, errDied) {
			t.Fatalf("page %d: %v", of, err)
		}
	}
	if _, err := w.write(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	sameBytes(t, contents(t, s), contents(t, whole))
	read(t, s, func(r *snapshot.Reader) {
		if err := r.Verify(); err != nil || r.Header().Rows != 40_000 {
			t.Errorf("%d rows: %v", r.Header().Rows, err)
		}
		rows := all(t, r.RowsOfPerson("P-0000012345", 0))
		if len(rows) != 1 || rows[0].Account != 12345 || len(all(t, r.RowsFor("P-0000012340", 0))) != 10 {
			t.Errorf("of one person there is %+v", rows)
		}
	})
}

// TestAGroupThatIsReadAnew leaves nothing of the first reading.
func TestAGroupThatIsReadAnew(t *testing.T) {
	w, s := crowd(40_000, 1), bolttest.Open(t)
	to := begin(t, s)
	if _, err := to.AddPeople(t.Context(), w.people...); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(to.DropGroup(t.Context()), to.BeginGroup(w.groups[0]), to.AddRows(t.Context(), w.rows[0]...), to.DropGroup(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.rows[0] = w.rows[0][:600]
	if err := errors.Join(to.BeginGroup(w.groups[0]), to.AddRows(t.Context(), w.rows[0]...), to.EndGroup(t.Context(), []byte("proof"))); err != nil {
		t.Fatal(err)
	}
	must(t, 0, to.Settle())
	to = begin(t, s) // as after a crash
	if groups := to.Groups(); len(groups) != 1 || groups[0].Rows != 600 || groups[0].Ref != w.groups[0].Ref {
		t.Errorf("written are %+v", groups)
	}
	h, err := to.Finish(t.Context(), tuesday())
	must(t, h, err)
	read(t, s, func(r *snapshot.Reader) {
		same(t, "rows", all(t, r.Rows(0)), w.expected())
		if err := r.Verify(); err != nil {
			t.Error(err)
		}
	})
}

func begin(t *testing.T, s store.Store) *snapshot.Writer {
	t.Helper()
	w, err := snapshot.Begin(t.Context(), s, campaign, monday(), snapshot.Options{})
	return must(t, w, err)
}

// TestAWriterThatWasReplaced writes nothing more.
func TestAWriterThatWasReplaced(t *testing.T) {
	w, s := crowd(20, 1), bolttest.Open(t)
	first := begin(t, s)
	second := begin(t, s)
	if _, err := first.AddPeople(t.Context(), w.people...); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first.BeginGroup(w.groups[0]), first.EndGroup(t.Context(), nil), first.Settle()); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the first writer: %v", err)
	}
	if _, err := first.Finish(t.Context(), tuesday()); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the first writer finishes: %v", err)
	}
	if _, err := second.Finish(t.Context(), tuesday()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(second.BeginGroup(w.groups[0]), second.EndGroup(t.Context(), nil)); !errors.Is(err, snapshot.ErrFinished) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := snapshot.Begin(t.Context(), s, campaign, monday(), snapshot.Options{}); !errors.Is(err, snapshot.ErrFinished) {
		t.Errorf("a third writer: %v", err)
	}
}

// TestWhatCantBeASnapshot is refused, and says why.
func TestWhatCantBeASnapshot(t *testing.T) {
	w := crowd(3, 1)
	add := func(p snapshot.Person) func(*snapshot.Writer) error {
		return func(to *snapshot.Writer) error { _, err := to.AddPeople(t.Context(), p); return err }
	}
	rows := func(all ...snapshot.Row) func(*snapshot.Writer) error {
		return func(to *snapshot.Writer) error {
			return errors.Join(to.BeginGroup(w.groups[0]), to.AddRows(t.Context(), all...))
		}
	}
	for name, c := range map[string]struct {
		do   func(*snapshot.Writer) error
		want string
	}{
		"an account twice":       {add(w.people[1]), "was added before"},
		"nobody":                 {add(snapshot.Person{Name: "x"}), "neither an account nor an id"},
		"an impossible time":     {add(snapshot.Person{Directory: "okta", Account: "9", Created: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}), "account 9 of okta: the time"},
		"rows of no group":       {func(to *snapshot.Writer) error { return to.AddRows(t.Context(), snapshot.Row{}) }, "no group is begun"},
		"the end of no group":    {func(to *snapshot.Writer) error { return to.EndGroup(t.Context(), nil) }, "no group is begun"},
		"two groups at once":     {func(to *snapshot.Writer) error { return errors.Join(rows()(to), rows()(to)) }, "group-0 not ended"},
		"an end within a group":  {func(to *snapshot.Writer) error { return errors.Join(rows()(to), finish(t, to)) }, "group-0 is not ended"},
		"a number too large":     {rows(snapshot.Row{Account: 3}), "nobody has that number"},
		"a number too small":     {rows(snapshot.Row{Account: -1}), "nobody has that number"},
		"a member twice":         {rows(snapshot.Row{Account: 1}, snapshot.Row{Account: 1}), "is listed twice"},
		"a share below nothing":  {rows(snapshot.Row{Peers: catalog.Share{All: -1}}), "less than nothing"},
		"a share of too many":    {rows(snapshot.Row{Peers: catalog.Share{All: 1 << 40}}), "of so many"},
		"too many conflicts":     {rows(snapshot.Row{Conflicts: make([]string, 256)}), "conflicts or reviewers"},
		"an unknown reviewer":    {rows(snapshot.Row{Reviewers: []int{7}}), "the reviewer 7 is nobody"},
		"a second one":           {rows(snapshot.Row{Second: []int{-1}}), "the reviewer -1 is nobody"},
		"a long text":            {rows(snapshot.Row{Reason: strings.Repeat("x", 5000)}), "a text of 5000 bytes"},
		"a time before all time": {rows(snapshot.Row{Since: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)}), "the time 0000-01-01"},
	} {
		to := begin(t, bolttest.Open(t))
		if _, err := to.AddPeople(t.Context(), w.people...); err != nil {
			t.Fatal(err)
		}
		if err := c.do(to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func finish(t *testing.T, to *snapshot.Writer) error {
	_, err := to.Finish(t.Context(), tuesday())
	return err
}

// TestNamesOfCampaigns are no parts of one another's pages.
func TestNamesOfCampaigns(t *testing.T) {
	s := bolttest.Open(t)
	for _, name := range []string{"", "a/b", "a\x00"} {
		if _, err := snapshot.Begin(t.Context(), s, name, monday(), snapshot.Options{}); err == nil {
			t.Errorf("a snapshot is named %q", name)
		}
		if err := snapshot.Delete(t.Context(), s, name); err == nil {
			t.Errorf("a snapshot named %q is deleted", name)
		}
	}
}

// TestADeletedSnapshot is gone at once, also where the deletion was interrupted, and
// leaves nothing to the next one of that name or to another campaign.
func TestADeletedSnapshot(t *testing.T) {
	w, s := crowd(40_000, 1), bolttest.Open(t)
	other, err := snapshot.Begin(t.Context(), s, campaign+"b", monday(), snapshot.Options{})
	must(t, other, err)
	h, err := other.Finish(t.Context(), tuesday())
	must(t, h, err)
	for after := range 3 {
		h, err := w.write(t.Context(), s)
		must(t, h, err)
		if err := snapshot.Delete(t.Context(), &dying{Store: s, after: after}, campaign); !errors.Is(err, errDied) {
			t.Fatalf("it takes fewer than %d updates: %v", after+1, err)
		}
		err = s.View(t.Context(), func(tx store.Tx) error { _, err := snapshot.Open(tx, campaign); return err })
		if after > 0 != errors.Is(err, store.ErrNotFound) {
			t.Errorf("after %d updates: %v", after, err)
		}
		if after == 0 {
			must(t, 0, snapshot.Delete(t.Context(), s, campaign))
		}
	}
	small := crowd(10, 1)
	h, err = small.write(t.Context(), s)
	must(t, h, err)
	read(t, s, func(r *snapshot.Reader) { compare(t, r, small) })
	must(t, 0, snapshot.Delete(t.Context(), s, campaign))
	must(t, 0, snapshot.Delete(t.Context(), s, campaign))
	for id := range contents(t, s) {
		if !strings.Contains(id, campaign+"b") {
			t.Errorf("%s is left", id)
		}
	}
	must(t, 0, s.View(t.Context(), func(tx store.Tx) error {
		all, err := snapshot.Snapshots(tx, "", 10)
		if !slices.Equal(all, []string{campaign + "b"}) {
			t.Errorf("there are %v", all)
		}
		return err
	}))
}

// TestWhoWasErased is nameless, and everything else still verifies.
func TestWhoWasErased(t *testing.T) {
	s := bolttest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := worlds().Draw(rt, "world")
		must(rt, 0, snapshot.Delete(t.Context(), s, campaign))
		h, err := w.write(t.Context(), s)
		must(rt, h, err)
		them := rapid.SampledFrom(w.people).Draw(rt, "who")
		who := snapshot.Whose{Accounts: []snapshot.Account{{Directory: them.Directory, ID: them.Account}}}
		if them.ID != "" {
			who.IDs = []access.PersonID{them.ID}
		}
		erased := eraseIn(rt, s, who)
		for i := range w.people {
			if p := &w.people[i]; p.Number == them.Number || p.ID != "" && p.ID == them.ID {
				*p = snapshot.Person{Number: p.Number, Directory: p.Directory, Account: p.Account, ID: p.ID, Manager: snapshot.Manager{Person: p.Manager.Person, Account: p.Manager.Account}, Status: p.Status, Created: p.Created, SignIn: p.SignIn, Erased: true}
				erased--
			}
		}
		if erased != 0 {
			rt.Errorf("%d accounts more were erased than there are", erased)
		}
		read(rt, s, func(r *snapshot.Reader) { same(rt, "header", r.Header(), h); compare(rt, r, w) })
	})
}

func eraseIn(t tb, s store.Store, who snapshot.Whose) (erased int) {
	t.Helper()
	must(t, 0, s.Update(context.Background(), func(tx store.Tx) error {
		found, err := snapshot.Names(tx, campaign, who)
		if err == nil {
			erased, err = snapshot.Erase(tx, campaign, who)
		}
		if err == nil && found != erased {
			t.Errorf("%d accounts are named, %d were erased", found, erased)
		}
		return err
	}))
	return erased
}

// TestWhoWasErasedBeforeTheEnd is nameless when the snapshot is finished.
func TestWhoWasErasedBeforeTheEnd(t *testing.T) {
	w, s := crowd(700, 2), bolttest.Open(t)
	if _, err := w.write(t.Context(), &dying{Store: s, after: 2}); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	begun := time.Time{}
	must(t, 0, s.View(t.Context(), func(tx store.Tx) (err error) { begun, err = snapshot.Begun(tx, campaign); return err }))
	if n := eraseIn(t, s, snapshot.Whose{IDs: []access.PersonID{"P-0000000005"}, Accounts: []snapshot.Account{{Directory: "okta", ID: w.people[600].Account}}}); n != 2 || !begun.Equal(monday()) {
		t.Errorf("%d were erased of a snapshot that was begun at %v", n, begun)
	}
	h, err := w.write(t.Context(), s)
	must(t, h, err)
	for _, n := range []int{5, 600} {
		p := &w.people[n]
		p.Name, p.Address, p.Department, p.Erased = "", "", "", true
	}
	read(t, s, func(r *snapshot.Reader) { compare(t, r, w) })
	must(t, 0, s.View(t.Context(), func(tx store.Tx) error {
		at, err := snapshot.Begun(tx, campaign)
		if !at.Equal(monday()) {
			t.Errorf("the finished one was begun at %v", at)
		}
		return err
	}))
}
