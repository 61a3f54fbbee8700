package catalog

import (
	"fmt"
	"strings"
)

// Route is a named way to a yes: stages that are answered in order. A route
// without stages approves by itself; it is the rule that lets everyday tools
// through and is recorded as such.
type Route struct {
	Name   string
	Stages []Stage
	// Distinct: every stage needs other people. Otherwise one yes of a person counts
	// for every later stage that they could answer.
	Distinct bool
	Channel  string // where approvers are asked, as in "#design-access"; empty: in direct messages
}

// Automatic reports whether the route asks nobody.
func (r Route) Automatic() bool { return len(r.Stages) == 0 }

// Sources are where the approvers of all stages come from, in their order.
func (r Route) Sources() []Approver {
	var out []Approver
	for _, s := range r.Stages {
		out = append(out, s.Approvers...)
	}
	return out
}

// Stage is one step of a route.
type Stage struct {
	Approvers []Approver
	Need      Need
}

// ApproverKind is how an approver is found at the moment of asking.
type ApproverKind string

// Where approvers come from.
const (
	Manager  ApproverKind = "manager" // the beneficiary's manager in the directory
	Owner    ApproverKind = "owner"   // the app's owners
	Named    ApproverKind = "person"  // one person, by e-mail
	GroupOf  ApproverKind = "group"   // the members of a directory group
	Security ApproverKind = "admins"  // the people.admins list
)

// Approver is one source of approvers in a stage.
type Approver struct {
	Kind   ApproverKind
	Person string   // for Named: lower-cased e-mail
	Group  GroupRef // for GroupOf
}

// String is the configured form.
func (a Approver) String() string {
	switch a.Kind {
	case Named:
		return a.Person
	case GroupOf:
		return "group:" + a.Group.String()
	default:
		return string(a.Kind)
	}
}

// MarshalText keeps records readable.
func (a Approver) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (a *Approver) UnmarshalText(b []byte) (err error) {
	*a, err = ParseApprover(string(b))
	return err
}

// IsEmail reports whether s has the form of a single e-mail address.
func IsEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && host != "" && !strings.Contains(host, "@") && !strings.ContainsAny(s, " \t\r\n<>,;")
}

// ParseApprover reads "manager", "owner", "admins", an e-mail, or "group:okta:security".
func ParseApprover(s string) (Approver, error) {
	text := strings.TrimSpace(s)
	switch kind := ApproverKind(text); kind {
	case Manager, Owner, Security:
		return Approver{Kind: kind}, nil
	}
	if name, ok := strings.CutPrefix(text, "group:"); ok {
		ref, err := ParseGroupRef(name)
		if err != nil {
			return Approver{}, err
		}
		return Approver{Kind: GroupOf, Group: ref}, nil
	}
	if IsEmail(text) {
		return Approver{Kind: Named, Person: text}, nil
	}
	return Approver{}, fmt.Errorf("%q is not an approver: write manager, owner, admins, an e-mail address or group:directory:name", s)
}
