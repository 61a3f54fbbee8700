package idp_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/idptest"
)

// plain is a directory with the required core alone.
type plain struct{}

func (plain) ID() string { return "plain" }

func (plain) FindPerson(_ context.Context, address string) (idp.Person, error) {
	if address == "nobody@x.com" {
		return idp.Person{}, idp.ErrNotFound
	}
	return idp.Person{Email: strings.ToLower(address)}, nil
}

func (plain) Person(_ context.Context, id string) (idp.Person, error) { return idp.Person{ID: id}, nil }

func (plain) FindGroup(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: "g-" + name, Name: name}, nil
}

func (plain) Group(_ context.Context, id string) (idp.Group, error) { return idp.Group{ID: id}, nil }

func (plain) Members(context.Context, string) (idp.Listing, error) {
	return idp.Listing{Count: idp.Counted(3), All: func(yield func(idp.Membership, error) bool) {
		for _, id := range []string{"p1", "p2"} {
			if !yield(idp.Membership{PersonID: id}, nil) {
				return
			}
		}
		yield(idp.Membership{}, errTorn)
	}}, nil
}

func (plain) Add(context.Context, string, string) error    { return idp.ErrDenied }
func (plain) Remove(context.Context, string, string) error { return nil }

var errTorn = errors.New("the page has expired")

// checker adds one capability, full the other three.
type checker struct{ plain }

func (checker) IsMember(context.Context, string, string) (bool, error) { return true, nil }

type full struct{ checker }

func (full) Groups(context.Context, string) ([]idp.Group, error) { return make([]idp.Group, 3), nil }
func (full) Probe(context.Context) ([]idp.Finding, error)        { return make([]idp.Finding, 2), nil }

func (full) Expire(_ context.Context, group, _ string, _ time.Time) error {
	if group == "basic" {
		return idp.ErrUnable
	}
	return nil
}

func (full) Apps(context.Context) ([]idp.App, error) { return make([]idp.App, 4), nil }

func (full) Assignments(context.Context, string) (idp.Assignments, error) {
	return idp.Assignments{Groups: make([]idp.Assignment, 5)}, nil
}

func (full) GroupSizes(context.Context, []string) (map[string]int, error) {
	return map[string]int{"g": 6}, nil
}

func (full) Tenant(context.Context) (string, error) { return "00o1", nil }

func (full) Usage(context.Context, string) (idp.Usage, error) {
	return idp.Usage{Source: "a log", All: func(yield func(idp.Use, error) bool) { yield(idp.Use{PersonID: "p1"}, nil) }}, nil
}

// quiet is a decorator that knows nothing of capabilities.
type quiet struct{ idp.Directory }

func (q quiet) Unwrap() idp.Directory { return q.Directory }

func abilities(d idp.Directory) string {
	var out []string
	if _, able := idp.As[idp.MemberChecker](d); able {
		out = append(out, "check")
	}
	if _, able := idp.As[idp.UsageReporter](d); able {
		out = append(out, "report")
	}
	if _, able := idp.As[idp.Lister](d); able {
		out = append(out, "list")
	}
	if _, able := idp.As[idp.Prober](d); able {
		out = append(out, "probe")
	}
	return strings.Join(out, " ")
}

func TestDecoratorsHaveTheCapabilitiesOfWhatTheyDecorate(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for want, d := range map[string]idp.Directory{"": plain{}, "check": checker{}, "check report list probe": full{}} {
		for name, around := range map[string]idp.Directory{
			"itself": d, "logged": idp.Logged(d, log), "quiet": quiet{d}, "logged, quiet": quiet{idp.Logged(d, log)}, "quiet, logged twice": idp.Logged(idp.Logged(quiet{d}, log), log),
		} {
			if got := abilities(around); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	if got := abilities(struct{ idp.Directory }{full{}}); got != "" {
		t.Errorf("what can't be unwrapped has %q", got)
	}
	if got := abilities(nil); got != "" {
		t.Errorf("no directory has %q", got)
	}
}

// TestNoCapabilityIsLostOnTheWay: whatever a directory can do, it can with a log around it.
func TestNoCapabilityIsLostOnTheWay(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for _, c := range idptest.Capabilities() {
		if !c.Has(idp.Logged(idptest.Able(plain{}), log)) || c.Has(idp.Logged(plain{}, log)) {
			t.Errorf("%s is lost, or made up", c.Name)
		}
	}
}

func TestLoggedPassesCapabilitiesOnAndTellsOfThem(t *testing.T) {
	var out bytes.Buffer
	ctx, d := t.Context(), idp.Logged(full{}, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	c, _ := idp.As[idp.MemberChecker](d)
	if is, err := c.IsMember(ctx, "g", "p"); !is || err != nil {
		t.Errorf("IsMember: %v %v", is, err)
	}
	r, _ := idp.As[idp.UsageReporter](d)
	if u, err := r.Usage(ctx, "a"); u.Source != "a log" || err != nil {
		t.Errorf("Usage: %v %v", u, err)
	} else {
		for range u.All {
		}
	}
	l, _ := idp.As[idp.Lister](d)
	if gs, err := l.Groups(ctx, ""); len(gs) != 3 || err != nil {
		t.Errorf("Groups: %v %v", gs, err)
	}
	p, _ := idp.As[idp.Prober](d)
	if fs, err := p.Probe(ctx); len(fs) != 2 || err != nil {
		t.Errorf("Probe: %v %v", fs, err)
	}
	a, _ := idp.As[idp.AppLister](d)
	if apps, err := a.Apps(ctx); len(apps) != 4 || err != nil {
		t.Errorf("Apps: %v %v", apps, err)
	}
	if all, err := a.Assignments(ctx, "app"); len(all.Groups) != 5 || err != nil {
		t.Errorf("Assignments: %v %v", all, err)
	}
	e, _ := idp.As[idp.Expirer](d)
	if err := e.Expire(ctx, "g", "p", time.Time{}); err != nil || !errors.Is(e.Expire(ctx, "basic", "p", time.Time{}), idp.ErrUnable) {
		t.Errorf("Expire: %v", err)
	}
	z, _ := idp.As[idp.GroupSizer](d)
	if sizes, err := z.GroupSizes(ctx, []string{"g"}); sizes["g"] != 6 || err != nil {
		t.Errorf("GroupSizes: %v %v", sizes, err)
	}
	whose, _ := idp.As[idp.Tenanted](d)
	if tenant, err := whose.Tenant(ctx); tenant != "00o1" || err != nil {
		t.Errorf("Tenant: %v %v", tenant, err)
	}
	for _, want := range []string{"msg=tenant directory=plain tenant=00o1", `msg="is member"`, "level=DEBUG msg=expire directory=plain group=g", "level=DEBUG msg=expire directory=plain group=basic", "msg=usage", "msg=groups", "msg=probe", "msg=apps directory=plain count=4", "msg=assignments directory=plain app=app groups=5", `msg="group sizes" directory=plain asked=1 known=1`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in the log:\n%s", want, out.String())
		}
	}
}

func TestLoggedTellsChangesAndFailures(t *testing.T) {
	var out bytes.Buffer
	d := idp.Logged(plain{}, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err := d.Add(t.Context(), "g1", "p1"); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("Add: %v", err)
	}
	if err := d.Remove(t.Context(), "g2", "p2"); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if _, err := d.FindPerson(t.Context(), "nobody@x.com"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("FindPerson: %v", err)
	}
	if some, err := idp.Everybody(d.Members(t.Context(), "g3")); !errors.Is(err, errTorn) || some != nil {
		t.Errorf("Members: %v, %v, want no part of a listing that broke off", some, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{"level=WARN msg=add", "level=DEBUG msg=remove", `level=DEBUG msg="find person"`, "level=WARN msg=members"}
	if len(lines) != len(want) {
		t.Fatalf("log:\n%s", out.String())
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("got %s, want %s", line, want[i])
		}
	}
	if !strings.Contains(lines[3], "count=2") {
		t.Errorf("two were read: %s", lines[3])
	}
}

func TestAddressesAreComparedInAsciiOnly(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"maya@x.com", "Maya@X.com", true}, {"", "", true}, {"maya@x.com", "maya@x.co", false}, {"maya@x.com", "mayb@x.com", false},
		{"kim@x.com", "\u212Aim@x.com", false}, {"irma@x.com", "\u0130rma@x.com", false}, {"müller@x.com", "müller@X.com", true}, {"[@x.com", "{@x.com", false},
	} {
		if got := idp.SameAddress(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: same is %v", c.a, c.b, got)
		}
	}
}

// TestFoldedAddressesAreEqualWhereTheyAreTheSame, so that one can stand for the other as a key.
func TestFoldedAddressesAreEqualWhereTheyAreTheSame(t *testing.T) {
	for in, want := range map[string]string{"Maya@X.com": "maya@x.com", "\u212Aim@x.com": "\u212Aim@x.com", "MÜLLER@x.com": "mÜller@x.com", "": ""} {
		if got := idp.FoldAddress(in); got != want || !idp.SameAddress(in, want) {
			t.Errorf("%q is folded to %q, want %q", in, got, want)
		}
	}
}

// TestAListThatNamesNobodyWhereSomebodyIsCountedIsNone: it would be taken for an empty group.
func TestAListThatNamesNobodyWhereSomebodyIsCountedIsNone(t *testing.T) {
	none := func(func(idp.Membership, error) bool) {}
	var partial *idp.Partial
	if _, err := idp.Everybody(idp.Listing{Count: idp.Counted(2), All: none}, nil); !errors.As(err, &partial) || partial.Counted != 2 || !strings.Contains(err.Error(), "2 are counted") {
		t.Errorf("got %v", err)
	}
	for name, l := range map[string]idp.Listing{"nobody is counted": {Count: idp.Counted(0), All: none}, "nothing is counted": {All: none}} {
		if all, err := idp.Everybody(l, nil); len(all) != 0 || err != nil {
			t.Errorf("%s: %v %v", name, all, err)
		}
	}
	if _, err := idp.Everybody(idp.Listing{}, idp.ErrDenied); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("a list that can't be begun: %v", err)
	}
}

// TestWhatAContextSaysOfALookUp: nothing is said unless somebody said it, and the last word counts.
func TestWhatAContextSaysOfALookUp(t *testing.T) {
	ctx := t.Context()
	if idp.LeavesManagersOut(ctx) || idp.LikelyManager(ctx) != "" || idp.PriorityOf(ctx) != idp.Read {
		t.Error("a plain context says something")
	}
	out := idp.WithoutManagers(ctx)
	if !idp.LeavesManagersOut(out) || idp.LeavesManagersOut(idp.WithManagers(out)) {
		t.Error("managers")
	}
	if got := idp.LikelyManager(idp.WithLikelyManager(ctx, "00u1")); got != "00u1" {
		t.Errorf("the likely manager is %q", got)
	}
	if got := idp.PriorityOf(idp.WithPriority(idp.WithPriority(ctx, idp.Addition), idp.Removal)); got != idp.Removal {
		t.Errorf("the priority is %v", got)
	}
}
