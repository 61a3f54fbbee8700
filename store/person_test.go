package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

func account(system, id string) access.Binding {
	return access.Binding{System: system, ID: id, Level: access.AssuranceChecked, How: "test", Since: monday()}
}

// citizen is somebody with accounts and an address that Slack shows.
func citizen(id access.PersonID, a access.Email, accounts ...access.Binding) store.Known {
	p := access.Person{ID: id, Kind: access.Employee, Standing: access.Active, Bindings: accounts}
	return store.Known{Person: p.Rename(access.ShownAddress("slack", a, access.AssuranceChecked, monday()))}
}

func (d db) put(people ...*store.Known) {
	d.Helper()
	for _, p := range people {
		d.update(func(tx store.Tx) error { return store.PutPerson(tx, p) })
	}
}

func byAccount(system, id string) func(store.Tx) (store.Known, error) {
	return func(tx store.Tx) (store.Known, error) { return store.PersonByAccount(tx, system, id) }
}

func byAddress(a access.Email) func(store.Tx) (store.Known, error) {
	return func(tx store.Tx) (store.Known, error) { return store.PersonByAddress(tx, a) }
}

func TestPersonIsFoundByWhatIsTheirsNow(t *testing.T) {
	d := open(t)
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"), account("okta", "00u1"))
	d.put(&ann)
	d.equal("by account", ann, found(d, byAccount("okta", "00u1")))
	d.equal("by address", ann, found(d, byAddress("ann@acme.test")))
	missing(d, "slack:00u1", byAccount("slack", "00u1"))

	later := monday().AddDate(0, 0, 1)
	ann.Person = ann.Rename(access.ShownAddress("slack", "lee@acme.test", access.AssuranceChecked, later)).
		Rename(access.ShownAddress("okta", "boss@acme.test", access.AssuranceShown, later)).Unbind("okta", later)
	d.put(&ann)
	d.equal("by the new address", ann, found(d, byAddress("lee@acme.test")))
	missing(d, "ann@acme.test", byAddress("ann@acme.test"))
	missing(d, "boss@acme.test", byAddress("boss@acme.test"))
	missing(d, "okta:00u1", byAccount("okta", "00u1"))
}

func TestNoAccountOfTwoPeople(t *testing.T) {
	d := open(t)
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"))
	ben := citizen("P-BEN0000000", "ben@acme.test", account("slack", "U2"))
	d.put(&ann, &ben)
	thief := ben
	thief.Bindings = append(slices.Clone(ben.Bindings), account("slack", "U1"))
	err := d.Update(context.Background(), func(tx store.Tx) error { return store.PutPerson(tx, &thief) })
	var c *access.Contradiction
	if !errors.As(err, &c) || !slices.Equal(c.Holders, []access.PersonID{"P-ANN0000000"}) {
		t.Fatalf("got %v", err)
	}
	d.equal("after the refusal", ann, found(d, byAccount("slack", "U1")))

	ann.Person = ann.Unbind("slack", monday())
	d.put(&ann, &thief)
	d.equal("once it is free", thief, found(d, byAccount("slack", "U1")))
}

func TestAnAddressOfSeveralNamesNobody(t *testing.T) {
	d := open(t)
	for i := range 230 {
		p := citizen(access.PersonID(fmt.Sprintf("P-%010d", i)), "team@acme.test", account("slack", fmt.Sprint("U", i)))
		d.put(&p)
	}
	err := d.View(context.Background(), func(tx store.Tx) error {
		_, err := store.PersonByAddress(tx, "team@acme.test")
		return err
	})
	if !errors.Is(err, store.ErrAmbiguous) || errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	all := found(d, func(tx store.Tx) ([]store.Known, error) { return store.PeopleByAddress(tx, "team@acme.test") })
	d.equal("all of them", 230, len(all))
}

// keep finds out whose account it is, with nothing but the store, and keeps that.
func (d db) keep(q access.IdentityQuestion, fresh access.PersonID) (out store.Known, err error) {
	q.At = monday()
	err = d.Update(context.Background(), func(tx store.Tx) error {
		if k, err := store.PersonByAccount(tx, q.Account.System, q.Account.ID); err == nil {
			q.Bound = &k.Person
		}
		if out, err = store.Identified(tx, access.Identify(q), fresh, monday()); err != nil {
			return err
		}
		return store.PutPerson(tx, &out)
	})
	return out, err
}

func member(id string, a access.Email) access.AccountSnapshot {
	return access.AccountSnapshot{System: "slack", ID: id, Kind: access.Employee, Standing: access.Active, Address: a, Level: access.AssuranceChecked}
}

func TestIdentified(t *testing.T) {
	d := open(t)
	ann, err := d.keep(access.IdentityQuestion{Account: member("U1", "ann@acme.test")}, "P-ANN0000000")
	if err != nil || ann.ID != "P-ANN0000000" || ann.Account("slack") != "U1" {
		t.Fatalf("somebody new: %+v, %v", ann, err)
	}
	renamed, err := d.keep(access.IdentityQuestion{Account: member("U1", "lee@acme.test")}, "P-NOT0000000")
	if err != nil || renamed.ID != ann.ID || renamed.Email != "lee@acme.test" || len(renamed.Former(access.SystemAddress)) != 1 {
		t.Fatalf("the same account with another address: %+v, %v", renamed, err)
	}

	gone := []access.Holder{{Person: renamed.Person, Standing: access.Left}}
	heir, err := d.keep(access.IdentityQuestion{Account: member("U9", "lee@acme.test"), Holders: gone}, "P-NEW0000000")
	if err != nil || heir.ID != "P-NEW0000000" {
		t.Fatalf("another account with the address of somebody who is gone: %+v, %v", heir, err)
	}
	d.equal("whom the address names", heir, found(d, byAddress("lee@acme.test")))
	left := found(d, func(tx store.Tx) (store.Known, error) { return store.Person(tx, ann.ID) })
	d.equal("what is left to the other", []string{"", ""}, []string{left.Account("slack"), string(left.Email)})
	d.equal("their history", 3, len(left.Bindings))
}

func TestIdentifiedNamesNobody(t *testing.T) {
	d := open(t)
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"))
	d.put(&ann)
	guest := member("U2", "ann@acme.test")
	guest.Kind = access.Guest
	for name, q := range map[string]access.IdentityQuestion{
		"a guest":            {Account: guest},
		"a silent directory": {Account: member("U2", "x@acme.test"), Directories: []access.DirectoryAnswer{{System: "okta", Silent: true}}},
		"the holder lives":   {Account: member("U2", "ann@acme.test"), Holders: []access.Holder{{Person: ann.Person, Standing: access.Active}}},
	} {
		if p, err := d.keep(q, "P-NEW0000000"); err == nil || p.ID != "" {
			t.Errorf("%s: got %+v, %v", name, p, err)
		}
	}
	missing(d, "slack:U2", byAccount("slack", "U2"))
	missing(d, "P-NEW0000000", func(tx store.Tx) (store.Known, error) { return store.Person(tx, "P-NEW0000000") })
}

// An address that names somebody is theirs until they give it up; a swap is
// complete when both were seen.
func TestSwappedAddresses(t *testing.T) {
	d := open(t)
	ann := citizen("P-ANN0000000", "ann@acme.test", account("slack", "U1"))
	ben := citizen("P-BEN0000000", "ben@acme.test", account("slack", "U2"))
	d.put(&ann, &ben)
	names := func() string {
		var out []string
		for _, a := range []access.Email{"ann@acme.test", "ben@acme.test"} {
			out = append(out, fmt.Sprint(found(d, func(tx store.Tx) ([]access.PersonID, error) { return store.HoldingsOf(tx).AddressHolders(a) })))
		}
		return fmt.Sprint(out)
	}
	for i, step := range []struct {
		seen access.AccountSnapshot
		want string
	}{
		{member("U1", "ben@acme.test"), "[[] [P-BEN0000000]]"},
		{member("U2", "ann@acme.test"), "[[P-BEN0000000] []]"},
		{member("U1", "ben@acme.test"), "[[P-BEN0000000] [P-ANN0000000]]"},
	} {
		p, err := d.keep(access.IdentityQuestion{Account: step.seen}, "P-NOT0000000")
		if err != nil || p.Email != step.seen.Address {
			t.Fatalf("step %d: %+v, %v", i, p, err)
		}
		d.equal(fmt.Sprint("names after step ", i), step.want, names())
	}
}

// TestHolderSaysWhatTheWholeRecordSays of somebody, by an account and by our id of them.
func TestHolderSaysWhatTheWholeRecordSays(t *testing.T) {
	d := open(t)
	ann := citizen("P-ANN0000000", "ann@acme.test", account("okta", "00u1"), account("okta", "00u2"), account("<hr>", "7"))
	d.put(&ann)
	holder := func(find func(store.Tx) (store.Holder, error)) (h store.Holder) {
		t.Helper()
		d.update(func(tx store.Tx) (err error) { h, err = find(tx); return err })
		return h
	}
	byAccount := func(tx store.Tx) (store.Holder, error) { return store.HolderOf(tx, "okta", "00u2") }
	if h := holder(byAccount); h.ID != ann.ID || h.Standing != ann.Standing || !h.Offboarded.IsZero() || h.Accounts("okta") != 2 || h.Accounts("<hr>") != 1 || h.Accounts("slack") != 0 {
		t.Errorf("by an account: %+v", h)
	}
	ann.Offboarded = monday()
	d.put(&ann)
	if h := holder(byAccount); !h.Offboarded.Equal(monday()) {
		t.Errorf("offboarded: %+v", h)
	}
	ann.Offboarded, ann.Standing = time.Time{}, access.Left
	d.put(&ann)
	if h := holder(func(tx store.Tx) (store.Holder, error) { return store.HolderKnownAs(tx, ann.ID) }); h.ID != ann.ID || h.Standing != access.Left || !h.Offboarded.IsZero() {
		t.Errorf("left: %+v", h)
	}
	if h := holder(func(tx store.Tx) (store.Holder, error) { return store.HolderKnownAs(tx, "P-NOBODY0000") }); h.ID != "" || h.Standing != "" || !h.Offboarded.IsZero() {
		t.Errorf("nobody: %+v", h)
	}
}
