package plan

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Kind is a kind of people whom the two files tell apart: what they say of somebody, and nothing else. It
// stands for all of them where nobody is known.
type Kind struct {
	of map[trait]string
}

// trait is what a condition can ask of somebody.
type trait string

// The traits, as the file calls them.
const (
	department trait = "department"
	title      trait = "title"
	employment trait = "type"
	location   trait = "location"
	group      trait = "group"
	manager    trait = "manager"
	address    trait = "address"
)

func traits() []trait {
	return []trait{department, title, employment, location, group, manager, address}
}

// other is what somebody of no kind that is told apart has: something that nothing names.
const other = "(another one)"

// missing is what isn't known of somebody.
const missing = ""

// mostKinds bounds how many kinds are judged. What is beyond it is said.
const mostKinds = 400

// Everybody judges all kinds of people that the two files tell apart. What rules say of people of several
// kinds at once is tried in pairs.
func (c *Comparison) Everybody() {
	kinds, cut := kindsOf(c.files[was].Catalog, c.files[becomes].Catalog)
	c.kinds = kinds
	if cut > 0 {
		c.Unknown("what holds for people of several kinds at once: there are too many of them to be tried without knowing who there is")
	}
	for i, k := range kinds {
		c.judge(one{name: k.String(), kind: i + 1}, k.answers(c.files[was]), k.answers(c.files[becomes]))
	}
}

// kindsOf are the kinds that conditions of two catalogues tell apart, and how many were left out.
func kindsOf(catalogs ...*catalog.Catalog) (out []Kind, cut int) {
	seen := map[string]bool{}
	add := func(of map[trait]string) {
		k := Kind{of}
		if seen[k.String()] {
			return
		}
		seen[k.String()] = true
		if len(out) < mostKinds {
			out = append(out, k)
		} else {
			cut++
		}
	}
	add(nil)
	var single []map[trait]string
	for _, c := range catalogs {
		for _, m := range mentioned(c) {
			for _, of := range combined(m) {
				add(of)
				single = append(single, of)
			}
		}
	}
	for _, t := range asked(single) {
		add(map[trait]string{t: missing})
	}
	for i, a := range single {
		for _, b := range single[i+1:] {
			if both, apart := joined(a, b); apart {
				add(both)
			}
		}
	}
	return out, cut
}

// asked are the traits that matter and that a directory may not say.
func asked(all []map[trait]string) (out []trait) {
	for _, t := range traits() {
		if t != address && slices.ContainsFunc(all, func(of map[trait]string) bool { _, named := of[t]; return named }) {
			out = append(out, t)
		}
	}
	return out
}

// joined are the traits of two kinds together, unless they contradict each other.
func joined(a, b map[trait]string) (map[trait]string, bool) {
	out := maps.Clone(a)
	for t, value := range b {
		if has, there := out[t]; there && has != value {
			return nil, false
		}
		out[t] = value
	}
	return out, len(out) > max(len(a), len(b))
}

// mentioned are what each condition of a catalogue names of people.
func mentioned(c *catalog.Catalog) (out []map[trait][]string) {
	of := func(i catalog.Condition) {
		m := map[trait][]string{department: i.Departments, title: i.Titles, employment: i.Types, location: i.Locations, manager: i.Managers, address: i.People}
		for _, g := range i.Groups {
			m[group] = append(m[group], g.String())
		}
		out = append(out, m)
		if i.When.Text != "" {
			out = append(out, literals(i.When))
		}
	}
	p := c.Policy()
	of(catalog.Condition{Types: p.Contractors.Types})
	for _, r := range p.Rules {
		of(r.If)
		for _, s := range r.Then.Stages {
			of(s.If)
		}
	}
	for _, r := range c.Routes() {
		for _, s := range r.Stages {
			of(s.If)
		}
	}
	for _, a := range c.Apps() {
		for _, r := range a.Roles {
			of(catalog.Condition{Departments: r.For.Departments})
			of(catalog.Condition{People: r.For.People})
		}
	}
	return out
}

// compared finds what an expression compares a text about somebody with.
var compared = regexp.MustCompile(`person\.(department|title|type|location|manager|email)\s*[!=]=\s*["']([^"']*)["']`)

// literals are the texts that an expression names of people, as far as they stand beside what they are
// compared with.
func literals(e catalog.Expression) map[trait][]string {
	out := map[trait][]string{}
	for _, m := range compared.FindAllStringSubmatch(e.Text, -1) {
		t := trait(m[1])
		if t == "email" {
			t = address
		}
		out[t] = append(out[t], m[2])
	}
	for _, g := range e.Groups {
		out[group] = append(out[group], g.String())
	}
	return out
}

// combined are all ways to fulfil what a condition names, one value of each trait.
func combined(m map[trait][]string) []map[trait]string {
	out := []map[trait]string{{}}
	for _, t := range traits() {
		if len(m[t]) == 0 {
			continue
		}
		var more []map[trait]string
		for _, of := range out {
			for _, value := range m[t] {
				with := maps.Clone(of)
				with[t] = value
				more = append(more, with)
			}
		}
		if out = more; len(out) > mostKinds {
			out = out[:mostKinds]
		}
	}
	if len(out[0]) == 0 {
		return nil
	}
	return out
}

// String is what the kind is called.
func (k Kind) String() string {
	var said []string
	for _, t := range traits() {
		value, has := k.of[t]
		switch {
		case !has:
		case value == missing:
			said = append(said, "no "+string(t)+" known")
		default:
			said = append(said, string(t)+" "+value)
		}
	}
	if len(said) == 0 {
		return "anybody else"
	}
	return strings.Join(said, " and ")
}

// value is what somebody of the kind has.
func (k Kind) value(t trait) string {
	if value, has := k.of[t]; has {
		return value
	}
	return other
}

// person is somebody of the kind.
func (k Kind) person() access.Person {
	p := access.Person{ID: "kind", Name: "somebody", Kind: access.Employee, Standing: access.Active, Department: k.value(department), Title: k.value(title), Employment: k.value(employment), Location: k.value(location), Manager: "their manager"}
	p.Email = "somebody@nowhere.invalid"
	if a, has := k.of[address]; has {
		p.Email = access.NewEmail(a)
	}
	p.Bindings = []access.Binding{access.ShownAddress(access.SystemSlack, p.Email, access.AssuranceStated, time.Time{})}
	return p
}

// around is what else a condition may ask of somebody of the kind.
func (k Kind) around(c *catalog.Catalog) access.Circumstances {
	out := access.Circumstances{Groups: map[catalog.GroupRef]catalog.Truth{}}
	for _, g := range c.Asks(catalog.RoleRef{}).Groups {
		has, named := k.of[group]
		switch {
		case named && has == missing:
			out.Groups[g] = catalog.Unknown
		default:
			out.Groups[g] = catalog.Told(named && has == g.String())
		}
	}
	if a := k.value(manager); a != missing {
		e := access.NewEmail(a)
		if a == other {
			e = "manager@nowhere.invalid"
		}
		out.Manager = access.Person{ID: "their manager", Email: e, Bindings: []access.Binding{access.ShownAddress(access.SystemSlack, e, access.AssuranceStated, time.Time{})}}
	}
	return out
}

// answers are what would come of what somebody of the kind asks for: as if they had everything that is
// needed first.
func (k Kind) answers(f File) Answers {
	p, around := k.person(), k.around(f.Catalog)
	return func(ref catalog.RoleRef, wanted time.Duration) (access.Request, error) {
		_, role, _ := f.Catalog.Role(ref.App, ref.Role)
		var has access.Standings
		around := around
		for _, need := range role.Needs {
			if need.OfGroup() {
				around.Groups = maps.Clone(around.Groups)
				around.Groups[need.Group] = catalog.Yes
				continue
			}
			has.Grants = append(has.Grants, access.Grant{State: access.GrantActive, Person: p.ID, App: need.App, Role: anyRole(f.Catalog, need)})
		}
		ask := access.Ask{ID: "AR-PLAN", Requester: p, Beneficiary: p, App: ref.App, Role: ref.Role, Wanted: wanted, Reason: "to see what would come of it", Around: around}
		r, _, _, err := access.Submit(f.Catalog, ask, has, time.Unix(0, 0).UTC())
		return r, err
	}
}

// anyRole is the role that is needed, or one of the app where any will do.
func anyRole(c *catalog.Catalog, need catalog.Holding) string {
	if app, ok := c.App(need.App); need.Role == "" && ok && len(app.Roles) > 0 {
		return app.Roles[0].ID
	}
	return need.Role
}

// describe says which kinds are meant, in as few words as do it.
func describe(all []Kind, some []int) []string {
	if len(some) == len(all) {
		return []string{"everybody"}
	}
	if slices.Contains(some, 0) {
		var rest []int
		for i := range all {
			if !slices.Contains(some, i) {
				rest = append(rest, i)
			}
		}
		return []string{"everybody but " + strings.Join(fewest(all, rest), "; ")}
	}
	return fewest(all, some)
}

// fewest leaves out kinds that are part of another one that is named.
func fewest(all []Kind, some []int) (out []string) {
	for _, i := range some {
		part := slices.ContainsFunc(some, func(j int) bool { return j != i && all[i].within(all[j]) })
		if !part {
			out = append(out, all[i].String())
		}
	}
	slices.Sort(out)
	return out
}

// within tells whether whoever is of the kind is of a wider one.
func (k Kind) within(wider Kind) bool {
	if len(wider.of) == 0 || len(wider.of) >= len(k.of) {
		return false
	}
	for t, value := range wider.of {
		if has, there := k.of[t]; !there || has != value {
			return false
		}
	}
	return true
}
