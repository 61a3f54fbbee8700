package reading_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"strconv"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// bigDirectory has many people in many groups, and no pages to wait for.
type bigDirectory struct {
	idp.Directory
	people, groups, each int
}

func (bigDirectory) ID() string { return "okta" }

func (d bigDirectory) FindGroup(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: "id-" + name, Name: name, Governable: true}, nil
}

func (d bigDirectory) Group(_ context.Context, id string) (idp.Group, error) {
	return idp.Group{ID: id, Name: id[3:], Governable: true}, nil
}

func (d bigDirectory) account(n int) idp.Person {
	address := fmt.Sprintf("person%d@acme.example", n)
	return idp.Person{ID: fmt.Sprintf("00u%08d", n), Login: address, Email: address, Name: fmt.Sprintf("Person %d", n), Department: fmt.Sprintf("Department %d", n%200), Status: idp.Active}
}

func (d bigDirectory) People(context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		for n := range d.people {
			if !yield(d.account(n), nil) {
				return
			}
		}
	}
}

func (d bigDirectory) Members(_ context.Context, id string) (idp.Listing, error) {
	g, _ := strconv.Atoi(id[len("id-group-"):])
	return idp.Listing{All: func(yield func(idp.Membership, error) bool) {
		for i := range d.each {
			n := (g*7919 + i*(d.people/d.each)) % d.people
			if !yield(idp.Membership{PersonID: fmt.Sprintf("00u%08d", n), Email: fmt.Sprintf("person%d@acme.example", n), Status: idp.Active}, nil) {
				return
			}
		}
	}}, nil
}

// TestScale reads a campaignstest.Company of 500 people in 500 groups, or of as many people as REVIEW_SCALE says: 100000 have 4 million
// memberships.
func TestScale(t *testing.T) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("REVIEW_SCALE"), "500"))
	if err != nil {
		t.Fatal(err)
	}
	w := campaignstest.NewReadings(t)
	d := bigDirectory{Directory: w.Vendor.Directory(), people: n, groups: 500, each: n / 500 * 40}
	if d.each > n {
		d.each = n
	}
	var apps []catalog.App
	for g := range d.groups {
		apps = append(apps, catalog.App{ID: fmt.Sprint("app-", g), Name: fmt.Sprint("App ", g), Owners: []string{"noor@acme.example"}, Roles: []catalog.Role{{ID: "user", Name: "User", Groups: []catalog.GroupRef{{Directory: "okta", Group: fmt.Sprint("group-", g)}}}}})
	}
	w.Offered = catalog.New(apps, nil)
	w.Review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}}
	w.Build(d)
	c := w.Begun()
	began := time.Now()
	c = w.Reads(c)
	t.Logf("%+v in %v", c.Counts, time.Since(began))
	if c.State != access.CampaignDraft || c.Counts.Rows != d.each*d.groups {
		t.Errorf("%s %+v", c.State, c.Counts)
	}
}
