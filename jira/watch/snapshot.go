package watch

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// issueAnswer is an issue as the platform answers it. Custom fields are read when
// it is known what they hold.
type issueAnswer struct {
	ID, Key    string
	Fields     map[string]json.RawMessage
	Properties map[string]json.RawMessage
}

// history is one entry of an issue's changelog.
type history struct {
	ID      string
	Author  rest.User
	Created json.RawMessage // a date, or milliseconds in bulk answers
	Items   []struct {
		Field, FieldID       string
		From, To             string
		FromString, ToString string
	}
}

// snapshotFields are the fields a snapshot is made of.
func snapshotFields(s *site.Site) []string {
	out := []string{"summary", "description", "status", "reporter", "creator", "created", "updated", "comment"}
	for _, id := range []string{s.RequestTypeField, s.ApprovalsField} {
		if id != "" {
			out = append(out, id)
		}
	}
	for _, id := range s.Form.Mapped {
		out = append(out, id)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func field[T any](is issueAnswer, id string) T {
	var v T
	if raw, ok := is.Fields[id]; ok && id != "" {
		if err := json.Unmarshal(raw, &v); err != nil {
			var none T
			return none // a shape Latchkey doesn't know says nothing
		}
	}
	return v
}

func (is issueAnswer) status() site.Status { return field[site.Status](is, "status") }

// issueSnapshot makes what Jira answers about an issue a snapshot.
func issueSnapshot(s *site.Site, is issueAnswer, log []history) access.IssueSnapshot {
	at := is.status()
	out := access.IssueSnapshot{
		Issue:    s.Issue(is.ID, is.Key),
		Updated:  rest.ParseTime(field[string](is, "updated")),
		Own:      field[rest.User](is, "creator").AccountID == s.AccountID,
		Portal:   isPortal(s, is),
		Reporter: field[rest.User](is, "reporter").Account(),
		Creator:  field[rest.User](is, "creator").Account(),
		Status:   at.Name, Phases: s.Phases(at.ID),
		Form:  portalForm(s, is),
		Votes: votes(s, is),
		State: stamp.ReadText(is.Properties[stamp.StateProperty]),
	}
	out.Issue.Creator = out.Creator.ID
	for _, h := range log {
		out.Changes = append(out.Changes, changesIn(s, h)...)
	}
	slices.SortStableFunc(out.Changes, func(a, b access.Change) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range field[rest.CommentPage](is, "comment").Comments {
		if m.Author.AccountID == s.AccountID {
			out.OwnComments = append(out.OwnComments, m.ID)
			continue
		}
		out.Comments = append(out.Comments, commentOf(m))
	}
	return out
}

// isPortal tells whether the issue is a request of the configured type. A site
// without the field of request types has no way to tell.
func isPortal(s *site.Site, is issueAnswer) bool {
	v := field[struct{ RequestType struct{ ID string } }](is, s.RequestTypeField)
	return v.RequestType.ID == s.Form.RequestType
}

func commentOf(m rest.Comment) access.Comment {
	id, _ := strconv.ParseUint(m.ID, 10, 64) // zero, which is always dealt with, for what is no number
	return access.Comment{ID: id, At: rest.ParseTime(m.Created), By: m.Author.Account(), Text: adf.FieldText(m.Body), Public: m.Public(), Changed: changed(m)}
}

// changed tells whether somebody changed a comment after it was written.
func changed(m rest.Comment) bool {
	return m.UpdateAuthor.AccountID != m.Author.AccountID || m.Updated != "" && !rest.ParseTime(m.Updated).Equal(rest.ParseTime(m.Created))
}

// changesIn are the fields that somebody else changed and that mean something.
func changesIn(s *site.Site, h history) []access.Change {
	id, err := strconv.ParseUint(h.ID, 10, 64)
	if err != nil || h.Author.AccountID == s.AccountID {
		return nil
	}
	var out []access.Change
	for _, it := range h.Items {
		ch := access.Change{ID: id, At: rest.ParseAnyTime(h.Created), By: h.Author.Account(), From: it.FromString, To: it.ToString}
		switch what := meaningOf(s, it.FieldID, it.Field); what {
		case "":
			continue
		case "status":
			ch.Was, ch.Is = s.Phases(it.From), s.Phases(it.To)
			fallthrough
		default:
			ch.Field = what
		}
		out = append(out, ch)
	}
	return out
}

// meaningOf is what Latchkey keeps in a field; "" for fields that are nobody's
// business.
func meaningOf(s *site.Site, id, name string) string {
	switch {
	case id == "status" || id == "" && strings.EqualFold(name, "status"):
		return "status"
	case strings.EqualFold(name, "Key"):
		return "key"
	case id == "summary", id == "description", id == "reporter":
		return id
	case id != "" && id == s.UntilField:
		return site.FieldUntil
	case id != "" && id == s.ApproversField:
		return site.FieldApprovers
	case id != "" && id == s.WaitingField:
		return site.FieldWaiting
	case id != "" && id == s.DecidedField:
		return site.FieldDecided
	}
	for _, key := range slices.Sorted(maps.Keys(s.Form.Mapped)) {
		if id != "" && id == s.Form.Mapped[key] {
			return key
		}
	}
	return ""
}

// allComments reads on where the issue came with a part of its comments only.
func (r *Reader) allComments(ctx context.Context, is *issueAnswer) error {
	have := field[rest.CommentPage](*is, "comment")
	if len(have.Comments) >= have.Total {
		return nil
	}
	have.Comments = nil
	for pages := (rest.Pages{What: "read the comments"}); len(have.Comments) < have.Total; {
		var more rest.CommentPage
		query := url.Values{"orderBy": {"created"}, "startAt": {strconv.Itoa(len(have.Comments))}, "maxResults": {strconv.Itoa(rest.CommentsAtOnce)}}
		if err := r.api.Fetch(ctx, rest.GetIssue("read the comments", is.ID, "/comment", query), &more); err != nil {
			return err
		}
		if have.Total = more.Total; len(more.Comments) == 0 {
			break
		}
		if err := pages.Turn(commentIDs(more.Comments), ""); err != nil {
			return err
		}
		have.Comments = append(have.Comments, more.Comments...)
	}
	raw, err := json.Marshal(have)
	if err == nil {
		is.Fields["comment"] = raw
	}
	return nil
}
