package jira

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
	Status, Resolution   string
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
func (s *Server) Issue(key string) (Issue, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	is := s.world.find(key)
	if is == nil {
		return Issue{}, false
	}
	return s.world.view(is), true
}

// Issues returns all issues by project key and number.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Issue
	for _, is := range s.world.sorted() {
		out = append(out, s.world.view(is))
	}
	return out
}

func (w *world) view(is *issue) Issue {
	v := Issue{Key: is.key, ID: strconv.Itoa(is.id), Summary: is.summary, Description: is.description.text,
		Status: is.status.Name, Resolution: is.resolution, Reporter: is.reporter, Creator: is.creator, Assignee: is.assignee,
		Labels: slices.Clone(is.labels), Participants: slices.Clone(is.participants), Request: is.request,
		Fields: map[string]string{}, Properties: maps.Clone(is.props), Created: is.created, Updated: is.updated}
	for i := range w.fields {
		if f := &w.fields[i]; f.Custom != "" && is.custom[f.ID] != nil {
			_, v.Fields[f.ID] = w.written(is, f)
		}
	}
	for _, m := range is.comments {
		v.Comments = append(v.Comments, Comment{strconv.Itoa(m.id), m.author, m.body.text, m.public, maps.Clone(m.props), m.created})
	}
	w.viewTrail(is, &v)
	return v
}

func (w *world) viewTrail(is *issue, v *Issue) {
	for _, h := range is.history {
		for _, it := range h.items {
			v.History = append(v.History, Change{h.author, it.field, it.fromString, it.toString, h.at, h.metadata})
		}
	}
	for _, l := range w.linksOf(is) {
		phrase, other := l.kind.outward, l.to
		if l.to == is {
			phrase, other = l.kind.inward, l.from
		}
		v.Links = append(v.Links, Link{strconv.Itoa(l.id), l.kind.name, phrase, other.key})
	}
	for _, r := range is.remotes {
		url, _ := r.object["url"].(string)
		title, _ := r.object["title"].(string)
		v.RemoteLinks = append(v.RemoteLinks, RemoteLink{r.globalID, url, title})
	}
	for _, a := range is.attachments {
		v.Attachments = append(v.Attachments, Attachment{strconv.Itoa(a.id), a.name, a.mimeType, slices.Clone(a.data)})
	}
	for _, a := range is.approvals {
		one := Approval{ID: strconv.Itoa(a.id), Name: a.status.Name, Final: a.final, Decisions: map[string]string{}}
		for _, p := range a.approvers {
			one.Decisions[p.account] = p.decision
		}
		v.Approvals = append(v.Approvals, one)
	}
}

// Render shows the issue as text, with names instead of account ids.
func (s *Server) Render(is Issue) string {
	name := s.nameOf()
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
func (s *Server) nameOf() func(string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make(map[string]string, len(s.world.accounts))
	for id, a := range s.world.accounts {
		names[id] = a.name()
	}
	return func(id string) string {
		if n := names[id]; n != "" {
			return n
		}
		return id
	}
}
