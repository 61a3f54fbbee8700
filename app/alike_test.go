package app

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
)

// common is a store that several replicas work on.
type common struct{ store.Store }

func (common) Exclusive() bool { return false }

// TestReplicasGoByOneCatalogue: those that don't are named, by both, until one of them has taken up the other's or is gone.
func TestReplicasGoByOneCatalogue(t *testing.T) {
	s := common{bolttest.Open(t)}
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	const one, two = "alpha/17/1", "beta/23/2"
	for n, step := range []struct {
		after     time.Duration
		replica   string
		catalogue string
		want      []string
	}{
		{0, one, "a1", nil},
		{time.Second, two, "a1", nil},
		{time.Minute, two, "b2", []string{"beta (process 23) by b2", "alpha (process 17) goes by a1", "config.yaml"}},
		{time.Minute, one, "a1", []string{"alpha (process 17) by a1", "beta (process 23) goes by b2"}},
		{time.Minute, one, "b2", nil},
		{time.Minute, two, "b2", nil},
		{time.Minute, one, "c3", []string{"beta"}},
		{alikeGone + time.Second, one, "c3", nil}, // the other one is gone
	} {
		now = now.Add(step.after)
		err := alike(t.Context(), s, step.replica, goesBy{Catalogue: step.catalogue, At: now})
		if (err != nil) != (step.want != nil) || err != nil && access.Classify(err).Class != access.Transient {
			t.Errorf("step %d: %v", n, err)
			continue
		}
		for _, want := range step.want {
			if !strings.Contains(access.Classify(err).Sentence, want) {
				t.Errorf("step %d: %q doesn't say %q", n, err, want)
			}
		}
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		m, err := store.LoadMark(tx, alikeMark)
		if err == nil {
			m.After = "no JSON"
			err = store.PutMark(tx, &m)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := alike(t.Context(), s, one, goesBy{Catalogue: "c3", At: now}); err != nil {
		t.Errorf("what can't be read is written anew: %v", err)
	}
	if err := alike(t.Context(), s.Store, two, goesBy{Catalogue: "d4", At: now}); err != nil {
		t.Errorf("who is alone: %v", err)
	}
	if alikeGone+alikeAgain >= alarmAfter {
		t.Error("a replica in whose place another one came alarms IT")
	}
}

// What else they were started with, and their keys, have to be the same, too; the sentence says which it is. An older version,
// which says nothing of it, differs in nothing.
func TestReplicasAreAlikeInAllThatCounts(t *testing.T) {
	const one, two = "alpha/17/1", "beta/23/2"
	is := goesBy{Catalogue: "a1", Build: "v2", Beside: map[string]string{"people.admins": "x", "jira": "y"}, Key: "11aa"}
	for name, c := range map[string]struct {
		other func(*goesBy)
		want  string // "": they are alike
	}{
		"alike":           {func(*goesBy) {}, ""},
		"an older one":    {func(o *goesBy) { *o = goesBy{Catalogue: "a1"} }, ""},
		"another version": {func(o *goesBy) { o.Build, o.Beside = "v3", map[string]string{"jira": "z"} }, ""},
		"no key yet":      {func(o *goesBy) { o.Key = "" }, ""},
		"configuration":   {func(o *goesBy) { o.Beside = map[string]string{"people.admins": "z", "jira": "y"} }, "beside alpha (process 17), beta (process 23) has another people.admins. "},
		"key":             {func(o *goesBy) { o.Key = "22bb" }, "alpha (process 17) with 11aa, but beta (process 23) with 22bb. "},
		"catalogue":       {func(o *goesBy) { o.Catalogue, o.Key = "b2", "22bb" }, "different catalogues"},
	} {
		other := is
		c.other(&other)
		err := unlike(map[string]goesBy{one: is, two: other}, one)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(access.Classify(err).Sentence, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	a := idleApp(t)
	if err := a.keys.create(logOf(t, a)); err != nil {
		t.Fatal(err)
	}
	if said := a.goesBy(); said.Key == "" || said.Beside["people.admins"] == "" || said.Catalogue == "" {
		t.Errorf("%+v", said)
	}
}

func logOf(t *testing.T, a *App) (name string) {
	t.Helper()
	if err := a.store.View(t.Context(), func(tx store.Tx) (err error) {
		name, err = store.LogName(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return name
}
