package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// damage leaves grants in the store that can't be read back.
func (d db) damage(ids ...string) {
	d.Helper()
	d.update(func(tx store.Tx) error {
		for _, id := range ids {
			r := store.Record{Kind: "grant", ID: id, Body: []byte("{"), Index: []string{"person:bob@acme.test", "open:bob@acme.test", "app:crm"}}
			if _, err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestDamageIsNamedBesideWhatIsSound(t *testing.T) {
	d := open(t)
	first, last := grant("G-1", time.Time{}), grant("G-4", time.Time{})
	d.update(func(tx store.Tx) error { return errors.Join(store.PutGrant(tx, &first), store.PutGrant(tx, &last)) })
	d.damage("G-2", "G-3")
	err := d.View(context.Background(), func(tx store.Tx) error {
		all, err := store.OpenGrantsOf(tx, "bob@acme.test")
		var damage store.Damage
		if !errors.As(err, &damage) {
			t.Fatalf("who can't go on without them isn't stopped: %v", err)
		}
		sound, damage, err := store.Sound(all, err)
		d.equal("sound", []access.Grant{first, last}, sound)
		if len(damage) != 2 || damage[0].ID != "G-2" || damage[1].ID != "G-3" || !damage[0].Has("app:crm") || damage[0].Has("app:erp") {
			t.Errorf("damaged are %v", damage)
		}
		if said := damage.Error(); !strings.Contains(said, "grant G-2 can't be read back") || !strings.Contains(said, "grant G-3") {
			t.Errorf("it says %q", said)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	err = d.View(context.Background(), func(tx store.Tx) error {
		_, err := store.Grant(tx, "G-2")
		return err
	})
	var one *store.Damaged
	if !errors.As(err, &one) || one.ID != "G-2" {
		t.Errorf("the one alone: %v", err)
	}
	broken := errors.New("broken")
	if _, damage, err := store.Sound([]access.Grant(nil), broken); damage != nil || !errors.Is(err, broken) {
		t.Errorf("another error: %v, %v", damage, err)
	}
}
