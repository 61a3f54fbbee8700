package proposal

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// Ways are how proposed roles are approved and for how long they are held, in terms of the configuration that they are for.
type Ways struct {
	Everyday string // the route of everyday roles; "" where the configuration has none that fits
	Strict   string // and of those that can do harm
	// Assurance is what a yes to an admin role needs: "step-up" where people can sign in, else "confirm"; "" where neither
	// can be asked for.
	Assurance catalog.Assurance
	Max       map[catalog.Risk]time.Duration // as the policy limits the risks
	Offered   bool                           // apps are proposed as offered, not as waiting for somebody to decide
}

// WaysOf chooses from what is configured: a route that asks somebody, whoever has no owner, and nobody by a name of a role's.
// Managers know for what somebody needs an everyday role; of what can do harm, admins know more.
func WaysOf(c *catalog.Catalog, signsIn, inSlack bool) Ways {
	w := Ways{Max: c.Policy().Max}
	for _, r := range c.Routes() {
		if !plain(r) {
			continue
		}
		asksAdmins := slices.ContainsFunc(r.Sources(), func(a catalog.Approver) bool { return a.Kind == catalog.Security })
		if w.Everyday == "" || asks(r, catalog.Manager) && len(r.Stages) == 1 && !asksAdmins {
			w.Everyday = r.Name
		}
		if asksAdmins && (w.Strict == "" || len(r.Stages) == 1) {
			w.Strict = r.Name
		}
	}
	if w.Strict == "" {
		w.Strict = w.Everyday
	}
	switch {
	case inSlack && signsIn:
		w.Assurance = catalog.StepUp
	case inSlack:
		w.Assurance = catalog.Confirm
	}
	return w
}

// plain tells whether a route fits any role: it asks somebody, whatever is asked for, and needs neither an owner nor
// approvers of the role's own. One that a user group in Slack decides doesn't fit what can do harm.
func plain(r catalog.Route) bool {
	return !r.Automatic() && !slices.ContainsFunc(r.Deciders(), func(a catalog.Approver) bool {
		return a.Kind == catalog.Owner || a.Kind == catalog.RoleApprover || a.Kind == catalog.SlackUserGroup
	})
}

func asks(r catalog.Route, kind catalog.ApproverKind) bool {
	return len(r.Sources()) == 1 && r.Sources()[0].Kind == kind
}

// terms are a role's route, risk and times.
type terms struct {
	route     string
	risk      catalog.Risk
	choices   []time.Duration
	max       time.Duration // catalog.Forever for none
	assurance catalog.Assurance
}

// terms of a kind are as strict as the house asks of it, and never longer than the policy lets its risk be held.
func (w Ways) terms(kind catalog.Kind) terms {
	t := terms{route: w.Strict, risk: catalog.High}
	switch kind {
	case catalog.Admin:
		t.choices, t.max, t.assurance = []time.Duration{time.Hour, 8 * time.Hour}, catalog.Day, w.Assurance
	case catalog.Production:
		t.choices, t.max = []time.Duration{8 * time.Hour, catalog.Day, 7 * catalog.Day}, 7*catalog.Day
	case catalog.Finance:
		t.risk, t.choices, t.max = catalog.Medium, []time.Duration{7 * catalog.Day, 30 * catalog.Day}, 90*catalog.Day
	default:
		t.route, t.risk = w.Everyday, catalog.Low
		t.choices, t.max = []time.Duration{30 * catalog.Day, 90 * catalog.Day}, 180*catalog.Day
	}
	return t.within(w.Max[t.risk])
}

func (t terms) within(most time.Duration) terms {
	if most == catalog.Forever {
		return t
	}
	if t.max == catalog.Forever || t.max > most {
		t.max = most
	}
	t.choices = slices.DeleteFunc(t.choices, func(d time.Duration) bool { return d > most })
	if len(t.choices) == 0 {
		t.choices = []time.Duration{most}
	}
	return t
}
