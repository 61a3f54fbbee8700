package snapshot_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/snapshot"
)

// TestRowsThatSayTheSame are the very same bytes whether they are added one by one or together, on however many pages.
func TestRowsThatSayTheSame(t *testing.T) {
	w := crowd(30_000, 2)
	for g := range w.rows {
		for n := range w.rows[g] {
			w.rows[g][n] = snapshot.Row{Account: n, Source: access.SourceBirthright, Since: monday(), Recommendation: "keep", Conflicts: []string{"a"}, Peers: catalog.Share{Some: n / 1000, All: 40}}
			if n%7 > 0 {
				w.rows[g][n].Reviewers = []int{n / 50 * 50}
			}
			if n/100%3 == 0 {
				w.rows[g][n].Second = []int{7}
			}
		}
	}
	apart, together := bolttest.Open(t), bolttest.Open(t)
	want, err := w.write(t.Context(), apart)
	must(t, want, err)
	to, err := snapshot.Begin(t.Context(), together, campaign, monday(), snapshot.Options{Random: salts{}})
	must(t, to, err)
	for _, p := range w.people {
		must(t, 0, second(to.AddPeople(t.Context(), p)))
	}
	for g, rows := range w.rows {
		must(t, 0, to.BeginGroup(w.groups[g]))
		for some := range slices.Chunk(rows, 1000) {
			like := some[0]
			like.Account, like.Reviewers, like.Second = -1, []int{-1}, nil // these are said apart
			must(t, 0, to.AddAlike(t.Context(), &like, alike(some)...))
		}
		must(t, 0, to.EndGroup(t.Context(), w.groups[g].Proof))
	}
	h, err := to.Finish(t.Context(), tuesday())
	same(t, "header", must(t, h, err), want)
	sameBytes(t, contents(t, together), contents(t, apart))
}

func second(_ int, err error) error { return err }

// alike are rows that differ in nothing but their accounts and who is asked.
func alike(rows []snapshot.Row) (all []snapshot.Alike) {
	for _, r := range rows {
		last := len(all) - 1
		if last < 0 || !slices.Equal(all[last].Reviewers, r.Reviewers) || !slices.Equal(all[last].Second, r.Second) {
			all = append(all, snapshot.Alike{Reviewers: r.Reviewers, Second: r.Second})
			last++
		}
		all[last].Accounts = append(all[last].Accounts, r.Account)
	}
	return all
}

// TestWhatCantBeAlike is what can't be in a row.
func TestWhatCantBeAlike(t *testing.T) {
	w := crowd(20, 1)
	for name, c := range map[string]struct {
		like snapshot.Row
		of   snapshot.Alike
		want string
	}{
		"nobody":               {snapshot.Row{}, snapshot.Alike{Accounts: []int{1, 20}}, "number 20: nobody has that number"},
		"twice":                {snapshot.Row{}, snapshot.Alike{Accounts: []int{3, 4, 3}}, "number 3: it is listed twice"},
		"a reviewer":           {snapshot.Row{}, snapshot.Alike{Accounts: []int{1}, Second: []int{20}}, "the reviewer 20 is nobody"},
		"what is said of them": {snapshot.Row{Reason: strings.Repeat("x", 5000)}, snapshot.Alike{Accounts: []int{1}}, "too long"},
	} {
		to := begin(t, bolttest.Open(t))
		must(t, 0, second(to.AddPeople(t.Context(), w.people...)))
		if err := to.AddAlike(t.Context(), &c.like, c.of); err == nil || !strings.Contains(err.Error(), "no group is begun") {
			t.Errorf("%s, without a group: %v", name, err)
		}
		must(t, 0, to.BeginGroup(w.groups[0]))
		if err := to.AddAlike(t.Context(), &c.like, c.of); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
