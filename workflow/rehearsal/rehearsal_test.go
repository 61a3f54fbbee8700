package rehearsal_test

import (
	"context"
	"errors"
	"testing"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/rehearsal"
)

// TestNothingIsWritten: whoever writes sees it until they are done, and nobody else does.
func TestNothingIsWritten(t *testing.T) {
	s := bolttest.Open(t)
	r := access.Request{ID: "AR-1", State: access.RequestPending}
	err := rehearsal.Dry(s).Update(t.Context(), func(tx store.Tx) error {
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
		_, err := store.Request(tx, r.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx store.Tx) error {
		_, err := store.Request(tx, r.ID)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	fails := errors.New("no")
	if err := rehearsal.Dry(s).Update(t.Context(), func(store.Tx) error { return fails }); !errors.Is(err, fails) {
		t.Errorf("a failure becomes %v", err)
	}
}

// counting is a directory that counts what it is asked.
type counting struct {
	idp.Directory
	asked int
}

func (c *counting) Members(context.Context, string) (idp.Listing, error) {
	c.asked++
	return idp.Listing{All: func(yield func(idp.Membership, error) bool) {
		_ = yield(idp.Membership{PersonID: "u1"}, nil) && yield(idp.Membership{PersonID: "u2"}, nil)
	}}, nil
}

func TestAGroupIsReadOnceAndNobodyIsPutIntoIt(t *testing.T) {
	c := &counting{}
	d := rehearsal.Once(c)
	for range 3 {
		all, err := idp.Everybody(d.Members(t.Context(), "g"))
		if err != nil || len(all) != 2 {
			t.Errorf("%v, %v", all, err)
		}
	}
	if c.asked != 1 {
		t.Errorf("asked %d times", c.asked)
	}
	for _, d := range []idp.Directory{d, rehearsal.Unread("okta")} {
		if d.Add(t.Context(), "g", "u") == nil || d.Remove(t.Context(), "g", "u") == nil {
			t.Error("access is changed")
		}
	}
	if _, err := rehearsal.Unread("okta").Members(t.Context(), "g"); access.Classify(err).Class != access.Transient || errors.Is(err, idp.ErrNotFound) {
		t.Errorf("what isn't asked says %v", err)
	}
}
