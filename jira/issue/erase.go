package issue

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/wording"
)

// Erase writes anew what Latchkey has written on the issue of a case, as far as it
// names or quotes people in a way that was erased. What stands there already as it is
// to be is not written once more. Jira's own history of the issue keeps what it was.
func (w *Writer) Erase(ctx context.Context, cs access.Case, maker access.RecordMaker) error {
	s, err := w.sites.Site(ctx)
	if err != nil {
		return err
	}
	x := erasing{w: w, s: s, cs: cs, issue: cs.Request.Issue.ID}
	if err := x.fields(ctx); err != nil {
		return err
	}
	if err := x.comments(ctx); err != nil {
		return err
	}
	if err := x.end(ctx); err != nil {
		return err
	}
	made, err := maker(cs.Request.Issue)
	if err != nil {
		return err
	}
	return w.properties.replace(ctx, x.issue, made)
}

// replace writes what an issue carries, and takes off pages beyond: they are of a time
// when there was more to say.
func (p *Properties) replace(ctx context.Context, issue string, r access.IssueRecord) error {
	p.forget(issue)
	if err := p.Put(ctx, issue, r); err != nil {
		return err
	}
	var there struct{ Keys []struct{ Key string } }
	if err := p.api.Fetch(ctx, rest.GetIssue("see what the issue carries", issue, "/properties", nil), &there); err != nil {
		return err
	}
	for _, k := range there.Keys {
		if stamp.PageNumber(k.Key) <= len(r.Pages) {
			continue
		}
		err := p.api.Send(ctx, rest.Call{Method: http.MethodDelete, Path: rest.IssuePath(issue, "/properties/", url.PathEscape(k.Key)), Needs: rest.BrowseProjects, What: "take a page of events off the issue"})
		if err != nil && rest.StatusOf(err) != http.StatusNotFound {
			return err
		}
	}
	return nil
}

// erasing is an issue that is being written anew.
type erasing struct {
	w     *Writer
	s     *site.Site
	cs    access.Case
	issue string
}

// fields writes summary, description and reason anew, of an issue that Latchkey made.
// What somebody typed into the portal's form is theirs.
func (x erasing) fields(ctx context.Context) error {
	opened, ok := x.cs.Last(access.EventSubmitted)
	told, hidden := x.cs.As(x.cs.Request.Created)
	if wording.AskedInJira(x.cs) || !hidden && !(ok && opened.Erased) {
		return nil
	}
	all, _ := FormValues(x.s.Form, told, wording.Description(told, false))
	return x.put(ctx, all)
}

// put writes what people read of a filled in form, of an issue that Latchkey made.
func (x erasing) put(ctx context.Context, all map[string]any) error {
	values := map[string]any{"summary": all["summary"], "description": all["description"]}
	if id := x.s.Form.Mapped[site.FieldReason]; id != "" && all[id] != nil {
		values[id] = all[id]
	}
	return x.w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(x.issue), Needs: rest.EditIssues, What: "erase names and words from the issue",
		Body: map[string]any{"fields": values}})
}

// comments goes through all comments that Latchkey wrote.
func (x erasing) comments(ctx context.Context) error {
	pages := rest.Pages{What: "read the comments"}
	for page := 0; ; page++ {
		var answer rest.CommentPage
		query := url.Values{"expand": {"properties"}, "orderBy": {"created"},
			"startAt": {strconv.Itoa(page * rest.CommentsAtOnce)}, "maxResults": {strconv.Itoa(rest.CommentsAtOnce)}}
		if err := x.w.api.Fetch(ctx, rest.GetIssue("read the comments", x.issue, "/comment", query), &answer); err != nil {
			return err
		}
		for _, c := range answer.Comments {
			if err := x.comment(ctx, c); err != nil {
				return err
			}
		}
		if len(answer.Comments) == 0 || (page+1)*rest.CommentsAtOnce >= answer.Total {
			return nil
		}
		if err := pages.Turn(idsOf(answer.Comments), ""); err != nil {
			return err
		}
	}
}

// comment writes one comment anew, if there is anything to erase in it.
func (x erasing) comment(ctx context.Context, c rest.Comment) error {
	mark, ours := stamp.On(c)
	if !ours || c.Author.AccountID != x.s.AccountID {
		return nil
	}
	text, change := x.text(mark, c)
	if !change || adf.DocumentText(c.Body) == text.Text() {
		return nil
	}
	body := map[string]any{"body": text} // a body alone keeps who can read it
	k := rest.Call{Method: http.MethodPut, Path: rest.IssuePath(x.issue, "/comment/", url.PathEscape(c.ID)), Query: url.Values{"notifyUsers": {"false"}},
		Body: body, What: "erase names and words from a comment"}
	answer, err := x.w.api.Do(ctx, k)
	if err != nil {
		return err
	}
	var now rest.Comment
	if err := json.Unmarshal(answer, &now); err != nil || now.ID == "" {
		return x.w.api.Unreadable(k, errors.New("the answer names no comment"))
	}
	if now.Public() && !c.Public() {
		return rest.Fault("Jira shows customers a comment that was for agents only, after Latchkey had changed its text: look at the comments of %s", x.cs.Request.Issue.Key)
	}
	return nil
}

// about are the events that a comment is about, told as it was when the last of them happened;
// hidden is whether anything of them was erased.
func (x erasing) about(mark stamp.Stamp, e access.Event) (all []access.Event, told access.Case, hidden bool) {
	for _, other := range x.cs.Story {
		if slices.ContainsFunc(mark.With, func(a stamp.About) bool { return a.ID == other.ID }) {
			all, hidden = append(all, other), hidden || other.Erased
		}
	}
	told, named := x.cs.As(e.At)
	return append(all, e), told, hidden || e.Erased || named
}

// text is what a comment says without what was erased; change is false where nothing
// of it was.
func (x erasing) text(mark stamp.Stamp, c rest.Comment) (text adf.Document, change bool) {
	i := slices.IndexFunc(x.cs.Story, func(e access.Event) bool { return e.ID == mark.ID })
	if i < 0 {
		_, hidden := x.cs.As(rest.ParseTime(c.Created))
		return adf.New(adf.Paragraph(adf.Text("What stood here was erased."))), hidden && !strings.HasSuffix(mark.ID, movedSuffix)
	}
	e := x.cs.Story[i]
	all, told, hidden := x.about(mark, e)
	if !hidden {
		return adf.Document{}, false
	}
	note, err := wording.ForEvents(told, all)
	text = note.Internal
	if mark.Audience == stamp.Customer {
		text = note.Public
	}
	if mark.Audience == stamp.Customer && text.Empty() && (e.Kind == access.EventApproved || e.Kind == access.EventBreakGlass || e.Kind == access.EventIssueOpened) {
		text = wording.Late(told)
	}
	if err != nil || text.Empty() {
		text = adf.New(adf.Paragraph(adf.Text("What stood here was erased.")))
	}
	return text, true
}
