package world

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Issue is a copy of an issue for people who look at it. People are account
// ids; texts are plain.
type Issue struct {
	Key, ID              string
	Summary, Description string
	Status, StatusID     string
	Resolution           string
	Reporter, Creator    string
	Assignee             string
	Labels               []string
	Participants         []string
	// Request tells whether the portal shows the issue.
	Request     bool
	Fields      map[string]string // custom fields as text
	Comments    []Comment
	Properties  map[string]json.RawMessage
	History     []Change
	Links       []Link
	RemoteLinks []RemoteLink
	Attachments []Attachment
	Approvals   []Approval
	Created     time.Time
	Updated     time.Time
}

// Comment is one comment. Public comments are seen by customers.
type Comment struct {
	ID, Author, Text string
	Public           bool
	Properties       map[string]json.RawMessage
	Created          time.Time
}

// Change is one changed field of one changelog entry.
type Change struct {
	Author, Field, From, To string
	At                      time.Time
	// Metadata is the historyMetadata of the write, if it had any.
	Metadata json.RawMessage
}

// Link is a link as it reads from the issue: Phrase, then Key.
type Link struct{ ID, Type, Phrase, Key string }

// RemoteLink is a web link.
type RemoteLink struct{ GlobalID, URL, Title string }

// Attachment is an attached file.
type Attachment struct {
	ID, Name, MimeType string
	Data               []byte
}

// Approval is a service desk approval. Decisions are "approved", "declined" or
// "pending", by account id.
type Approval struct {
	ID, Name, Final string
	Decisions       map[string]string
}

// Issue returns the issue with the key or id; any key it ever had will do.
func (w *World) Issue(key string) (Issue, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	is := w.state.FindIssue(key)
	if is == nil {
		return Issue{}, false
	}
	return w.state.view(is), true
}

// Issues returns all issues by project key and number.
func (w *World) Issues() []Issue {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.allIssues()
}

func (s *State) allIssues() []Issue {
	var out []Issue
	for _, is := range s.sorted() {
		out = append(out, s.view(is))
	}
	return out
}

func (s *State) view(is *LiveIssue) Issue {
	v := Issue{Key: is.Key, ID: strconv.Itoa(is.ID), Summary: is.Summary, Description: is.description.Text,
		Status: is.Status.Name, StatusID: is.Status.ID, Resolution: is.Resolution, Reporter: is.Reporter, Creator: is.Creator, Assignee: is.assignee,
		Labels: slices.Clone(is.Labels), Participants: slices.Clone(is.Participants), Request: is.Request,
		Fields: map[string]string{}, Properties: maps.Clone(is.Properties), Created: is.Created, Updated: is.Updated}
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Custom != "" && is.custom[f.ID] != nil {
			_, v.Fields[f.ID] = s.written(is, f)
		}
	}
	for _, m := range is.Comments {
		v.Comments = append(v.Comments, Comment{strconv.Itoa(m.ID), m.Author, m.Body.Text, m.Public, maps.Clone(m.Properties), m.Created})
	}
	s.viewTrail(is, &v)
	return v
}

func (s *State) viewTrail(is *LiveIssue, v *Issue) {
	for _, h := range is.History {
		for _, it := range h.Items {
			v.History = append(v.History, Change{h.Author, it.Field, it.FromString, it.ToString, h.At, h.Metadata})
		}
	}
	for _, l := range s.LinksOf(is) {
		phrase, other := l.Kind.Outward, l.To
		if l.To == is {
			phrase, other = l.Kind.Inward, l.From
		}
		v.Links = append(v.Links, Link{strconv.Itoa(l.ID), l.Kind.Name, phrase, other.Key})
	}
	for _, r := range is.Remotes {
		url, _ := r.Object["url"].(string)
		title, _ := r.Object["title"].(string)
		v.RemoteLinks = append(v.RemoteLinks, RemoteLink{r.GlobalID, url, title})
	}
	for _, a := range is.Attachments {
		v.Attachments = append(v.Attachments, Attachment{strconv.Itoa(a.ID), a.Name, a.MimeType, slices.Clone(a.Data)})
	}
	for _, a := range is.Approvals {
		one := Approval{ID: strconv.Itoa(a.ID), Name: a.Status.Name, Final: a.Final, Decisions: map[string]string{}}
		for _, p := range a.Approvers {
			one.Decisions[p.Account] = p.Decision
		}
		v.Approvals = append(v.Approvals, one)
	}
}

// Render shows the issue as text, with names instead of account ids.
func (w *World) Render(is Issue) string {
	name := w.nameOf()
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", is.Key, is.Summary)
	status := is.Status
	if is.Resolution != "" {
		status += " (" + is.Resolution + ")"
	}
	fmt.Fprintf(&b, "Status: %s\nReporter: %s\n", status, name(is.Reporter))
	if is.Creator != is.Reporter {
		fmt.Fprintf(&b, "Raised by: %s\n", name(is.Creator))
	}
	if len(is.Labels) > 0 {
		fmt.Fprintf(&b, "Labels: %s\n", strings.Join(is.Labels, ", "))
	}
	for _, l := range is.Links {
		fmt.Fprintf(&b, "Link: %s %s\n", l.Phrase, l.Key)
	}
	if is.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", is.Description)
	}
	for _, m := range is.Comments {
		audience := "internal"
		if m.Public {
			audience = "public"
		}
		fmt.Fprintf(&b, "\n%s · %s · %s\n%s\n", m.Created.UTC().Format("2006-01-02 15:04"), name(m.Author), audience, m.Text)
	}
	return b.String()
}

// nameOf returns a lookup from account id to display name.
func (w *World) nameOf() func(string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	names := make(map[string]string, len(w.state.Accounts))
	for id, a := range w.state.Accounts {
		names[id] = a.name()
	}
	return func(id string) string {
		if n := names[id]; n != "" {
			return n
		}
		return id
	}
}
