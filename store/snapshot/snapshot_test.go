package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/snapshot"
)

const campaign = "RV-2026-Q4"

func monday() time.Time  { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
func tuesday() time.Time { return monday().Add(24 * time.Hour) }

// world is what a directory would show: what a snapshot is made of.
type world struct {
	people []snapshot.Person
	groups []snapshot.Group
	rows   [][]snapshot.Row // by group, in the order in which they are added
}

// salts are the same for everybody, so that two snapshots of one world are the same.
type salts struct{}

func (salts) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i + 1)
	}
	return len(p), nil
}

// write writes a world, or what is missing of it.
func (w world) write(ctx context.Context, s store.Store) (snapshot.Header, error) {
	to, err := snapshot.Begin(ctx, s, campaign, monday(), snapshot.Options{Random: salts{}})
	if err != nil {
		return snapshot.Header{}, err
	}
	for _, p := range w.people {
		if _, known := to.Number(p.Directory, p.Account); known {
			continue
		}
		if _, err := to.AddPeople(ctx, p); err != nil {
			return snapshot.Header{}, err
		}
	}
	for i := len(to.Groups()); i < len(w.groups); i++ {
		err := to.BeginGroup(w.groups[i])
		for rows := range slices.Chunk(w.rows[i], 200) {
			err = errors.Join(err, to.AddRows(ctx, rows...))
		}
		if err = errors.Join(err, to.EndGroup(ctx, w.groups[i].Proof)); err != nil {
			return snapshot.Header{}, err
		}
	}
	return to.Finish(ctx, tuesday())
}

// expected are the rows as they have to be read.
func (w world) expected() (all []snapshot.Row) {
	for i, rows := range w.rows {
		rows = slices.Clone(rows)
		slices.SortFunc(rows, func(a, b snapshot.Row) int { return a.Account - b.Account })
		for _, r := range rows {
			r.Group, r.Item = i, uint64(len(all)+1)
			all = append(all, r)
		}
	}
	return all
}

func words() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "keep", "revoke", "Ängström's 'x'", "\x00\xff", "a rather long reason"})
}

func moments() *rapid.Generator[time.Time] {
	unit := rapid.SampledFrom([]time.Duration{24 * time.Hour, time.Second, time.Millisecond})
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "unknown") {
			return time.Time{}
		}
		return monday().Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "n")) * unit.Draw(t, "unit"))
	})
}

func uses() *rapid.Generator[snapshot.Use] {
	return rapid.Custom(func(t *rapid.T) snapshot.Use {
		return snapshot.Use{At: moments().Draw(t, "at"), Reach: moments().Draw(t, "reach"), Source: words().Draw(t, "source")}
	})
}

func worlds() *rapid.Generator[world] {
	return rapid.Custom(func(t *rapid.T) (w world) {
		for n := range rapid.IntRange(1, 60).Draw(t, "people") {
			w.people = append(w.people, somebody(t, n))
		}
		for n := range rapid.IntRange(0, 5).Draw(t, "groups") {
			w.groups = append(w.groups, snapshot.Group{
				Number: n, Ref: catalog.GroupRef{Directory: "okta", Group: fmt.Sprint("group-", n), ByID: rapid.Bool().Draw(t, "by id")}, ID: fmt.Sprint("00g", n),
				Name: words().Draw(t, "name"), App: "figma", Roles: rapid.SampledFrom([][]string{nil, {"editor"}, {"editor", "viewer"}}).Draw(t, "roles"),
				Risk: catalog.High, Privileged: rapid.Bool().Draw(t, "privileged"), Opens: words().Draw(t, "opens"), Proof: rapid.SampledFrom([][]byte{nil, []byte(`{"Pages":2}`)}).Draw(t, "proof"),
			})
			w.rows = append(w.rows, members(t, w.people))
		}
		return w
	})
}

func somebody(t *rapid.T, n int) snapshot.Person {
	p := snapshot.Person{
		Number: n, Directory: rapid.SampledFrom([]string{"okta", "entra"}).Draw(t, "directory"), Account: fmt.Sprintf("00u%d", n), ID: access.PersonID(fmt.Sprintf("P-%010d", n/2)),
		Name: fmt.Sprint("Person ", n), Address: access.Email(fmt.Sprintf("p%d@acme.test", n)), Title: words().Draw(t, "title"), Department: words().Draw(t, "department"),
		Type: "Employee", Location: words().Draw(t, "location"), Status: access.Active, Created: moments().Draw(t, "created"), SignIn: uses().Draw(t, "sign-in"),
	}
	if n%7 == 3 {
		p.ID, p.Manager = "", snapshot.Manager{Text: "somebody"}
	} else if n%7 > 3 {
		p.Manager = snapshot.Manager{Person: "P-0000000001", Account: "00u1"}
	}
	return p
}

func members(t *rapid.T, people []snapshot.Person) (rows []snapshot.Row) {
	numbers := rapid.Permutation(slices.Collect(numbersOf(people))).Draw(t, "order")
	reviewers := rapid.SampledFrom([][]int{nil, {0}, {0, 1}, {len(people) - 1}})
	for _, n := range numbers[:rapid.IntRange(0, len(people)).Draw(t, "members")] {
		r := snapshot.Row{
			Account: n, Source: rapid.SampledFrom([]access.Source{"", access.SourceRequested, access.SourceBirthright}).Draw(t, "source"), Since: moments().Draw(t, "since"), Until: moments().Draw(t, "until"), Use: uses().Draw(t, "use"),
			Peers: catalog.Share{Some: rapid.IntRange(0, 3).Draw(t, "some"), All: rapid.IntRange(0, 90).Draw(t, "all")}, Earlier: snapshot.Earlier{Decision: words().Draw(t, "earlier"), Campaign: words().Draw(t, "in")},
			Conflicts: rapid.SampledFrom([][]string{nil, nil, {"maker-checker"}, {"maker-checker", "pay"}}).Draw(t, "conflicts"), Recommendation: words().Draw(t, "recommendation"),
			Reason: words().Draw(t, "reason"), Excluded: rapid.SampledFrom([]string{"", "", "out of scope"}).Draw(t, "excluded"),
		}
		for _, i := range reviewers.Draw(t, "reviewers") {
			if i < len(people) && people[i].ID != "" {
				r.Reviewers = append(r.Reviewers, i)
			}
		}
		for _, i := range reviewers.Draw(t, "second") {
			if i < len(people) && people[i].ID != "" {
				r.Second = append(r.Second, i)
			}
		}
		ids := rapid.SampledFrom([][2]string{{}, {"G-7K2M9QXW", "AR-7K2M9QXW"}, {fmt.Sprint("G-", n), fmt.Sprint("AR-", n)}, {"G-ADOPTED", ""}, {"", "AR-1"}, {"G-1", "AR-AR-1"}}).Draw(t, "ids")
		r.Grant, r.Request = ids[0], ids[1]
		rows = append(rows, r)
	}
	return rows
}

func numbersOf(people []snapshot.Person) iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := range people {
			if !yield(n) {
				return
			}
		}
	}
}

// TestWhatIsWrittenIsReadBack is so of every value, in the order of accounts within a
// group; and whatever is asked for by itself is the same as in the whole.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	s := bolttest.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := worlds().Draw(rt, "world")
		if err := snapshot.Delete(t.Context(), s, campaign); err != nil {
			rt.Fatal(err)
		}
		h, err := w.write(t.Context(), s)
		if err != nil {
			rt.Fatal(err)
		}
		read(rt, s, func(r *snapshot.Reader) {
			same(rt, "header", r.Header(), h)
			if h.People != len(w.people) || h.Groups != len(w.groups) || !h.Begun.Equal(monday()) || !h.Finished.Equal(tuesday()) {
				rt.Errorf("the header says %+v", h)
			}
			compare(rt, r, w)
		})
	})
}

// tb is what a test and a property have in common.
type tb interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
}

func read(t tb, s store.Store, look func(*snapshot.Reader)) {
	t.Helper()
	if err := s.View(context.Background(), func(tx store.Tx) error {
		r, err := snapshot.Open(tx, campaign)
		if err == nil {
			look(r)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func same(t tb, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: what is read is not what was written:\n%s", what, diff)
	}
}

// all of a sequence that ends without an error.
func all[T any](t tb, of iter.Seq2[T, error]) (out []T) {
	t.Helper()
	for v, err := range of {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// must is a value that comes without an error.
func must[T any](t tb, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func compare(t tb, r *snapshot.Reader, w world) {
	t.Helper()
	rows := w.expected()
	same(t, "people", all(t, r.People()), w.people)
	same(t, "rows", all(t, r.Rows(0)), rows)
	standings := []access.Standing(nil)
	for _, p := range w.people {
		standings = append(standings, p.Status)
	}
	same(t, "standings", all(t, r.Standings()), standings)
	var briefs, wanted []snapshot.Brief
	for _, row := range rows {
		wanted = append(wanted, snapshot.Brief{Group: row.Group, Account: row.Account, Excluded: row.Excluded != "", Asked: len(row.Reviewers) > 0})
	}
	for number := range r.Header().Groups {
		briefs = append(briefs, all(t, r.Briefs(number))...)
	}
	same(t, "briefs", briefs, wanted)
	if err := r.Verify(); err != nil {
		t.Errorf("Verify: %v", err)
	}
	for i, g := range all(t, r.Groups()) {
		g.First = 0
		want := w.groups[i]
		want.Rows = len(w.rows[i])
		same(t, "group", g, want)
		same(t, "rows of a group", all(t, r.RowsOfGroup(i, 0)), some(rows, func(r snapshot.Row) bool { return r.Group == i }))
	}
	for _, row := range rows {
		got, err := r.Row(row.Item)
		same(t, "row", must(t, got, err), row)
	}
	half := uint64(len(rows) / 2)
	same(t, "rows after", all(t, r.Rows(half)), rows[half:])
	compareByPerson(t, r, w, rows)
}

func some(rows []snapshot.Row, is func(snapshot.Row) bool) (out []snapshot.Row) {
	for _, r := range rows {
		if is(r) {
			out = append(out, r)
		}
	}
	return out
}

func compareByPerson(t tb, r *snapshot.Reader, w world, rows []snapshot.Row) {
	t.Helper()
	counts, half := map[access.PersonID]int{}, uint64(len(rows)/2)
	for n, p := range w.people {
		got, err := r.Person(n)
		same(t, "person", must(t, got, err), p)
		if got, err = r.Account(p.Directory, p.Account); p.Account != "" {
			same(t, "account", must(t, got, err), p)
		}
		if p.ID == "" || n > 10 && n < len(w.people)-1 {
			continue
		}
		theirs := func(row snapshot.Row) bool { return w.people[row.Account].ID == p.ID }
		same(t, "rows of a person", all(t, r.RowsOfPerson(p.ID, half)), some(rows[half:], theirs))
		is := func(n int) bool { return w.people[n].ID == p.ID }
		counts[p.ID] = compareReviewer(t, r, p.ID, rows, func(row snapshot.Row) bool { return slices.ContainsFunc(row.Reviewers, is) })
		compareReviewer(t, r.Second(), p.ID, rows, func(row snapshot.Row) bool { return slices.ContainsFunc(row.Second, is) })
	}
	counts[""] = compareReviewer(t, r, "", rows, func(row snapshot.Row) bool { return len(row.Reviewers) == 0 && row.Excluded == "" })
	second := some(rows, func(row snapshot.Row) bool { return len(row.Second) > 0 })
	if reviewers := all(t, r.Second().Reviewers()); len(reviewers) > 0 != (len(second) > 0) {
		t.Errorf("%d rows have a second stage, whose reviewers are %v", len(second), reviewers)
	}
	for _, is := range all(t, r.Reviewers()) {
		if rows, looked := counts[is.ID]; is.Rows == 0 || looked && rows != is.Rows {
			t.Errorf("%q reviews %d rows, and of reviewers it is said to be %d", is.ID, rows, is.Rows)
		}
		delete(counts, is.ID)
	}
	for who, n := range counts {
		if n > 0 {
			t.Errorf("%q reviews %d rows and is not among the reviewers", who, n)
		}
	}
}

func compareReviewer(t tb, r *snapshot.Reader, who access.PersonID, rows []snapshot.Row, is func(snapshot.Row) bool) int {
	t.Helper()
	want, half := some(rows, is), uint64(len(rows)/2)
	same(t, "rows for a reviewer", all(t, r.RowsFor(who, 0)), want)
	same(t, "rows for a reviewer after one", all(t, r.RowsFor(who, half)), some(rows[half:], is))
	return len(want)
}
