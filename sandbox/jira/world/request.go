package world

import (
	"encoding/json"
	"maps"
	"slices"
)

// channelProperty is the vendor's own property on every request.
const channelProperty = "request.channel.type"

// RequestInput is a customer request as asked for.
type RequestInput struct {
	Creator, Reporter string
	Participants      []string
	Fields            map[string]json.RawMessage
	Dialect           Dialect
	Channel           string
}

// RaiseRequest creates a customer request. Only fields of the form may be given, and
// required ones must be.
func (s *State) RaiseRequest(in RequestInput) (*LiveIssue, error) {
	p := s.project(s.Settings.ProjectKey, s.Settings.ProjectName)
	if err := s.checkForm(in.Fields); err != nil {
		return nil, err
	}
	is := s.newIssue(p, IssueTypes()[0][0], in.Creator, in.Reporter)
	for _, id := range slices.Sorted(maps.Keys(in.Fields)) {
		if _, err := s.SetField(is, s.FieldByID(id), in.Fields[id], in.Dialect); err != nil {
			p.last--
			return nil, err
		}
	}
	is.Request = true
	is.Participants = in.Participants
	channel, err := json.Marshal(map[string]string{"value": in.Channel})
	if err != nil {
		return nil, err
	}
	is.Properties[channelProperty] = channel
	s.fileIssue(is)
	return is, nil
}

func (s *State) checkForm(fields map[string]json.RawMessage) error {
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		if f := s.FieldByID(id); f == nil || !f.OnForm {
			return NotScreened(id)
		}
	}
	for i := range s.Fields {
		f := &s.Fields[i]
		if raw, given := fields[f.ID]; f.OnForm && f.Required && (!given || string(raw) == "null") {
			return BadField(f.ID, "%s is required.", f.Name)
		}
	}
	return nil
}

// MayRaiseFor checks the person a request is raised for.
func (s *State) MayRaiseFor(id string) error {
	a := s.Accounts[id]
	if a == nil || !a.Active {
		return invalid("The user '%s' does not exist or is inactive.", id)
	}
	if !a.Customer && !a.Agent {
		return invalid("The user '%s' is not a customer of this service desk.", id)
	}
	return nil
}

// Involves tells whether a customer may see the request in the portal.
func (is *LiveIssue) Involves(id string) bool {
	return is.Reporter == id || slices.Contains(is.Participants, id) ||
		slices.ContainsFunc(is.Approvals, func(a *LiveApproval) bool { return a.Approver(id) != nil })
}

// SeesRequest tells whether a person may see the request through the service desk.
func (a *LiveAccount) SeesRequest(is *LiveIssue) bool { return a.Agent || is.Involves(a.AccountID) }

// SetParticipants adds people to a request or takes them off it.
func (s *State) SetParticipants(is *LiveIssue, ids []string, add bool) {
	for _, id := range ids {
		is.Participants = slices.DeleteFunc(is.Participants, func(p string) bool { return p == id })
		if add {
			is.Participants = append(is.Participants, id)
		}
	}
	s.touch(is)
}
