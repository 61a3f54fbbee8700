package bot

import (
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// approverCard asks for a decision. Once there is one, every copy says who made
// it and when, and has no buttons.
func (s scene) approverCard() card {
	var b sheet
	b.title(s.approverTitle())
	s.portfolio(&b)
	b.say(s.approverStatus())
	if s.Request.State == access.RequestDenied {
		b.words("Why", s.denial())
	}
	s.talk(&b)
	if s.mayAnswer() {
		b.buttons(s.approverButtons()...)
	}
	b.note(s.ticket(), "Asked "+when(s.Request.Created))
	return b.card()
}

func (s scene) approverTitle() string {
	what := s.what()
	if s.Request.Extends != "" {
		what = "more time for " + what
	}
	if s.proxied() {
		return s.name(s.Request.Requester) + " asks for " + what + " for " + s.name(s.receiver())
	}
	return s.name(s.Request.Requester) + " asks for " + what
}

// portrait is what helps to recognise a person: name, title, department, tenure.
func (s scene) portrait(p access.Person) string {
	parts := []string{s.name(s.receiver())}
	if job := strings.Join(nonEmpty(p.Title, p.Department), ", "); job != "" {
		parts = append(parts, clip(job, 2*longest))
	}
	if !p.Since.IsZero() {
		parts = append(parts, "Here since "+p.Since.UTC().Format("January 2006"))
	}
	for i := range parts {
		parts[i] = esc(parts[i], 500)
	}
	return strings.Join(parts, "\n")
}

func nonEmpty(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
}

func (s scene) managerLine(p access.Person) string {
	if p.Manager == "" {
		return ""
	}
	return esc(s.you(p.Manager), 500)
}

func (s scene) proxyLine() string {
	if !s.proxied() {
		return ""
	}
	return esc(s.name(s.Request.Requester), 500)
}

// opens says what a yes would change.
func (s scene) opens() string {
	if s.Request.Unlisted != "" {
		return "It isn't in the catalogue, so nothing is set up by itself. A yes means that IT takes it on in the ticket."
	}
	what := ""
	if s.Role.Description != "" {
		what = stop(esc(s.Role.Description, 600)) + "\n"
	}
	if len(s.Role.Groups) == 0 {
		return what + "The change is made by hand, by " + s.fulfillers() + "."
	}
	return what + "Opens " + plural(len(s.Role.Groups), "group") + ": " + groupsText(s.Role.Groups)
}

// mayAnswer tells whether the reader is being asked at this moment.
func (s scene) mayAnswer() bool {
	return s.Phase() == access.PhaseDeciding && slices.Contains(s.waitingFor(), s.reader.ID)
}

func (s scene) approverStatus() string {
	said := s.decisions()
	switch {
	case s.mayAnswer() && s.Role.Assurance == catalog.Confirm:
		said = joined(said, "Please decide. A yes asks you to type the app's name, because this role can do harm.")
	case s.mayAnswer():
		said = joined(said, s.needLine())
	case s.Phase() == access.PhaseDeciding:
		said = joined(said, s.othersLine())
	default:
		said = joined(said, s.progress())
	}
	return said
}

func joined(a, b string) string { return strings.Join(nonEmpty(a, b), "\n") }

func (s scene) needLine() string {
	others := len(s.stage().Asked) - 1
	switch {
	case others <= 0:
		return s.pleaseDecide()
	case s.stage().Need.All:
		return s.pleaseDecide() + " Everybody who was asked has to say yes: " + esc(s.names(s.stage().Asked), maxField) + "."
	}
	return s.pleaseDecide() + " " + enough(s.stage().Need) + "; also asked: " + esc(s.names(without(s.stage().Asked, s.reader.ID)), maxField) + "."
}

// enough says how many have to agree where not all have to, without a full stop.
func enough(n catalog.Need) string {
	if n.Several() {
		return strconv.Itoa(n.Count()) + " different people have to say yes"
	}
	return "One yes is enough"
}

// pleaseDecide asks for a decision, and says where it counts if that isn't here.
func (s scene) pleaseDecide() string {
	issue := s.Request.Issue
	switch {
	case !s.jiraOnly:
		return "Please decide."
	case issue.Key == "":
		return "Please decide in Jira, once the issue is there: an answer here doesn't count."
	}
	return "Please decide in Jira, in " + linked(issue.URL, issue.Key) + ": an answer here doesn't count."
}

func without(list []access.PersonID, e access.PersonID) []access.PersonID {
	return slices.DeleteFunc(slices.Clone(list), func(o access.PersonID) bool { return o == e })
}

func (s scene) othersLine() string {
	names := s.waitingFor()
	if len(names) == 0 {
		return "The next approvers are being asked."
	}
	return "Waiting for " + esc(s.names(names), maxField) + "."
}

// confirms tells whether a yes has to be typed out.
func (s scene) confirms() bool { return s.Role.Assurance == catalog.Confirm }
