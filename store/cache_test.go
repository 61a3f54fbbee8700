package store_test

import (
	"errors"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

// cached reads a person in a transaction that has the cache.
func (d db) cached(c *store.Cache, who access.PersonID) store.Known {
	d.Helper()
	return found(d, func(tx store.Tx) (store.Known, error) { return store.Person(store.Caching(tx, c), who) })
}

func TestACacheShowsWhatIsStored(t *testing.T) {
	d, c := open(t), &store.Cache{}
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"))
	d.put(&ann)
	for range 2 {
		d.equal("as stored", ann, d.cached(c, ann.ID))
	}
	ann.Standing = access.Left
	d.put(&ann)
	d.equal("after a change", ann, d.cached(c, ann.ID))
	changed := d.cached(c, ann.ID)
	changed.Bindings[0].ID = "U9"
	d.equal("after somebody changed what they got", ann, d.cached(c, ann.ID))
}

func TestACacheForgetsWhatWasNotCommitted(t *testing.T) {
	d, c := open(t), &store.Cache{}
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"))
	d.put(&ann)
	off := errors.New("broken off")
	other := ann
	other.Standing = access.Left
	err := d.Update(t.Context(), func(tx store.Tx) error {
		tx = store.Caching(tx, c)
		if err := store.PutPerson(tx, &other); err != nil {
			return err
		}
		if seen, err := store.Person(tx, ann.ID); err != nil || seen.Standing != access.Left {
			t.Errorf("in its own transaction it reads %s, %v", seen.Standing, err)
		}
		return off
	})
	if !errors.Is(err, off) {
		t.Fatal(err)
	}
	d.equal("after a transaction broke off", ann, d.cached(c, ann.ID))
}

func TestACacheKnowsTheNameThatTheLogWasJustGiven(t *testing.T) {
	d, c := open(t), &store.Cache{}
	err := d.Update(t.Context(), func(tx store.Tx) error {
		tx = store.Caching(tx, c)
		for _, name := range []string{"acme.atlassian.net/latchkey/aaaaaaaa/1", "acme.atlassian.net/latchkey/aaaaaaaa/2"} {
			if err := store.NameLog(tx, name); err != nil {
				return err
			}
			for range 2 {
				if got, err := store.LogName(tx); got != name || err != nil {
					t.Errorf("the log is called %q, want %q: %v", got, name, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
