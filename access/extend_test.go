package access_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

func TestExtend(t *testing.T) {
	person := access.Actor{Person: "noor@acme.example", Via: access.ViaSlack}
	role := catalog.Role{ID: "editor", Durations: catalog.Durations{Max: 20 * time.Hour}, Extend: catalog.Extend{MaxTimes: 2, Reapprove: catalog.ReapproveNever}}
	type terms struct {
		g    access.Grant
		r    access.Request
		role catalog.Role
		more time.Duration
		now  time.Time
	}
	for name, c := range map[string]struct {
		edit  func(*terms)
		anew  string
		never string
	}{
		"carried by the earlier approval": {edit: func(*terms) {}},
		"too often":                       {edit: func(x *terms) { x.g.Extensions = 2 }, anew: "as often as one approval allows"},
		"an approval without a person":    {edit: func(x *terms) { x.r.Stages = nil }, anew: "nobody approved it"},
		"taken in an emergency":           {edit: func(x *terms) { x.g.Source = access.SourceBreakGlass }, anew: "an emergency"},
		"shortened by the approver":       {edit: func(x *terms) { x.r.Allowed = time.Hour }, anew: "less time"},
		"always anew":                     {edit: func(x *terms) { x.role.Extend.Reapprove = catalog.ReapproveAlways }, anew: "each time"},
		"held for long enough": {edit: func(x *terms) {
			x.role.Extend = catalog.Extend{MaxTimes: 9, Reapprove: catalog.ReapproveAfter, After: 10 * time.Hour}
		}, anew: "more than 10 hours"},
		"longer than the role may be held": {edit: func(x *terms) { x.more = 15 * time.Hour }, never: "20 hours at most"},
		"no time":                          {edit: func(x *terms) { x.more = 0 }, never: "how much longer"},
		"no end":                           {edit: func(x *terms) { x.g.Ends = time.Time{} }, never: "no end"},
		"over":                             {edit: func(x *terms) { x.now = x.g.Ends }, never: "isn't active"},
		"ended":                            {edit: func(x *terms) { x.g.State = access.GrantEnded }, never: "isn't active"},
	} {
		x := terms{g: held(6 * time.Hour), r: requestIn(access.RequestApproved), role: role, more: 6 * time.Hour, now: at.Add(time.Hour)}
		x.r.Stages[1].Answers = []access.Answer{{By: person, Yes: true}}
		c.edit(&x)
		got, err := x.g.Extend(x.r, x.role, x.more, x.now)
		if (err != nil) != (c.never != "") || err != nil && !strings.Contains(err.Error(), c.never) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if (got.Anew == "") != (c.anew == "") || !strings.Contains(got.Anew, c.anew) {
			t.Errorf("%s: anew because %q, want %q", name, got.Anew, c.anew)
		}
		if err == nil && !got.Until.Equal(x.g.Ends.Add(x.more)) {
			t.Errorf("%s: until %s, which leaves a gap or overlaps", name, got.Until)
		}
	}
}

// Whatever is offered can be had: each stretch is accepted, and none of those an
// approver may shorten to is as long as what was asked for.
func TestWhatIsOfferedCanBeHad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hours := func(label string) time.Duration {
			return time.Duration(rapid.IntRange(1, 60).Draw(t, label)) * time.Hour
		}
		role := catalog.Role{ID: "editor", Durations: catalog.Durations{Max: hours("max"), Choices: []time.Duration{2 * time.Hour, 6 * time.Hour, 30 * time.Hour, catalog.Forever}}}
		if rapid.Bool().Draw(t, "no limit") {
			role.Durations.Max = catalog.Forever
		}
		g := held(hours("wanted"))
		offered := g.Choices(role)
		for _, more := range offered {
			if _, err := g.Extend(requestIn(access.RequestApproved), role, more, at); err != nil {
				t.Fatalf("%s was offered: %v", more, err)
			}
		}
		if len(offered) == 0 && g.Room(role) > 0 {
			t.Fatalf("nothing is offered of the %s that are left", g.Room(role))
		}
		r := requestIn(access.RequestPending)
		r.Allowed = hours("allowed")
		if rapid.Bool().Draw(t, "for ever") {
			r.Allowed = catalog.Forever
		}
		for _, d := range r.Shorter(role) {
			if d == catalog.Forever || r.Allowed != catalog.Forever && d >= r.Allowed {
				t.Fatalf("%s is not shorter than %s", d, r.Allowed)
			}
		}
	})
}
