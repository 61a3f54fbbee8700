package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/workflow/people"
)

// portalRequest takes what somebody asked for in the portal, unless they closed it
// before it became a request.
func (s Situation) portalRequest() []Action {
	closed := func(p access.Phase) bool {
		return p == access.PhaseDenied || p == access.PhaseCancelled || p == access.PhaseEnded
	}
	if slices.ContainsFunc(s.Seen.Phases, closed) {
		return nil
	}
	ask, lack := readForm(s.Catalog, s.Seen.Form)
	if lack.Why != "" {
		return []Action{lack}
	}
	return []Action{ask}
}

// authors are the accounts, besides the one in whose name the issue is, that made it
// or changed what it asks for before it became a request.
func authors(seen access.IssueSnapshot) []access.Account {
	var out []access.Account
	add := func(a access.Account) {
		same := func(o access.Account) bool { return o.ID == a.ID }
		if a.ID != seen.Reporter.ID && !slices.ContainsFunc(out, same) {
			out = append(out, a)
		}
	}
	if seen.Creator.ID != "" {
		add(seen.Creator)
	}
	for _, ch := range seen.Changes {
		if slices.Contains([]string{"reporter", "app", "role", "duration"}, ch.Field) {
			add(ch.By)
		}
	}
	return out
}

// author is who asks: the person in whose name the issue is, or whoever made it for
// them, or made it ask for something else. They are bound by the rules for asking
// for others, and don't decide on it.
func (s *Service) author(ctx context.Context, seen access.IssueSnapshot, reporter access.Person) (access.Person, error) {
	all := authors(seen)
	switch {
	case len(all) == 0:
		return reporter, nil
	case len(all) > 1:
		return reporter, access.Refuse(access.NotAllowed, "", "Several people made this request what it is, in the name of "+reporter.Display()+", who has to ask for it themselves.")
	}
	by, err := s.people.Holder(ctx, all[0])
	if why, refused := access.AsRefusal(err); refused {
		return reporter, access.Refuse(access.NotAllowed, "", people.Called(all[0])+" made this request, or changed what it asks for, in the name of "+reporter.Display()+". "+why.Sentence)
	}
	return by, err
}

// portalOrigin keys the submission: an issue makes one request, however often it
// is seen.
func portalOrigin(is access.Issue) string { return "jira:" + is.ID }

// mark tells one question from another: the same is not asked twice.
func (a AskClarification) mark() string {
	sum := sha256.Sum256([]byte(a.Why + strings.Join(a.Choose, "\n")))
	return hex.EncodeToString(sum[:8])
}

// lines are what follows the question.
func (a AskClarification) lines() []string {
	var out []string
	if len(a.Choose) > 0 {
		out = append(out, "You can choose: "+strings.Join(a.Choose, ", "))
	}
	if a.Who == "" {
		return append(out, "Please ask in Slack instead, or ask IT if you have no account there.")
	}
	return append(out, "Correct it here, or ask for it in Slack: it then goes on in this request.")
}
