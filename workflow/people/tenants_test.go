package people_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/workflow/people"
)

func TestWhichTenantStandsBehindAName(t *testing.T) {
	w := newWorld(t, nil)
	check := func(was map[string]string, system, tenant, words string) {
		t.Helper()
		err := people.NewTenants(w.units, was, nil).Check(t.Context(), system, tenant)
		if words == "" && err != nil || words != "" && (access.Classify(err).Class != access.Rejected || !strings.Contains(err.Error(), words)) {
			t.Errorf("%s is %s: got %v, want %q", system, tenant, err, words)
		}
	}
	check(nil, "okta", "", "")
	check(nil, "okta", "00o1", "")
	check(nil, "okta", "00o1", "")
	check(nil, "okta", "", "") // not told is not another one
	check(nil, "okta", "00o2", "it was 00o1 and is 00o2 now")
	check(nil, "okta-emea", "00o1", "call it okta again")
	check(map[string]string{"okta": "00o9"}, "okta", "00o2", "it was 00o1")
	check(map[string]string{"okta": "00o1"}, "okta", "00o2", "")
	check(nil, "okta", "00o2", "")
	check(nil, "okta", "00o1", "it was 00o2")
	check(nil, "slack", "T1", "")
}

// tenanted is the world's directory, which says which organisation it is.
type tenanted struct {
	directory
	tenant *string
}

func (d tenanted) Tenant(context.Context) (string, error) { return *d.tenant, nil }

func (d tenanted) IsMember(context.Context, string, string) (bool, error) { return false, nil }

func (d tenanted) ReadLag() time.Duration { return time.Hour }

func (d tenanted) Expire(context.Context, string, string, time.Time) error { return nil }

func TestAnotherOrganisationIsNotAsked(t *testing.T) {
	w, tenant := familiar(t, nil), "00o1"
	d := people.NewTenants(w.units, nil, nil).Guard(tenanted{directory{w}, &tenant})
	if p, err := d.Person(t.Context(), "00u-maya"); err != nil || p.ID != "00u-maya" {
		t.Fatal(p, err)
	}
	tenant = "00o2"
	w.pass(time.Hour)
	checker, able := idp.As[idp.MemberChecker](d)
	if !able {
		t.Fatal("the guard hides what the directory can do")
	}
	if lagging, able := idp.As[idp.Lagging](d); !able || lagging.ReadLag() != time.Hour {
		t.Error("the guard hides how far the directory's answers may trail")
	}
	ender, able := idp.As[idp.Expirer](d)
	if !able {
		t.Fatal("the guard hides that the directory ends memberships by itself")
	}
	for name, ask := range map[string]func() error{
		"Person":     func() error { _, err := d.Person(t.Context(), "00u-maya"); return err },
		"FindPerson": func() error { _, err := d.FindPerson(t.Context(), "maya@acme.example"); return err },
		"Group":      func() error { _, err := d.Group(t.Context(), "g"); return err },
		"FindGroup":  func() error { _, err := d.FindGroup(t.Context(), "approvers"); return err },
		"Members":    func() error { _, err := d.Members(t.Context(), "g"); return err },
		"Add":        func() error { return d.Add(t.Context(), "g", "00u-maya") },
		"Remove":     func() error { return d.Remove(t.Context(), "g", "00u-maya") },
		"Expire":     func() error { return ender.Expire(t.Context(), "g", "00u-maya", time.Time{}) },
		"IsMember":   func() error { _, err := checker.IsMember(t.Context(), "g", "00u-maya"); return err },
	} {
		if err := ask(); access.Classify(err).Class != access.Rejected || !strings.Contains(err.Error(), "00o2 now") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	tenant = "00o1"
	if _, err := d.Person(t.Context(), "00u-maya"); err != nil {
		t.Errorf("it is the same again: %v", err)
	}
}

// TestNoCapabilityIsLostBehindTheGuard: whatever a directory can do, it can with the guard around it, and with a log around
// the directory; and what it can't, it can't.
func TestNoCapabilityIsLostBehindTheGuard(t *testing.T) {
	w, tenant := familiar(t, nil), "00o1"
	core := tenanted{directory{w}, &tenant}
	tenants := people.NewTenants(w.units, nil, nil)
	for _, c := range idptest.Capabilities() {
		for name, d := range map[string]idp.Directory{"guarded": idptest.Able(core), "guarded, logged": idp.Logged(idptest.Able(core), slog.New(slog.DiscardHandler))} {
			if !c.Has(tenants.Guard(d)) {
				t.Errorf("%s: %s is lost", name, c.Name)
			}
		}
		if c.Has(tenants.Guard(core)) != c.Has(core) {
			t.Errorf("%s is made up", c.Name)
		}
	}
}

// TestWhatAnotherOrganisationSaysOfItselfIsNotTaken: groups, applications and uses are known by ids that mean nothing there.
func TestWhatAnotherOrganisationSaysOfItselfIsNotTaken(t *testing.T) {
	w, ctx := familiar(t, nil), t.Context()
	tenants := people.NewTenants(w.units, map[string]string{}, nil)
	if err := tenants.Check(ctx, "okta", "00o1"); err != nil {
		t.Fatal(err)
	}
	tenant, inner := "00o2", idptest.NewVendor("okta", clock.System{}).Directory()
	d := tenants.Guard(struct {
		idp.Directory
		idp.Tenanted
		idp.Lister
		idp.UsageReporter
		idp.AppLister
		idp.GroupSizer
	}{inner, tenanted{directory{w}, &tenant}, inner.(idp.Lister), inner.(idp.UsageReporter), inner.(idp.AppLister), inner.(idp.GroupSizer)})
	lister, _ := idp.As[idp.Lister](d)
	reporter, _ := idp.As[idp.UsageReporter](d)
	apps, _ := idp.As[idp.AppLister](d)
	sizer, _ := idp.As[idp.GroupSizer](d)
	for name, ask := range map[string]func() error{
		"Groups":      func() error { _, err := lister.Groups(ctx, ""); return err },
		"Usage":       func() error { _, err := reporter.Usage(ctx, "a"); return err },
		"Apps":        func() error { _, err := apps.Apps(ctx); return err },
		"Assignments": func() error { _, err := apps.Assignments(ctx, "a"); return err },
		"GroupSizes":  func() error { _, err := sizer.GroupSizes(ctx, []string{"g"}); return err },
	} {
		if err := ask(); err == nil || !strings.Contains(err.Error(), "00o2 now") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// slowTenanted says which organisation it is only once it was asked for a person, too.
type slowTenanted struct {
	tenanted
	asked chan struct{}
}

func (d slowTenanted) Tenant(ctx context.Context) (string, error) {
	select {
	case <-d.asked:
		return *d.tenant, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (d slowTenanted) Person(ctx context.Context, id string) (idp.Person, error) {
	close(d.asked)
	return d.tenanted.Person(ctx, id)
}

func TestASlowDirectoryIsAskedWhoItIsAndWhatAtOnce(t *testing.T) {
	for name, tenant := range map[string]string{"the same": "00o1", "another one": "00o2"} {
		t.Run(name, func(t *testing.T) {
			w := familiar(t, nil)
			tenants := people.NewTenants(w.units, nil, nil)
			if err := tenants.Check(t.Context(), "okta", "00o1"); err != nil {
				t.Fatal(err)
			}
			d := tenants.Guard(slowTenanted{tenanted{directory{w}, &tenant}, make(chan struct{})})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			p, err := d.Person(ctx, "00u-maya")
			if ours := tenant == "00o1"; (err == nil) != ours || (p.ID != "") != ours {
				t.Errorf("got %v, %v", p.ID, err)
			}
			if ctx.Err() != nil {
				t.Error("one question waited for the other")
			}
		})
	}
}
