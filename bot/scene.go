package bot

import (
	"net/url"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

// longest is how much of a name a card shows.
const longest = 120

// scene is a case as one reader sees it.
type scene struct {
	access.Case
	reader   access.Person
	about    query.Background
	command  string
	jiraOnly bool // decisions made in Slack don't count
}

// draw renders a card. There is a renderer for each kind of content, which fills
// in what is set up already.
func draw(u notify.CardUpdate, s scene) (card, error) {
	switch content := u.Content.(type) {
	case notify.RequestContent:
		s.Case, s.reader, s.about = content.Case, u.Reader, content.Background
		return s.card(u.Audience), nil
	default:
		return card{}, &access.Failure{Class: access.Rejected,
			Sentence: "This version of Latchkey can't draw a card of " + u.Subject.String() + ": update it, then try again"}
	}
}

// card is the card of a request for an audience.
func (s scene) card(a notify.Audience) card {
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
	return clip(s.appName(), longest) + " · " + clip(or(s.Role.Name, s.Request.Role), longest)
}

func (s scene) appName() string { return or(s.App.Name, s.Request.App) }

func or(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

// name is how a person is called, not escaped: by name where it is known, by
// address where that is.
func (s scene) name(e access.PersonID) string {
	if s.reads(e) && s.reader.Name != "" {
		return clip(oneLine(s.reader.Name), longest)
	}
	p := s.Case.Person(e)
	if known, ok := s.about.People[e]; ok && p.Display() == access.Unnamed {
		p = known
	}
	return clip(oneLine(p.Display()), longest)
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
	return listed(names, 5)
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
		return length(s.Request.Allowed) + " (asked for " + catalog.FormatDuration(s.Request.Wanted) + ")"
	}
	return length(s.Request.Wanted)
}

// ticket links the issue, once there is one, and the conversation the request
// came up in.
func (s scene) ticket() string {
	said := "Request " + esc(s.Request.ID, longest)
	if issue := s.Request.Issue; issue.Key != "" {
		said = linked(issue.URL, issue.Key)
	}
	if s.Request.Conversation != "" {
		said += "  ·  " + linked(s.Request.Conversation, "the conversation")
	}
	return said
}

// maxAddress is the longest address that is linked. What is longer was not made
// by Jira or Slack.
const maxAddress = 400

// linked is a text with a link behind it, where the address is one.
func linked(address, text string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(u.String()) > maxAddress {
		return esc(text, longest)
	}
	return "<" + strings.ReplaceAll(esc(u.String(), 5*maxAddress), "|", "%7C") + "|" + strings.ReplaceAll(esc(text, longest), "|", "/") + ">"
}
