package snapshot_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/snapshot"
)

var update = flag.Bool("update", false, "write the sample of the stored form anew: only before a release knows it")

// kept are records as they are in a store, to be read and to be damaged.
type kept struct {
	store.Records
	all map[string]store.Record
}

func (k kept) Get(kind, id string) (store.Record, error) {
	r, there := k.all[kind+" "+id]
	if !there {
		return store.Record{}, store.ErrNotFound
	}
	return r, nil
}

// with are the records with one of them changed.
func (k kept) with(id string, change func(*store.Record)) kept {
	r := k.all[id]
	r.Body = bytes.Clone(r.Body)
	change(&r)
	all := maps.Clone(k.all)
	all[id] = r
	return kept{all: all}
}

// verify reads everything.
func verify(k kept) error {
	r, err := snapshot.Open(k, campaign)
	if err != nil {
		return err
	}
	return r.Verify()
}

// written are the records of a world.
func written(t *testing.T, w world) kept {
	t.Helper()
	s := bolttest.Open(t)
	h, err := w.write(t.Context(), s)
	must(t, h, err)
	return kept{all: contents(t, s)}
}

// sample has a bit of everything, with two pages of people and of rows.
func sample() world {
	w := crowd(30, 2)
	w.people[3].ID, w.people[3].Manager = "", snapshot.Manager{Text: "Cleo of Design"}
	w.people[4].Manager = snapshot.Manager{Person: "P-0000000000", Account: "00u00000000"}
	w.people[5].SignIn = snapshot.Use{At: monday(), Reach: monday().AddDate(0, -3, 0), Source: "the account, as Okta shows it"}
	w.people[6] = snapshot.Person{Number: 6, ID: "P-REVIEWER", Name: "Rosa"}
	w.groups[1].Ref.ByID, w.groups[1].Roles, w.groups[1].Risk, w.groups[1].Privileged, w.groups[1].Opens = true, []string{"editor", "viewer"}, catalog.High, true, "Pay invoices"
	w.rows[1] = w.rows[1][:20]
	w.rows[1][2] = snapshot.Row{
		Account: w.rows[1][2].Account, Source: access.SourceAdopted, Grant: "G-ADOPTED", Request: "AR-OTHER", Since: monday(), Until: tuesday(), Use: snapshot.Use{Reach: monday(), Source: "a log"},
		Peers: catalog.Share{Some: 3, All: 40}, Earlier: snapshot.Earlier{Decision: "keep", Campaign: "RV-2026-Q3"}, Conflicts: []string{"pays and approves"}, Recommendation: "review", Reason: "conflict",
		Reviewers: []int{6, 0}, Second: []int{10},
	}
	w.rows[1][3].Reviewers, w.rows[1][3].Excluded = nil, "a break-glass account"
	w.rows[1][4].Reviewers = nil
	return w
}

// TestAFlippedBitIsFound wherever it is, and the error names the record it is in.
func TestAFlippedBitIsFound(t *testing.T) {
	k := written(t, sample())
	if err := verify(k); err != nil {
		t.Fatal(err)
	}
	for id, r := range k.all {
		for at := range r.Body {
			err := verify(k.with(id, func(r *store.Record) { r.Body[at] ^= 1 << (at % 8) }))
			if d := (*store.Damaged)(nil); !errors.As(err, &d) || d.Kind+" "+d.ID != id {
				t.Fatalf("bit %d of byte %d of %s: %v", at%8, at, id, err)
			}
		}
	}
}

// TestAPageThatIsNotWhatItWas is found, whether it is missing, cut off, longer, another
// one's or another campaign's, or of a form that isn't known.
func TestAPageThatIsNotWhatItWas(t *testing.T) {
	k := written(t, sample())
	foreign := written(t, crowd(30, 2))
	for id := range k.all {
		changes := map[string]func(*store.Record){
			"cut off": func(r *store.Record) { r.Body = r.Body[:len(r.Body)-1] },
			"empty":   func(r *store.Record) { r.Body = nil },
			"longer":  func(r *store.Record) { r.Body = append(r.Body, 0) },
			"older":   func(r *store.Record) { r.Schema = 0 },
			"newer":   func(r *store.Record) { r.Schema = 2 },
		}
		for other, is := range k.all {
			if other != id {
				changes["the place of "+other] = func(r *store.Record) { r.Body = is.Body }
			}
		}
		if is, there := foreign.all[id]; there && !bytes.Equal(is.Body, k.all[id].Body) {
			changes["that of another world"] = func(r *store.Record) { r.Body = is.Body }
		}
		for name, change := range changes {
			err := verify(k.with(id, change))
			if d := (*store.Damaged)(nil); !errors.As(err, &d) || name == "newer" && !errors.Is(err, store.ErrNewer) {
				t.Errorf("%s, %s: %v", id, name, err)
			}
		}
		without := maps.Clone(k.all)
		delete(without, id)
		err := verify(kept{all: without})
		if d := (*store.Damaged)(nil); !errors.As(err, &d) && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without %s: %v", id, err)
		}
	}
}

// TestAnotherWriterFindsDamage and doesn't go on behind it.
func TestAnotherWriterFindsDamage(t *testing.T) {
	s := bolttest.Open(t)
	w := crowd(30, 2)
	if _, err := w.write(t.Context(), &dying{Store: s, after: 2}); !errors.Is(err, errDied) {
		t.Fatal(err)
	}
	for _, r := range contents(t, s) {
		damage := func(flip int) {
			must(t, 0, s.Update(t.Context(), func(tx store.Tx) error {
				now, err := tx.Get(r.Kind, r.ID)
				if err == nil {
					now.Body[flip] ^= 4
					_, err = tx.Put(now)
				}
				return err
			}))
		}
		damage(len(r.Body) / 2)
		_, err := snapshot.Begin(t.Context(), s, campaign, monday(), snapshot.Options{})
		if d := (*store.Damaged)(nil); !errors.As(err, &d) || d.ID != r.ID {
			t.Errorf("with damage in %s: %v", r.ID, err)
		}
		damage(len(r.Body) / 2)
	}
}

// TestTheStoredFormStays: what version 1 wrote is read, and written, as it was.
func TestTheStoredFormStays(t *testing.T) {
	path := filepath.Join("testdata", "version1.jsonl")
	w := sample()
	now := written(t, w)
	if *update {
		must(t, 0, os.MkdirAll("testdata", 0o755))
		must(t, 0, os.WriteFile(path, lines(t, now), 0o644))
	}
	raw, err := os.ReadFile(path)
	must(t, raw, err)
	then := kept{all: map[string]store.Record{}}
	for in := bufio.NewScanner(bytes.NewReader(raw)); in.Scan(); {
		var r store.Record
		must(t, 0, json.Unmarshal(in.Bytes(), &r))
		then.all[r.Kind+" "+r.ID] = r
	}
	r, err := snapshot.Open(then, campaign)
	must(t, r, err)
	compare(t, r, w)
	same(t, "stored form", string(lines(t, now)), string(raw))
}

func lines(t *testing.T, k kept) (out []byte) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(k.all)) {
		r := k.all[id]
		r.Version = 1
		line, err := json.Marshal(r)
		out = append(append(out, must(t, line, err)...), '\n')
	}
	return out
}
