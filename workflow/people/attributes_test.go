package people_test

import (
	"context"
	"errors"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// withQuestions is the catalogue of the tests with a rule that asks for a group, a manager and colleagues.
func withQuestions() *catalog.Catalog {
	group := catalog.GroupRef{Directory: "okta", Group: "approvers"}
	return catalogue().Under(catalog.Policy{Rules: []catalog.Rule{{ID: "r", If: catalog.Condition{Groups: []catalog.GroupRef{group}, Managers: []string{"noor@acme.example"}, When: catalog.Expression{Text: "x", Peers: true}}}}})
}

// TestWhatThePolicyAsks: who is in a group is yes, no or unknown; nobody is taken for outside because a
// directory keeps silent.
func TestWhatThePolicyAsks(t *testing.T) {
	w := newWorld(t, func(c *people.Config) { c.Catalog = withQuestions })
	ctx, group := context.Background(), catalog.GroupRef{Directory: "okta", Group: "approvers"}
	who, err := w.Service.Member(ctx, "U-maya")
	if err != nil {
		t.Fatal(err)
	}
	around := func() access.Circumstances {
		return people.AttributesOf(w.Service).Around(ctx, who, who, catalog.RoleRef{})
	}
	if got := around().Groups[group]; got != catalog.No {
		t.Errorf("she isn't in the group, and it is %v", got)
	}
	w.set(func(w *world) { w.group = []idp.Membership{{PersonID: "00u-maya", Status: idp.Active}} })
	if got := around(); got.Groups[group] != catalog.Yes || got.Manager.Email != "noor@acme.example" {
		t.Errorf("she is in the group and noor's: %+v", got)
	}
	if got := around().Peers; got.Known() {
		t.Errorf("nobody else is noor's, so there is no share: %+v", got)
	}
	w.set(func(w *world) { w.broken = errors.New("silence") })
	if got := around().Groups[group]; got != catalog.Unknown {
		t.Errorf("the directory keeps silent, and it is %v", got)
	}
}

// TestSureIsWithoutWhatWasSaidBefore: while a directory keeps silent, what it said before counts for nothing.
func TestSureIsWithoutWhatWasSaidBefore(t *testing.T) {
	w := newWorld(t, nil)
	ctx := context.Background()
	who, err := w.Service.Member(ctx, "U-maya")
	if err != nil || who.Department != "Design" {
		t.Fatalf("%+v, %v", who, err)
	}
	if p, err := people.AttributesOf(w.Service).Sure(ctx, who.ID); err != nil || p.Department != "Design" {
		t.Errorf("%+v, %v", p, err)
	}
	w.set(func(w *world) { w.broken = errors.New("silence") })
	if p, err := people.AttributesOf(w.Service).Sure(ctx, who.ID); err != nil || p.Department != "" || p.Manager != "" {
		t.Errorf("%+v, %v", p, err)
	}
}
