package jira

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
)

// Open makes the issue of a request, raised on behalf of the requester, and
// returns where it is. carry makes what it is to carry, once its id is known.
//
// since is the moment of an earlier attempt whose outcome is unknown, zero if
// there was none. Then the issue is looked for first, in the search and, because
// that lags behind, under the keys handed out since. A new one is made only when
// there is none and Config.Settle has passed; until then the failure is
// access.Unclear.
//
// When no Jira account
// certainly belongs to the requester, the issue is raised in Latchkey's own name
// and says so.
func (c *Client) Open(ctx context.Context, cs access.Case, carry access.RecordMaker, since time.Time) (access.Issue, error) {
	s, err := c.site(ctx)
	if err != nil {
		return access.Issue{}, err
	}
	found, err := c.recover(ctx, s, cs.Request.ID, since)
	if err != nil {
		return access.Issue{}, err
	}
	if found.key == "" {
		customer, err := c.accountOf(ctx, cs.Beneficiary)
		if err != nil {
			return access.Issue{}, err
		}
		if found, err = c.raise(ctx, s, cs, customer); err != nil {
			return access.Issue{}, err
		}
	}
	return c.opened(ctx, s, cs.Request.ID, carry, found), nil
}

// opened notes the new or found issue. Its state can wait for the next record
// if it can't be written now: the issue is there, and that is what counts.
func (c *Client) opened(ctx context.Context, s *site, request string, carry access.RecordMaker, made made) access.Issue {
	issue := access.Issue{ID: made.id, Key: made.key, URL: s.link(made.key)}
	c.tried.drop(request)
	if id := s.statusID(made.status); id != "" {
		c.places.put(made.id, place{status: id})
	}
	r, err := carry(made.id)
	if err == nil {
		err = c.putRecord(ctx, made.id, r)
	}
	if err != nil {
		c.cfg.Logger.WarnContext(ctx, "The issue is open, but its state could not be written; the next record does it.",
			"issue", made.key, "request", request, "error", err)
	}
	return issue
}

// statusID finds the id of a status by its name; "" if it has no key.
func (s *site) statusID(name string) string {
	for _, st := range s.statuses {
		if strings.EqualFold(st.Name, name) {
			return st.ID
		}
	}
	return ""
}

// made is an issue that exists.
type made struct{ id, key, status string }

// raise creates the customer request. Jira says 400 to customers it does not
// accept, which is certain to have made nothing: then the bot raises it itself.
func (c *Client) raise(ctx context.Context, s *site, cs access.Case, customer string) (made, error) {
	got, err := c.create(ctx, s, cs, customer)
	if customer != "" && status(err) == http.StatusBadRequest {
		c.cfg.Logger.WarnContext(ctx, "Jira did not take the request for its requester; raising it in Latchkey's own name.",
			"request", cs.Request.ID, "error", err)
		c.people.drop(string(cs.Beneficiary.Email))
		return c.create(ctx, s, cs, "")
	}
	return got, err
}

func (c *Client) create(ctx context.Context, s *site, cs access.Case, customer string) (made, error) {
	return c.post(ctx, s, cs.Request.ID, s.form.values(cs, description(cs, customer == "")), customer)
}

// post raises a request with a filled in form, whose summary bears the id.
func (c *Client) post(ctx context.Context, s *site, id string, form map[string]any, customer string) (made, error) {
	in := map[string]any{"serviceDeskId": s.desk, "requestTypeId": s.form.requestType, "requestFieldValues": form, "isAdfRequest": true}
	if customer != "" {
		in["raiseOnBehalfOf"] = customer
	}
	k := call{method: http.MethodPost, path: "rest/servicedeskapi/request", in: in, visible: true, what: "open the issue of " + id}
	c.tried.put(id, c.cfg.Now())
	body, err := c.do(ctx, k)
	if err != nil {
		if access.Classify(err).Class != access.Unclear {
			c.tried.drop(id)
		}
		return made{}, err
	}
	got := readMade(body)
	if got.key == "" {
		return made{}, c.unreadable(k, errors.New("the answer names no issueKey"))
	}
	return got, nil
}

// readMade takes out of a 201 what must not be lost. Whatever else is in the
// answer, and in whatever shape, the issue exists.
func readMade(body []byte) made {
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return made{}
	}
	got := made{id: scalar(top["issueId"]), key: scalar(top["issueKey"])}
	if got.id == "" {
		got.id = got.key
	}
	var now struct{ Status string }
	if json.Unmarshal(top["currentStatus"], &now) == nil {
		got.status = now.Status
	}
	return got
}

// scalar reads an id that may be a string or a number.
func scalar(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n int64
	if json.Unmarshal(raw, &n) == nil {
		return strconv.FormatInt(n, 10)
	}
	return ""
}
