package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// builder builds what one reader is told about a case. Each audience has a builder
// of its own around it.
type builder struct {
	naming
	Config
	pause access.Pause // of new access, if one is on
	nudge bool         // those who are waited for may be told again
}

// proxied tells whether somebody asks for somebody else.
func (b builder) proxied() bool { return b.Request.Requester != b.Request.Beneficiary }

// stage is the stage being answered; the zero stage when there is none.
func (b builder) stage() access.Stage {
	if b.Request.Stage < len(b.Request.Stages) {
		return b.Request.Stages[b.Request.Stage]
	}
	return access.Stage{}
}

// waitingFor are those who were asked and haven't answered.
func (b builder) waitingFor() []access.PersonID {
	if b.Request.State == access.RequestPending {
		return b.Request.Awaited()
	}
	var out []access.PersonID
	for _, e := range b.stage().Asked {
		if _, answered := AnswerOf(b.stage(), e); !answered {
			out = append(out, e)
		}
	}
	return out
}

// AnswerOf is what somebody answered in a stage, and whether they did.
func AnswerOf(st access.Stage, e access.PersonID) (access.Answer, bool) {
	for _, a := range st.Answers {
		if a.By.Person == e {
			return a, true
		}
	}
	return access.Answer{}, false
}

// unroutable tells whether nobody was found for the current stage.
func (b builder) unroutable() (access.Event, bool) {
	e, ok := b.Last(access.EventUnroutable)
	if b.Request.UnderReview() {
		return e, ok && len(b.Request.Review.Asked) == 0
	}
	return e, ok && b.Request.State == access.RequestPending && e.Stage == b.Request.Stage && len(b.stage().Asked) == 0
}

// blocked tells whether the record or a message can't be written, and nobody has
// asked to try it again since.
func blocked(story []access.Event) (access.Event, bool) {
	for i := len(story) - 1; i >= 0; i-- {
		switch story[i].Kind {
		case access.EventTaskBlocked:
			return story[i], true
		case access.EventTaskResumed:
			return access.Event{}, false
		}
	}
	return access.Event{}, false
}

// howLong is the duration as asked for and as allowed.
func (b builder) howLong() string {
	if b.Request.Unlisted != "" {
		return ""
	}
	if b.Request.Allowed != b.Request.Wanted {
		return blocks.Length(b.Request.Allowed) + " (asked for " + catalog.FormatDuration(b.Request.Wanted) + ")"
	}
	return blocks.Length(b.Request.Wanted)
}

// ticket links the issue and the conversation.
func (b builder) ticket() string { return Ticket(b.Request) }

// customerTicket is ticket for those whose request it is.
func (b builder) customerTicket() string { return CustomerTicket(b.Request) }

// recognised is what helps to recognise who gets the access: address, title, department,
// tenure, last sign-in as it was seen. A name is chosen freely, and two may look the same. Escaped.
func recognised(p access.Person) []string {
	parts := blocks.NonBlank(string(p.Email), strings.Join(blocks.NonBlank(p.Title, p.Department), ", "))
	if !p.Since.IsZero() {
		parts = append(parts, "since "+p.Since.UTC().Format("Jan 2006"))
	}
	for i := range parts {
		parts[i] = blocks.Escape(blocks.Clip(parts[i], blocks.MaxName), 2*blocks.MaxName)
	}
	if !p.LastLogin.IsZero() {
		parts = append(parts, "last sign-in "+blocks.Day(p.LastLogin))
	}
	return parts
}

// about is what a screen reader says that a button is about.
func (b builder) about() string {
	return blocks.Clip(b.brief(), briefApp+briefRole) + " for " + b.name(b.Request.Beneficiary)
}

// nth is the nth event of a kind, counted from 1, and whether it is the latest.
func nth(story []access.Event, kind access.EventKind, n int) (found access.Event, latest bool) {
	for _, e := range story {
		if e.Kind != kind {
			continue
		}
		n--
		latest = n == 0
		if latest {
			found = e
		}
	}
	return found, latest
}
