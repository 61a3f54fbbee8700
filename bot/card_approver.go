package bot

import (
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// approverCard asks for a decision. Once there is one, every copy says who made
// it and when, and has no buttons.
func (s scene) approverCard() blocks.Message {
	var b blocks.MessageBuilder
	b.Title(s.approverTitle())
	s.portfolio(&b)
	b.Say(s.approverStatus())
	if s.Request.State == access.RequestDenied {
		b.Quote("Why", s.denial())
	}
	s.talk(&b)
	if s.mayAnswer() {
		b.Buttons(s.approverButtons()...)
	}
	b.Note(s.ticket(), "Asked "+blocks.When(s.Request.Created))
	return b.Message()
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
	if job := strings.Join(blocks.NonBlank(p.Title, p.Department), ", "); job != "" {
		parts = append(parts, blocks.Clip(job, 2*blocks.MaxName))
	}
	if !p.Since.IsZero() {
		parts = append(parts, "Here since "+p.Since.UTC().Format("January 2006"))
	}
	for i := range parts {
		parts[i] = blocks.Escape(parts[i], 500)
	}
	return strings.Join(parts, "\n")
}

func (s scene) managerLine(p access.Person) string {
	if p.Manager == "" {
		return ""
	}
	return blocks.Escape(s.you(p.Manager), 500)
}

func (s scene) proxyLine() string {
	if !s.proxied() {
		return ""
	}
	return blocks.Escape(s.name(s.Request.Requester), 500)
}

// opens says what a yes would change.
func (s scene) opens() string {
	if s.Request.Unlisted != "" {
		return "It isn't in the catalogue, so nothing is set up by itself. A yes means that IT takes it on in the ticket."
	}
	what := ""
	if s.Role.Description != "" {
		what = blocks.Sentence(blocks.Escape(s.Role.Description, 600)) + "\n"
	}
	if len(s.Role.Groups) == 0 {
		return what + "The change is made by hand, by " + s.fulfillers() + "."
	}
	return what + "Opens " + blocks.Count(len(s.Role.Groups), "group") + ": " + groupsText(s.Role.Groups)
}

// mayAnswer tells whether the reader is being asked at this moment.
func (s scene) mayAnswer() bool {
	return s.Phase() == access.PhaseDeciding && slices.Contains(s.waitingFor(), s.reader.ID)
}

func (s scene) approverStatus() string {
	said := s.decisions()
	switch {
	case s.mayAnswer() && s.Role.Assurance == catalog.Confirm:
		said = blocks.Lines(said, "Please decide. A yes asks you to type the app's name, because this role can do harm.")
	case s.mayAnswer():
		said = blocks.Lines(said, s.needLine())
	case s.Phase() == access.PhaseDeciding:
		said = blocks.Lines(said, s.othersLine())
	default:
		said = blocks.Lines(said, s.progress())
	}
	return said
}

func (s scene) needLine() string {
	others := len(s.stage().Asked) - 1
	switch {
	case others <= 0:
		return "Please decide."
	case s.stage().Need == catalog.Everyone:
		return "Please decide. Everybody who was asked has to say yes: " + blocks.Escape(s.names(s.stage().Asked), blocks.MaxField) + "."
	}
	return "Please decide. One yes is enough; also asked: " + blocks.Escape(s.names(without(s.stage().Asked, s.reader.ID)), blocks.MaxField) + "."
}

func without(list []access.PersonID, e access.PersonID) []access.PersonID {
	return slices.DeleteFunc(slices.Clone(list), func(o access.PersonID) bool { return o == e })
}

func (s scene) othersLine() string {
	names := s.waitingFor()
	if len(names) == 0 {
		return "The next approvers are being asked."
	}
	return "Waiting for " + blocks.Escape(s.names(names), blocks.MaxField) + "."
}

// confirms tells whether a yes has to be typed out.
func (s scene) confirms() bool { return s.Role.Assurance == catalog.Confirm }
