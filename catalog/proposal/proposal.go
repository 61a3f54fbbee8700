// Package proposal makes a proposed catalogue of what a directory shows: its applications, the groups assigned to them, and
// how groups are called. It decides nothing: every role says why it is proposed and how sure that is, every group that
// becomes no role is named with the reason, and what is configured already stays as it is.
package proposal

import (
	"cmp"
	"slices"
	"strings"

	"latchkey/catalog"
)

// App is an application as a directory shows it.
type App struct {
	ID     string // the directory's
	Name   string
	Kind   string // which product it is, in the directory's words; "" if it doesn't say
	Active bool
	Why    string   // why nobody is to ask for it, a sentence; "" otherwise
	Owners []string // addresses
	Groups []Assignment
	// InPerson is how many have it without a group; negative where that isn't known.
	InPerson int
}

// Assignment is a group that an application lets in.
type Assignment struct {
	GroupID string
	Role    string // what it makes of the members, in the directory's words; "" if it doesn't say
}

// Group is a group as a directory shows it.
type Group struct {
	ID, Name   string
	Governable bool
	Why        string // of one that isn't: why not, and what to do about it
	Members    int    // negative where that isn't known
}

// Source is what a proposal is made from.
type Source struct {
	Directory string // its id in the configuration
	Apps      []App
	Groups    []Group
	Asked     *Asked             // how often each application was asked for; nil where that couldn't be read
	Existing  *catalog.Catalog   // what is configured already
	Protected []catalog.GroupRef // groups that are never to be changed
}

// Certainty is how sure it is that a role is what it is proposed as.
type Certainty string

// The certainties, the surest first.
const (
	Sure   Certainty = "sure"   // the group is assigned, and its name, or the directory, says what its members are
	Likely Certainty = "likely" // it is assigned, and what it gives is read from its name
	Guess  Certainty = "guess"  // by its name alone: it is assigned to no application
)

// Role is a proposed role.
type Role struct {
	ID, Name string
	Group    catalog.GroupRef
	Called   string // the group's name, which Group may not have
	Members  int    // of the group; negative where that isn't known
	Kind     catalog.Kind
	Certain  Certainty
	Why      []string // sentences, for whoever looks at it
}

// Proposed is an application with its roles.
type Proposed struct {
	ID, Name string // as configured, where it is
	Known    bool   // it is in the catalogue: only the roles are new
	Owners   []string
	Asked    int // how often it was asked for
	People   int // in the groups of its roles, as far as that is known
	Roles    []Role
	Aside    []Aside // its groups that become no role
}

// Aside is something that is not proposed.
type Aside struct {
	About string // an application or a group, by its name
	Why   string // a sentence
}

// Proposal is what there is to look at.
type Proposal struct {
	Apps      []Proposed // the most requested first
	Aside     []Aside    // applications that are not proposed, in name order
	Different []Aside    // roles that are configured, and of which the directory shows something else
	Open      int        // groups that roles open already
	Unrelated int        // groups that have to do with no application
}

// Propose makes the proposal.
func Propose(s Source) Proposal {
	m := newMaker(s)
	out := Proposal{}
	for _, a := range m.byName() {
		if why := m.appAside(a); why != "" {
			out.Aside = append(out.Aside, Aside{a.Name, why})
			continue
		}
		p := m.propose(a)
		if len(p.Roles) > 0 {
			out.Apps = append(out.Apps, p)
			continue
		}
		if len(p.Aside) > 0 && !m.rolesOf(a) {
			out.Aside = append(out.Aside, Aside{a.Name, "None of its groups becomes a role. " + together(p.Aside)})
		}
	}
	slices.SortStableFunc(out.Apps, func(a, b Proposed) int {
		return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(b.People, a.People), cmp.Compare(a.Name, b.Name))
	})
	out.Different, out.Open, out.Unrelated = m.different(), m.opened, m.unrelated()
	return out
}

// Top leaves the first n applications, and says how many it left out; none with 0.
func (p Proposal) Top(n int) (Proposal, int) {
	if n <= 0 || len(p.Apps) <= n {
		return p, 0
	}
	left := len(p.Apps) - n
	p.Apps = p.Apps[:n]
	return p, left
}

// together are things that are left out, in one text.
func together(all []Aside) string {
	var out []string
	for _, a := range all {
		out = append(out, quoted(a.About)+": "+a.Why)
	}
	return strings.Join(out, " ")
}

func quoted(name string) string { return "“" + shown(name) + "”" }

// shown is a name as it stands in a sentence.
func shown(name string) string { return catalog.Isolated(cleaned(name)) }

// cleaned is a name as people read it, on one line; "" where there is nothing to read.
func cleaned(name string) string {
	readable := strings.ReplaceAll(catalog.Readable(name), "\ufffd", "")
	return strings.Join(strings.Fields(readable), " ")
}
