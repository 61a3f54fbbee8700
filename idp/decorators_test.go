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
)

// plain is a directory with the required core alone. It counts the lookups.
type plain struct{ lookups *int }

func (p plain) ID() string { return "plain" }

func (p plain) Person(_ context.Context, email string) (idp.Person, error) {
	*p.lookups++
	if email == "nobody@x.com" {
		return idp.Person{}, idp.ErrNotFound
	}
	return idp.Person{Email: strings.ToLower(email)}, nil
}

func (p plain) Group(_ context.Context, name string) (idp.Group, error) {
	return idp.Group{ID: "g-" + name, Name: name}, nil
}

func (p plain) Members(context.Context, string) ([]idp.Membership, error) { return nil, nil }
func (p plain) Add(context.Context, string, string) error                 { return idp.ErrDenied }
func (p plain) Remove(context.Context, string, string) error              { return nil }

// checker adds one capability, lister another two.
type checker struct{ plain }

func (checker) IsMember(context.Context, string, string) (bool, error) { return true, nil }

type lister struct{ checker }

func (lister) Groups(context.Context, string) ([]idp.Group, error) { return make([]idp.Group, 3), nil }
func (lister) Probe(context.Context) ([]idp.Finding, error)        { return make([]idp.Finding, 2), nil }

type full struct{ lister }

func (full) LastUse(context.Context, string, string) (time.Time, bool, error) {
	return time.Unix(9, 0), true, nil
}

func abilities(d idp.Directory) string {
	var out []string
	if _, able := d.(idp.MemberChecker); able {
		out = append(out, "check")
	}
	if _, able := d.(idp.UsageReporter); able {
		out = append(out, "report")
	}
	if _, able := d.(idp.Lister); able {
		out = append(out, "list")
	}
	if _, able := d.(idp.Prober); able {
		out = append(out, "probe")
	}
	return strings.Join(out, " ")
}

func TestDecoratorsHaveTheCapabilitiesOfWhatTheyDecorate(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	p := plain{new(int)}
	for want, d := range map[string]idp.Directory{
		"": p, "check": checker{p}, "check list probe": lister{checker{p}}, "check report list probe": full{lister{checker{p}}},
	} {
		if got := abilities(idp.Logged(d, log)); got != want {
			t.Errorf("Logged: %q, want %q", got, want)
		}
		if got := abilities(idp.Cached(idp.Logged(d, log), time.Hour, time.Now)); got != want {
			t.Errorf("Cached: %q, want %q", got, want)
		}
	}
}

func TestDecoratorsPassOptionalCallsOn(t *testing.T) {
	ctx, inner := t.Context(), full{lister{checker{plain{new(int)}}}}
	d := idp.Cached(idp.Logged(inner, slog.New(slog.DiscardHandler)), time.Hour, time.Now)
	if is, err := d.(idp.MemberChecker).IsMember(ctx, "g", "p"); !is || err != nil {
		t.Errorf("IsMember: %v %v", is, err)
	}
	if at, known, err := d.(idp.UsageReporter).LastUse(ctx, "p", "a"); at.Unix() != 9 || !known || err != nil {
		t.Errorf("LastUse: %v %v %v", at, known, err)
	}
	if gs, err := d.(idp.Lister).Groups(ctx, ""); len(gs) != 3 || err != nil {
		t.Errorf("Groups: %v %v", gs, err)
	}
	if fs, err := d.(idp.Prober).Probe(ctx); len(fs) != 2 || err != nil {
		t.Errorf("Probe: %v %v", fs, err)
	}
}

func TestLoggedTellsChangesAndFailures(t *testing.T) {
	var out bytes.Buffer
	d := idp.Logged(plain{new(int)}, slog.New(slog.NewTextHandler(&out, nil)))
	if err := d.Add(t.Context(), "g1", "p1"); !errors.Is(err, idp.ErrDenied) {
		t.Errorf("Add: %v", err)
	}
	if err := d.Remove(t.Context(), "g2", "p2"); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if _, err := d.Person(t.Context(), "nobody@x.com"); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("Person: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "level=WARN msg=add") || !strings.Contains(lines[1], "level=INFO msg=remove") {
		t.Errorf("log:\n%s", out.String())
	}
}

func TestCachedRemembersPeopleForAWhile(t *testing.T) {
	now, lookups := time.Unix(0, 0), 0
	d := idp.Cached(plain{&lookups}, time.Minute, func() time.Time { return now })
	for _, step := range []struct {
		email   string
		wait    time.Duration
		lookups int
	}{{"Maya@x.com", 0, 1}, {"maya@X.com", 59 * time.Second, 1}, {"maya@x.com", time.Second, 2}, {"nobody@x.com", 0, 3}, {"nobody@x.com", 0, 4}} {
		now = now.Add(step.wait)
		_, _ = d.Person(t.Context(), step.email) // what it answers is not the point here
		if lookups != step.lookups {
			t.Errorf("%s after %s: %d lookups, want %d", step.email, step.wait, lookups, step.lookups)
		}
	}
}
