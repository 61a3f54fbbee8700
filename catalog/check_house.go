package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// What the house asks of roles of a kind or risk. accepted, with a reason, lets a role be otherwise.
const (
	adminShortest = time.Hour
	adminLongest  = Day
)

// house reports where a role isn't as the house wants such roles.
func (k *checker) house(path string, r Role) {
	if r.Kind != "" && !slices.Contains(kinds(), r.Kind) {
		k.add(path+".kind", "%q is not a kind of role: write everyday, admin, production or finance", r.Kind)
	}
	k.longest(path, r)
	if r.Accepted != "" {
		return
	}
	const otherwise = ", or say why it has to be so, with accepted: and the reason"
	what := guardedName(r)
	if route, known := k.catalog.routes[r.Route]; what != "" && known && route.Automatic() {
		k.add(path+".route", "the route %q asks nobody, but %s needs somebody's yes: choose another route%s", r.Route, what, otherwise)
	}
	if r.Kind != Admin && what != "" && r.Durations.Allows(Forever) == nil && !endless(k.catalog.policy, r) {
		k.add(pathOfChoice(path+".duration", Forever), "%s can be held with no end (forever): add required: true and a max%s", what, otherwise)
	}
	if r.Kind == Admin {
		k.adminTime(path+".duration", r.Durations, otherwise)
	}
}

func kinds() []Kind { return []Kind{Everyday, Admin, Production, Finance} }

// guardedName says what a role is that needs an approval and an end; "" if it needs neither.
func guardedName(r Role) string {
	switch {
	case r.Risk == High:
		return "a role of high risk"
	case r.Kind == Admin:
		return "an admin role"
	case r.Kind == Production || r.Kind == Finance:
		return "a role of kind " + string(r.Kind)
	}
	return ""
}

func (k *checker) adminTime(path string, d Durations, otherwise string) {
	for _, c := range d.Choices {
		if c == Forever || c > adminLongest || c < adminShortest {
			k.add(pathOfChoice(path, c), "an admin role is held for 1 to 24 hours, not for %s: change choices%s", ShortDuration(c), otherwise)
			return
		}
	}
	if d.Max == Forever || d.Max > adminLongest {
		k.add(path+".max", "an admin role is held for 24 hours at most, and max is %s: lower it to 24h or less%s", ShortDuration(d.Max), otherwise)
	}
}

// longest reports a role that says it can be held for longer than its risk lets it. There is no way
// around that limit.
func (k *checker) longest(path string, r Role) {
	most := k.catalog.policy.Max[r.Risk]
	if most == Forever {
		return
	}
	const remedy = "shorten it here, or raise policy.max.%s"
	if r.Durations.Max > most {
		k.add(path+".duration.max", "the role could be held for %s, but one of %s risk for %s at most: "+remedy, ShortDuration(r.Durations.Max), r.Risk, ShortDuration(most), r.Risk)
		return
	}
	for _, c := range r.Durations.Choices {
		if c == Forever || c > most {
			k.add(pathOfChoice(path+".duration", c), "the choice %s is longer than a role of %s risk can be held, %s at most: "+remedy, ShortDuration(c), r.Risk, ShortDuration(most), r.Risk)
		}
	}
}

// endless tells whether it is said already that a role can be chosen with no end: by the limit of its risk.
func endless(p Policy, r Role) bool {
	return p.Max[r.Risk] != Forever && slices.Contains(r.Durations.Choices, Forever)
}

// Warnings report what isn't wrong for certain, in configuration order.
func (c *Catalog) Warnings() []Fault {
	k := checker{catalog: c}
	for i, a := range c.apps {
		for n, r := range a.Roles {
			k.warn(fmt.Sprintf("apps[%d].roles[%d]", i, n), a, r)
			k.warnPrivileged(fmt.Sprintf("apps[%d].roles[%d]", i, n), a, r)
			k.routes().userGroups(fmt.Sprintf("apps[%d].roles[%d]", i, n), a, r)
		}
	}
	k.warnContractors()
	return append(k.faults, inVain(c)...)
}

func (k *checker) warn(path string, a App, r Role) {
	if kind := r.LooksLike(a); r.Kind == "" && kind != "" {
		k.add(path+".name", "%s · %s looks like a role of kind %s: add kind: %s, so that the rules for such roles hold, or kind: everyday if it is none", a.Name, r.Name, kind, kind)
	}
	if r.Accepted == "" {
		return
	}
	strict := checker{catalog: k.catalog}
	plain := r
	plain.Accepted = ""
	strict.house(path, plain)
	strict.routes().userGroups(path, a, plain)
	if len(strict.faults) == 0 {
		k.add(path+".accepted", "nothing speaks against %s · %s, so there is nothing to accept: remove accepted", a.Name, r.Name)
	}
}

// warnPrivileged says that a click is enough for a yes to a role that opens a privileged group.
func (k *checker) warnPrivileged(path string, a App, r Role) {
	if i := slices.IndexFunc(r.Groups, k.catalog.policy.privileged); i >= 0 && !r.NeedsStepUp() {
		k.add(fmt.Sprintf("%s.groups[%d]", path, i), "%s · %s opens a privileged group, %q, and whoever says yes to it doesn't sign in for that, because nobody can sign in to a directory here: give one under idp a sign_in_client", a.Name, r.Name, r.Groups[i])
	}
}

// warnContractors says that access without an end is offered, and that nobody's has to end.
func (k *checker) warnContractors() {
	if len(k.catalog.policy.Contractors.Types) > 0 {
		return
	}
	var permanent []string
	for _, a := range k.catalog.apps {
		for _, r := range a.Roles {
			if r.Durations.Allows(Forever) == nil {
				permanent = append(permanent, RoleRef{a.ID, r.ID}.String())
			}
		}
	}
	if len(permanent) > 0 {
		k.add("policy.contractors", "policy says of nobody that their access always ends, so contractors can be given access with no end, as of %s: add for example contractors: {types: [Contractor], max: 90d}", fewOf(permanent))
	}
}

// LooksLike guesses the kind of a role by its words and its app's; "" if it looks like none.
func (r Role) LooksLike(a App) Kind {
	words := wordsOf(r.ID, r.Name)
	all := append(wordsOf(a.ID, a.Name, strings.Join(a.Tags, " ")), words...)
	has := func(in []string, any ...string) bool {
		return slices.ContainsFunc(in, func(w string) bool { return slices.Contains(any, w) })
	}
	switch {
	case has(words, "admin", "admins", "administrator", "owner", "root", "superuser", "superadmin", "sysadmin"):
		return Admin
	case has(all, "production", "prod", "proddb"):
		return Production
	case has(words, "payment", "payments", "payroll", "accountant", "billing", "treasury", "bank", "finance"), has(all, "payroll", "accounting", "erp", "treasury", "banking"):
		return Finance
	}
	return ""
}

func wordsOf(texts ...string) []string {
	return strings.FieldsFunc(Fold(strings.Join(texts, " ")), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
