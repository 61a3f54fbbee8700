package issue

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/wording"
)

// Open makes the issue of a request, raised on behalf of the requester, and
// returns where it is. It carries nothing for machines: the first record does that.
//
// since is the moment of an earlier attempt whose outcome is unknown, zero if
// there was none. Then the issue is looked for first, in the search and, because
// that lags behind, under the keys handed out since. A new one is made only when
// there is none and the search's lag has passed; until then the failure is
// access.Unclear.
//
// When no Jira account certainly belongs to the requester, the issue is raised in
// Latchkey's own name and says so.
func (w *Writer) Open(ctx context.Context, cs access.Case, since time.Time) (access.Issue, error) {
	s, found, err := w.earlier(ctx, cs.Request.ID, since)
	if err != nil {
		return access.Issue{}, err
	}
	if found.Key == "" || cs.Request.Issue.Gone && found.ID == cs.Request.Issue.ID { // the index may still name one that is gone
		customer, err := w.accounts.Account(ctx, cs.Beneficiary)
		if err != nil {
			return access.Issue{}, nothing(err)
		}
		if found, err = w.raise(ctx, s, cs, customer); err != nil {
			w.distrust(err)
			return access.Issue{}, err
		}
	}
	issue := s.Issue(found.ID, found.Key)
	issue.Creator = s.AccountID
	w.lost.resolved(cs.Request.ID)
	return issue, nil
}

// earlier finds the issue that an earlier attempt may have made, and the site.
func (w *Writer) earlier(ctx context.Context, id string, since time.Time) (*site.Site, Created, error) {
	s, err := w.sites.Site(ctx)
	if err != nil && since.IsZero() {
		err = nothing(err)
	}
	if err != nil {
		return nil, Created{}, err
	}
	found, err := w.lost.find(ctx, s, id, since)
	return s, found, err
}

// nothing is a failure that is certain to have made no issue, nor did any attempt
// before it: the next one need not look.
func nothing(err error) error {
	f := *access.Classify(err)
	f.Nothing = true
	return &f
}

// distrust has the site looked at anew after a refusal: the form may have changed.
func (w *Writer) distrust(err error) {
	if access.Classify(err).Class == access.Rejected {
		w.sites.Again()
	}
}

// raise creates the customer request. Customers that Jira does not accept, because
// the desk is closed to them for example, get a refusal, which is certain to have
// made nothing: then the bot raises it itself.
func (w *Writer) raise(ctx context.Context, s *site.Site, cs access.Case, customer string) (Created, error) {
	got, err := w.create(ctx, s, cs, customer)
	if customer != "" && slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}, rest.StatusOf(err)) {
		w.api.Log().WarnContext(ctx, "Jira did not take the request for its requester; raising it in Latchkey's own name.",
			"request", cs.Request.ID, "error", err)
		w.accounts.Forget(cs.Beneficiary)
		return w.create(ctx, s, cs, "")
	}
	return got, err
}

func (w *Writer) create(ctx context.Context, s *site.Site, cs access.Case, customer string) (Created, error) {
	values, lacking := FormValues(s.Form, cs, wording.Description(cs, customer == ""))
	for _, l := range lacking {
		if l.Required {
			return Created{}, nothing(l.Fault())
		}
	}
	return w.post(ctx, s, cs.Request.ID, values, customer)
}

// post raises a request with a filled in form, whose summary bears the id.
func (w *Writer) post(ctx context.Context, s *site.Site, id string, form map[string]any, customer string) (Created, error) {
	if err := s.FormFault(); err != nil {
		return Created{}, nothing(err)
	}
	in := map[string]any{"serviceDeskId": s.ServiceDesk, "requestTypeId": s.Form.RequestType, "requestFieldValues": form, "isAdfRequest": true}
	if customer != "" {
		in["raiseOnBehalfOf"] = customer
	}
	k := rest.Call{Method: http.MethodPost, Path: "rest/servicedeskapi/request", Body: in, NonIdempotent: true, What: "open the issue of " + id}
	w.lost.begins(id)
	body, err := w.api.Do(ctx, k)
	if err != nil {
		if access.Classify(err).Class != access.Unclear {
			w.lost.resolved(id)
			err = nothing(err) // an earlier attempt was looked for before this one
		}
		return Created{}, err
	}
	got := ReadCreated(body)
	if got.Key == "" {
		return Created{}, w.api.Unreadable(k, errors.New("the answer names no issueKey"))
	}
	return got, nil
}
