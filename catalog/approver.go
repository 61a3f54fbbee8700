package catalog

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// ApproverKind is how an approver is found at the moment of asking.
type ApproverKind string

// Where approvers come from.
const (
	Manager        ApproverKind = "manager"            // the beneficiary's manager in the directory
	SecondManager  ApproverKind = "manager-of-manager" // the manager of that one
	Owner          ApproverKind = "owner"              // the app's owners
	RoleApprover   ApproverKind = "role"               // those whom the role names (Role.Approvers)
	Named          ApproverKind = "person"             // one person, by e-mail
	GroupOf        ApproverKind = "group"              // the members of a directory group
	SlackUserGroup ApproverKind = "slack"              // the members of a user group in Slack
	OnCall         ApproverKind = "oncall"             // whoever is on call by a schedule
	Security       ApproverKind = "admins"             // the people.admins list
)

// Approver is one source of approvers in a stage.
type Approver struct {
	Kind   ApproverKind
	Person string   // for Named: lower-cased e-mail
	Group  GroupRef // for GroupOf
	Name   string   `json:",omitempty"` // for SlackUserGroup its id in Slack, for OnCall the name of the schedule
}

// What stands before the name of a source that has one.
const (
	ofGroup     = "group:"
	ofUserGroup = "slack:"
	ofSchedule  = "oncall:"
)

// String is the configured form.
func (a Approver) String() string {
	switch a.Kind {
	case Named:
		return a.Person
	case GroupOf:
		return ofGroup + a.Group.String()
	case SlackUserGroup:
		return ofUserGroup + a.Name
	case OnCall:
		return ofSchedule + a.Name
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

var (
	userGroupID  = regexp.MustCompile(`^S[A-Z0-9]{6,20}$`)
	scheduleName = regexp.MustCompile(`^[a-z0-9_-]{1,60}$`)
)

// IsScheduleName reports whether a schedule of who is on call can be called so.
func IsScheduleName(s string) bool { return scheduleName.MatchString(s) }

// ApproverWords are the sources that are one word.
func ApproverWords() []ApproverKind {
	return []ApproverKind{Manager, SecondManager, Owner, RoleApprover, Security}
}

// ParseApprover reads "manager", "manager-of-manager", "owner", "role", "admins", an e-mail,
// "group:okta:security", "slack:S0123456789" or "oncall:platform".
func ParseApprover(s string) (Approver, error) {
	text := strings.TrimSpace(s)
	for _, word := range ApproverWords() {
		if ApproverKind(text) == word {
			return Approver{Kind: word}, nil
		}
	}
	if name, ok := strings.CutPrefix(text, ofGroup); ok {
		ref, err := ParseGroupRef(name)
		if err != nil {
			return Approver{}, fmt.Errorf("%q is not a group: write its directory, too, as in group:okta:%s", text, cmp.Or(strings.Trim(name, ": "), "security"))
		}
		return Approver{Kind: GroupOf, Group: ref}, nil
	}
	if name, ok := strings.CutPrefix(text, ofUserGroup); ok {
		return parseUserGroup(strings.TrimSpace(name))
	}
	if name, ok := strings.CutPrefix(text, ofSchedule); ok {
		return parseSchedule(strings.TrimSpace(name))
	}
	if IsEmail(text) {
		return Approver{Kind: Named, Person: text}, nil
	}
	return Approver{}, fmt.Errorf("%q is not an approver: write manager, manager-of-manager, owner, role, admins, an e-mail address, group:directory:name, slack:ID of a user group, or oncall:schedule", s)
}

// parseUserGroup takes the id alone: a handle can be given to another group at any time.
func parseUserGroup(id string) (Approver, error) {
	if !userGroupID.MatchString(id) {
		return Approver{}, fmt.Errorf("%q is not the id of a user group in Slack: write it as in slack:S0123456789; Slack shows it in the group's profile, under Copy group ID", ofUserGroup+id)
	}
	return Approver{Kind: SlackUserGroup, Name: id}, nil
}

func parseSchedule(name string) (Approver, error) {
	if !IsScheduleName(name) {
		return Approver{}, fmt.Errorf("%q can't be the name of a schedule: write oncall: and a name from the section oncall, of lower-case letters, digits, - and _", name)
	}
	return Approver{Kind: OnCall, Name: name}, nil
}
