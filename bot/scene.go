package bot

import (
	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

// scene is a case as one reader sees it.
type scene struct {
	access.Case
	reader  access.Person
	about   query.Background
	command string
}

// draw renders a card. There is a renderer for each kind of content.
func draw(u notify.CardUpdate, command string) (blocks.Message, error) {
	switch content := u.Content.(type) {
	case notify.RequestContent:
		return scene{Case: content.Case, reader: u.Reader, about: content.Background, command: command}.card(u.Audience), nil
	default:
		return blocks.Message{}, &access.Failure{Class: access.Rejected,
			Sentence: "This version of Latchkey can't draw a card of " + u.Subject.String() + ": update it, then try again"}
	}
}

// card is the card of a request for an audience.
func (s scene) card(a notify.Audience) blocks.Message {
	switch audience, revision := a.Parts(); audience {
	case notify.ToApprover:
		return s.approverCard()
	case notify.ToChannel:
		return s.channelCard()
	case notify.ToReminder:
		return s.reminderCard(revision)
	case notify.ToReview:
		return s.reviewCard(revision)
	case notify.ToFulfillers:
		return s.fulfillersCard()
	case notify.ToIT:
		return s.itCard()
	default:
		return s.requesterCard()
	}
}

// what is the app and the role, not escaped.
func (s scene) what() string {
	return blocks.Clip(s.appName(), blocks.MaxName) + " · " + blocks.Clip(blocks.Or(s.Role.Name, s.Request.Role), blocks.MaxName)
}

func (s scene) appName() string { return blocks.Or(s.App.Name, s.Request.App) }

// name is how a person is called, not escaped: by name where it is known.
func (s scene) name(e access.PersonID) string {
	if s.reads(e) && s.reader.Name != "" {
		return blocks.Clip(blocks.OneLine(s.reader.Name), blocks.MaxName)
	}
	if name := s.Case.Name(e); name != "" {
		return blocks.Clip(blocks.OneLine(name), blocks.MaxName)
	}
	return blocks.Clip(string(e), blocks.MaxName)
}

// you is name, or "you" for the reader.
func (s scene) you(e access.PersonID) string {
	if s.reads(e) {
		return "you"
	}
	return s.name(e)
}

func (s scene) reads(e access.PersonID) bool { return e != "" && e == s.reader.ID }

// actor is who did something and where, not escaped.
func (s scene) actor(a access.Actor) string {
	if a.Person == "" {
		return "Latchkey"
	}
	switch a.Via {
	case access.ViaJira:
		return s.you(a.Person) + " in Jira"
	case access.ViaCLI:
		return s.you(a.Person) + " on the command line"
	}
	return s.you(a.Person)
}

// names lists people, not escaped.
func (s scene) names(list []access.PersonID) string {
	var names []string
	for _, e := range list {
		names = append(names, s.you(e))
	}
	return blocks.List(names, 5)
}

func (s scene) receiver() access.PersonID { return s.Request.Beneficiary }

// proxied tells whether somebody asks for somebody else.
func (s scene) proxied() bool { return s.Request.Requester != s.Request.Beneficiary }

// stage is the stage being answered; the zero stage when there is none.
func (s scene) stage() access.Stage {
	if s.Request.Stage < len(s.Request.Stages) {
		return s.Request.Stages[s.Request.Stage]
	}
	return access.Stage{}
}

// waitingFor are those who were asked and haven't answered.
func (s scene) waitingFor() []access.PersonID {
	var out []access.PersonID
	for _, e := range s.stage().Asked {
		if _, answered := answerOf(s.stage(), e); !answered {
			out = append(out, e)
		}
	}
	return out
}

func answerOf(st access.Stage, e access.PersonID) (access.Answer, bool) {
	for _, a := range st.Answers {
		if a.By.Person == e {
			return a, true
		}
	}
	return access.Answer{}, false
}

// unroutable tells whether nobody was found for the current stage.
func (s scene) unroutable() (access.Event, bool) {
	e, ok := s.Last(access.EventUnroutable)
	if s.Request.UnderReview() {
		return e, ok && len(s.Request.Review.Asked) == 0
	}
	return e, ok && s.Request.State == access.RequestPending && e.Stage == s.Request.Stage && len(s.stage().Asked) == 0
}

// blocked tells whether a record or a notice can't be written, and nobody has
// asked to try it again since.
func (s scene) blocked() (access.Event, bool) {
	for i := len(s.Story) - 1; i >= 0; i-- {
		switch s.Story[i].Kind {
		case access.EventTaskBlocked:
			return s.Story[i], true
		case access.EventTaskResumed:
			return access.Event{}, false
		}
	}
	return access.Event{}, false
}

// howLong is the duration as asked for and as allowed.
func (s scene) howLong() string {
	if s.Request.Unlisted != "" {
		return ""
	}
	if s.Request.Allowed != s.Request.Wanted {
		return blocks.Length(s.Request.Allowed) + " (asked for " + catalog.FormatDuration(s.Request.Wanted) + ")"
	}
	return blocks.Length(s.Request.Wanted)
}

// ticket links the issue, once there is one, and the conversation the request
// came up in.
func (s scene) ticket() string {
	said := "Request " + blocks.Escape(s.Request.ID, blocks.MaxName)
	if issue := s.Request.Issue; issue.Key != "" {
		said = blocks.Link(issue.URL, issue.Key)
	}
	if s.Request.Conversation != "" {
		said += "  ·  " + blocks.Link(s.Request.Conversation, "the conversation")
	}
	return said
}
