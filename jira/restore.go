package jira

import (
	"context"
	"net/http"

	"latchkey/access"
)

// restore writes the fields that Latchkey keeps, as they belong to the case.
// What people wrote themselves in the portal stays as it is.
func (c *Client) restore(ctx context.Context, s *site, cs access.Case, issue string) error {
	values := s.form.values(cs, doc{})
	for _, id := range []string{"description", "labels"} {
		delete(values, id)
	}
	if raisedInJira(cs) {
		delete(values, "summary")
		delete(values, s.form.custom[fieldReason])
	}
	if s.until != "" && cs.Grant != nil && !cs.Grant.Ends.IsZero() {
		values[s.until] = cs.Grant.Ends.UTC().Format(jiraTime)
	}
	if len(values) == 0 {
		return nil
	}
	return c.tell(ctx, call{method: http.MethodPut, path: issuePath(issue), what: "put the fields of the issue back",
		in: map[string]any{"fields": values}})
}

// raisedInJira tells whether the issue was there before the request.
func raisedInJira(c access.Case) bool {
	e, ok := c.Last(access.EventIssueOpened)
	return ok && e.Note != ""
}

// opened tells whoever raised the issue in the portal that it is being dealt
// with. An issue that Latchkey made says so itself.
func opened(c access.Case, e access.Event) note {
	if e.Note == "" {
		return note{}
	}
	return say("Thank you. "+person(c, c.Request.Requester)+" asks for "+thing(c)+wantedFor(c.Request)+
		". This is request "+c.Request.ID+"; Latchkey goes on with it here and in Slack.", "")
}

func drifted(c access.Case, e access.Event) note {
	return note{internal: evidence(e, "This was changed by hand, and Latchkey does not follow it: "+orElse(e.Note, "something was changed")+" What Latchkey may put back, it puts back.", by(c, e))}
}
