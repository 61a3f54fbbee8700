package store_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// ids are those of a list of requests or grants.
func ids[T access.Request | access.Grant](all []T) (out []string) {
	for _, one := range all {
		switch v := any(one).(type) {
		case access.Request:
			out = append(out, v.ID)
		case access.Grant:
			out = append(out, v.ID)
		}
	}
	return out
}

// TestRequestsAreOnTheListsThatTheyBelongTo, for as long as they do.
func TestRequestsAreOnTheListsThatTheyBelongTo(t *testing.T) {
	d := open(t)
	waits, denied, review := request(), request(), request()
	waits.Origin, waits.Stages[0].Answers, waits.Stages[0].Standby = "view-1", nil, []access.PersonID{"P-DAN"}
	denied.ID, denied.Issue, denied.State, denied.Decided = "AR-2", access.Issue{ID: "2"}, access.RequestDenied, monday()
	review.ID, review.Issue, review.App, review.State, review.BreakGlass = "AR-3", access.Issue{ID: "3"}, "erp", access.RequestApproved, true
	review.Review = &access.Review{Asked: []access.PersonID{"P-EVE"}}
	for _, r := range []*access.Request{&waits, &denied, &review} {
		d.update(func(tx store.Tx) error { return store.PutRequest(tx, r) })
	}
	lists := func() map[string][]string {
		list := func(fn func(store.Tx) ([]access.Request, error)) []string { return ids(found(d, fn)) }
		return map[string][]string{
			"asking":      list(func(tx store.Tx) ([]access.Request, error) { return store.RequestsAsking(tx, "cleo@acme.test", "", 10) }),
			"backed by":   list(func(tx store.Tx) ([]access.Request, error) { return store.RequestsBackedBy(tx, "P-DAN", "", 10) }),
			"reviewed by": list(func(tx store.Tx) ([]access.Request, error) { return store.RequestsReviewedBy(tx, "P-EVE", "", 10) }),
			"on the app":  list(func(tx store.Tx) ([]access.Request, error) { return store.RequestsOn(tx, "crm", "", 10) }),
			"behind one":  list(func(tx store.Tx) ([]access.Request, error) { return store.RequestsOn(tx, "crm", "AR-1", 10) }),
			"made":        list(func(tx store.Tx) ([]access.Request, error) { return store.OpenRequestsBy(tx, "ann@acme.test") }),
			"over": list(func(tx store.Tx) ([]access.Request, error) {
				return store.RequestsOverIn(tx, "ann@acme.test", monday())
			}),
			"over for whom": list(func(tx store.Tx) ([]access.Request, error) {
				return store.RequestsOverIn(tx, "bob@acme.test", monday())
			}),
			"over later": list(func(tx store.Tx) ([]access.Request, error) {
				return store.RequestsOverIn(tx, "bob@acme.test", monday().AddDate(0, 1, 0))
			}),
			"open": found(d, func(tx store.Tx) ([]string, error) { return store.OpenRequestIDs(tx, "bob@acme.test") }),
		}
	}
	d.equal("lists", map[string][]string{
		"asking": {"AR-1"}, "backed by": {"AR-1"}, "reviewed by": {"AR-3"}, "on the app": {"AR-1", "AR-2"}, "behind one": {"AR-2"}, "made": {"AR-1"},
		"over": {"AR-2"}, "over for whom": {"AR-2"}, "over later": nil, "open": {"AR-1"},
	}, lists())
	d.equal("of a submission", "AR-1", found(d, load(store.RequestFrom, "view-1")).ID)
	missing(d, "", load(store.RequestFrom, "view-2"))

	waits.State, waits.Decided = access.RequestCancelled, monday()
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &waits) })
	d.equal("lists after it was cancelled", map[string][]string{
		"asking": nil, "backed by": nil, "reviewed by": {"AR-3"}, "on the app": {"AR-1", "AR-2"}, "behind one": {"AR-2"}, "made": nil,
		"over": {"AR-2"}, "over for whom": {"AR-2"}, "over later": nil, "open": nil,
	}, lists())
}

// TestARequestThatWasSeenIsReadAgainOnlyIfItChanged.
func TestARequestThatWasSeenIsReadAgainOnlyIfItChanged(t *testing.T) {
	d := open(t)
	r := request()
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	since := func(seen access.Request) access.Request {
		return found(d, func(tx store.Tx) (access.Request, error) { return store.RequestSince(tx, seen) })
	}
	seen := r
	seen.Reason = "as I have it"
	d.equal("unchanged", seen, since(seen))
	r.Reason = "as it is by now"
	d.update(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	d.equal("changed", r, since(seen))
	d.equal("never seen", r, since(access.Request{ID: r.ID}))
	missing(d, "AR-9", func(tx store.Tx) (access.Request, error) { return store.RequestSince(tx, access.Request{ID: "AR-9"}) })
}

// TestGrantsAreOnTheListsThatTheyBelongTo, for as long as they do.
func TestGrantsAreOnTheListsThatTheyBelongTo(t *testing.T) {
	d := open(t)
	plain, taken, disputed, over := grant("G-1", monday()), grant("G-2", monday()), grant("G-3", monday()), grant("G-4", monday())
	taken.TakenBy, disputed.Disputed = "P-EVE", true
	over.State, over.Finished = access.GrantEnded, monday()
	for _, g := range []*access.Grant{&plain, &taken, &disputed, &over} {
		d.update(func(tx store.Tx) error { return store.PutGrant(tx, g) })
	}
	list := func(fn func(store.Tx) ([]access.Grant, error)) []string { return ids(found(d, fn)) }
	d.equal("lists", map[string][]string{
		"all": {"G-1", "G-2", "G-3", "G-4"}, "open, from one on": {"G-3"}, "taken": {"G-2"}, "disputed": {"G-3"}, "over": {"G-4"}, "over later": nil,
	}, map[string][]string{
		"all":               list(func(tx store.Tx) ([]access.Grant, error) { return store.AllGrants(tx, "", 10) }),
		"open, from one on": list(func(tx store.Tx) ([]access.Grant, error) { return store.OpenGrantsFrom(tx, "bob@acme.test", "G-2", 10) }),
		"taken":             list(func(tx store.Tx) ([]access.Grant, error) { return store.GrantsTakenBy(tx, "P-EVE") }),
		"disputed":          list(func(tx store.Tx) ([]access.Grant, error) { return store.DisputedGrants(tx, "", 10) }),
		"over":              list(func(tx store.Tx) ([]access.Grant, error) { return store.GrantsOverIn(tx, "bob@acme.test", monday()) }),
		"over later": list(func(tx store.Tx) ([]access.Grant, error) {
			return store.GrantsOverIn(tx, "bob@acme.test", monday().AddDate(0, 1, 0))
		}),
	})
}

// TestWhomAnAddressMeans: who has it now; otherwise the one who had it last. Where several did, nobody is guessed at.
func TestWhomAnAddressMeans(t *testing.T) {
	d := open(t)
	had := func(id access.PersonID, account string) store.Known {
		k := citizen(id, "it@acme.test", access.Binding{System: "okta", ID: account, Level: access.AssuranceChecked, How: "test", Since: monday()})
		k.Person = k.Rename(access.ShownAddress("slack", access.Email(account+"@acme.test"), access.AssuranceChecked, monday().Add(time.Hour)))
		return k
	}
	meant := func(a access.Email) func(store.Tx) (store.Known, error) {
		return func(tx store.Tx) (store.Known, error) { return store.Meant(tx, a) }
	}
	missing(d, "it@acme.test", meant("it@acme.test"))
	ann := had("P-ANN0000000", "ann")
	d.put(&ann)
	d.equal("who had it last", ann.ID, found(d, meant("it@acme.test")).ID)
	d.equal("who has one now", ann.ID, found(d, meant("ann@acme.test")).ID)
	written := func(k store.Known) []access.Email {
		return found(d, func(tx store.Tx) (access.Person, error) { return store.Written(tx, k.Person) }).Still
	}
	d.equal("what is still meant of hers", []access.Email{"it@acme.test"}, written(ann))
	bob := had("P-BOB0000000", "bob")
	d.put(&bob)
	err := d.View(t.Context(), func(tx store.Tx) error {
		_, err := store.Meant(tx, "it@acme.test")
		return err
	})
	if !errors.Is(err, store.ErrAmbiguous) {
		t.Errorf("of two who had it: %v", err)
	}
	d.equal("what is still meant once another one had it", []access.Email(nil), written(ann))
	eve := citizen("P-EVE0000000", "it@acme.test")
	d.put(&eve)
	d.equal("who has it now", eve.ID, found(d, meant("it@acme.test")).ID)
}

// TestWhoReportsToWhom is found from the manager.
func TestWhoReportsToWhom(t *testing.T) {
	d := open(t)
	ann, bob := citizen("P-ANN0000000", "ann@acme.test"), citizen("P-BOB0000000", "bob@acme.test")
	ann.Manager = bob.ID
	d.put(&ann, &bob)
	has := func(who access.PersonID) bool {
		return found(d, func(tx store.Tx) (bool, error) { return store.HasReports(tx, who) })
	}
	if !has(bob.ID) || has(ann.ID) {
		t.Error("who has reports")
	}
	reports := found(d, func(tx store.Tx) ([]store.Known, error) { return store.Reports(tx, bob.ID, 10) })
	if len(reports) != 1 || reports[0].ID != ann.ID {
		t.Errorf("got %+v", reports)
	}
	all := found(d, func(tx store.Tx) ([]store.Known, error) { return store.AllPeople(tx, string(ann.ID), 10) })
	if len(all) != 1 || all[0].ID != bob.ID {
		t.Errorf("behind the first there is %+v", all)
	}
	identity := func(who access.PersonID) access.Identity {
		return found(d, func(tx store.Tx) (access.Identity, error) { return store.IdentityOf(tx, who) })
	}
	d.equal("of a stranger", access.Identity{}, identity("P-NOBODY0000"))
	d.equal("of somebody", ann.Identity(), identity(ann.ID))
}
