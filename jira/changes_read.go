package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
)

// seenIssue is an issue as the platform answers it. Custom fields are read when
// it is known what they hold.
type seenIssue struct {
	ID, Key    string
	Fields     map[string]json.RawMessage
	Properties map[string]json.RawMessage
}

// history is one entry of an issue's changelog.
type history struct {
	ID      string
	Author  user
	Created json.RawMessage // a date, or milliseconds in bulk answers
	Items   []struct {
		Field, FieldID       string
		From, To             string
		FromString, ToString string
	}
}

type seenComment struct {
	ID        string
	Author    user
	Created   string
	Body      json.RawMessage
	JSDPublic *bool
}

type seenComments struct {
	Total    int
	Comments []seenComment
}

// snapshotFields are the fields a snapshot is made of.
func (s *site) snapshotFields() []string {
	out := []string{"summary", "description", "status", "reporter", "creator", "created", "updated", "comment"}
	for _, id := range []string{s.requestType, s.approvals} {
		if id != "" {
			out = append(out, id)
		}
	}
	for _, id := range s.form.custom {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func field[T any](is seenIssue, id string) T {
	var v T
	if raw, ok := is.Fields[id]; ok && id != "" {
		if err := json.Unmarshal(raw, &v); err != nil {
			var none T
			return none // a shape Latchkey doesn't know says nothing
		}
	}
	return v
}

func (is seenIssue) status() state { return field[state](is, "status") }

// issueSnapshot words an issue as facts.
func (s *site) issueSnapshot(is seenIssue, log []history) access.IssueSnapshot {
	at := is.status()
	out := access.IssueSnapshot{
		Issue:    access.Issue{ID: is.ID, Key: is.Key, URL: s.link(is.Key)},
		Updated:  dated(field[string](is, "updated")),
		Own:      field[user](is, "creator").AccountID == s.me,
		Portal:   s.isPortal(is),
		Reporter: field[user](is, "reporter").account(),
		Status:   at.Name, Phases: s.phases(at.ID),
		Form:  s.filled(is),
		Votes: s.votes(is),
		State: propertyText(is.Properties[stateProperty]),
	}
	for _, h := range log {
		out.Changes = append(out.Changes, s.changes(h)...)
	}
	slices.SortStableFunc(out.Changes, func(a, b access.Change) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range field[seenComments](is, "comment").Comments {
		if m.Author.AccountID == s.me {
			out.OwnComments = append(out.OwnComments, m.ID)
			continue
		}
		out.Comments = append(out.Comments, m.comment())
	}
	return out
}

// isPortal tells whether the issue is a request of the configured type. A site
// without the field of request types has no way to tell.
func (s *site) isPortal(is seenIssue) bool {
	v := field[struct{ RequestType struct{ ID string } }](is, s.requestType)
	return v.RequestType.ID == s.form.requestType
}

func (u user) account() access.Account {
	return access.Account{ID: u.AccountID, Email: access.NewEmail(u.EmailAddress), Name: oneLine(u.DisplayName), Active: u.Active}
}

func (m seenComment) comment() access.Comment {
	id, _ := strconv.ParseUint(m.ID, 10, 64) // zero, which is always dealt with, for what is no number
	return access.Comment{ID: id, At: dated(m.Created), By: m.Author.account(), Text: readable(m.Body), Public: m.JSDPublic == nil || *m.JSDPublic}
}

// changes are the fields that somebody else changed and that mean something.
func (s *site) changes(h history) []access.Change {
	id, err := strconv.ParseUint(h.ID, 10, 64)
	if err != nil || h.Author.AccountID == s.me {
		return nil
	}
	var out []access.Change
	for _, it := range h.Items {
		ch := access.Change{ID: id, At: when(h.Created), By: h.Author.account(), From: it.FromString, To: it.ToString}
		switch what := s.means(it.FieldID, it.Field); what {
		case "":
			continue
		case "status":
			ch.Was, ch.Is = s.phases(it.From), s.phases(it.To)
			fallthrough
		default:
			ch.Field = what
		}
		out = append(out, ch)
	}
	return out
}

// means is what Latchkey keeps in a field; "" for fields that are nobody's
// business.
func (s *site) means(id, name string) string {
	switch {
	case id == "status" || id == "" && strings.EqualFold(name, "status"):
		return "status"
	case strings.EqualFold(name, "Key"):
		return "key"
	case id == "summary", id == "description", id == "reporter":
		return id
	case id != "" && id == s.until:
		return fieldUntil
	case id != "" && id == s.approvers:
		return fieldApprovers
	}
	for key, own := range s.form.custom {
		if id != "" && id == own {
			return key
		}
	}
	return ""
}

// phases are what a status stands for. Several may share one.
func (s *site) phases(id string) []access.Phase {
	var out []access.Phase
	for _, key := range Keys() {
		if s.statuses[key].ID == id && id != "" {
			out = append(out, phasesOf(key)...)
		}
	}
	return out
}

func phasesOf(key string) []access.Phase {
	return map[string][]access.Phase{
		Pending: {access.PhaseDeciding}, Approved: {access.PhasePreparing}, Manual: {access.PhaseManual},
		Granted: {access.PhaseGranted, access.PhaseRemoving}, Stuck: {access.PhaseStuck},
		Declined: {access.PhaseDenied}, Withdrawn: {access.PhaseWithdrawn}, Closed: {access.PhaseClosed},
	}[key]
}

// allComments reads on where the issue came with a part of its comments only.
func (c *Client) allComments(ctx context.Context, is *seenIssue) error {
	have := field[seenComments](*is, "comment")
	for page := 0; len(have.Comments) < have.Total && page < commentPages; page++ {
		if page == 0 {
			have.Comments = nil
		}
		var more seenComments
		query := url.Values{"orderBy": {"created"}, "startAt": {strconv.Itoa(len(have.Comments))}, "maxResults": {strconv.Itoa(commentPage)}}
		if err := c.ask(ctx, get("read the comments", issuePath(is.ID, "/comment"), query), &more); err != nil {
			return err
		}
		if have.Total = more.Total; len(more.Comments) == 0 {
			break
		}
		have.Comments = append(have.Comments, more.Comments...)
	}
	raw, err := json.Marshal(have)
	if err == nil {
		is.Fields["comment"] = raw
	}
	return nil
}

// dated reads one of Jira's dates; the zero time if it is none.
func dated(s string) time.Time {
	at, err := time.Parse(jiraTime, s)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// when reads a date that may come as milliseconds.
func when(raw json.RawMessage) time.Time {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return dated(text)
	}
	var millis int64
	if json.Unmarshal(raw, &millis) == nil {
		return time.UnixMilli(millis).UTC()
	}
	return time.Time{}
}
