package jira

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// channelProperty is the vendor's own property on every request.
const channelProperty = "request.channel.type"

// requestInput is a customer request as asked for.
type requestInput struct {
	creator, reporter string
	participants      []string
	fields            map[string]json.RawMessage
	dialect           dialect
	channel           string
}

// raise creates a customer request. Only fields of the form may be given, and
// required ones must be.
func (w *world) raise(in requestInput) (*issue, error) {
	p := w.project(w.cfg.ProjectKey, w.cfg.ProjectName)
	if err := w.checkForm(in.fields); err != nil {
		return nil, err
	}
	is := w.newIssue(p, issueTypes()[0][0], in.creator, in.reporter)
	for _, id := range slices.Sorted(maps.Keys(in.fields)) {
		if _, err := w.set(is, w.field(id), in.fields[id], in.dialect); err != nil {
			p.last--
			return nil, err
		}
	}
	is.request = true
	is.participants = in.participants
	channel, err := json.Marshal(obj{"value": in.channel})
	if err != nil {
		return nil, err
	}
	is.props[channelProperty] = channel
	w.file(is)
	return is, nil
}

func (w *world) checkForm(fields map[string]json.RawMessage) error {
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		if f := w.field(id); f == nil || !f.OnForm {
			return notScreened(id)
		}
	}
	for i := range w.fields {
		f := &w.fields[i]
		if raw, given := fields[f.ID]; f.OnForm && f.Required && (!given || string(raw) == "null") {
			return badField(f.ID, "%s is required.", f.Name)
		}
	}
	return nil
}

// mayRaiseFor checks the person a request is raised for.
func (w *world) mayRaiseFor(id string) error {
	a := w.accounts[id]
	if a == nil || !a.Active {
		return refuse(http.StatusBadRequest, "The user '%s' does not exist or is inactive.", id)
	}
	if !a.Customer && !a.Agent {
		return refuse(http.StatusBadRequest, "The user '%s' is not a customer of this service desk.", id)
	}
	return nil
}

// involves tells whether a customer may see the request in the portal.
func (is *issue) involves(id string) bool {
	return is.reporter == id || slices.Contains(is.participants, id) ||
		slices.ContainsFunc(is.approvals, func(a *approval) bool { return a.approver(id) != nil })
}

// sees tells whether a person may see the request through the service desk.
func (a *account) sees(is *issue) bool { return a.Agent || is.involves(a.AccountID) }
