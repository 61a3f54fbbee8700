package world

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// LinkType is a kind of issue link.
type LinkType struct{ ID, Name, Inward, Outward string }

// LinkTypes are the kinds of links of the site.
func LinkTypes() []LinkType {
	return []LinkType{
		{"10000", "Blocks", "is blocked by", "blocks"},
		{"10001", "Cloners", "is cloned by", "clones"},
		{"10002", "Duplicate", "is duplicated by", "duplicates"},
		{"10003", "Relates", "relates to", "relates to"},
	}
}

// FindLinkType finds a kind of link by its id, else by its name.
func FindLinkType(id, name string) *LinkType {
	for _, t := range LinkTypes() {
		if t.ID == id || id == "" && strings.EqualFold(t.Name, name) {
			return &t
		}
	}
	return nil
}

// LiveLink reads "from <outward> to": with type Blocks, from blocks to. On
// the wire, from is the inwardIssue and to the outwardIssue of the create
// call, which surprises everybody.
type LiveLink struct {
	ID       int
	Kind     LinkType
	From, To *LiveIssue
}

// AddLink is idempotent: a link that is already there is not doubled.
func (s *State) AddLink(kind LinkType, from, to *LiveIssue, author string) {
	for _, l := range s.links {
		if l.Kind == kind && l.From == from && l.To == to {
			return
		}
	}
	s.links = append(s.links, &LiveLink{ID: next(&s.seq.link), Kind: kind, From: from, To: to})
	s.LogChange(from, author, nil, ChangedField{Field: "Link", Kind: "jira", To: to.Key, ToString: "This work item " + kind.Outward + " " + to.Key})
	s.LogChange(to, author, nil, ChangedField{Field: "Link", Kind: "jira", To: from.Key, ToString: "This work item " + kind.Inward + " " + from.Key})
}

// FindLink finds a link by its id.
func (s *State) FindLink(id string) *LiveLink {
	for _, l := range s.links {
		if strconv.Itoa(l.ID) == id {
			return l
		}
	}
	return nil
}

// DeleteLink takes a link away and logs it at both ends.
func (s *State) DeleteLink(l *LiveLink, author string) {
	s.links = slices.DeleteFunc(s.links, func(o *LiveLink) bool { return o == l })
	s.LogChange(l.From, author, nil, ChangedField{Field: "Link", Kind: "jira", From: l.To.Key, FromString: "This work item " + l.Kind.Outward + " " + l.To.Key})
	s.LogChange(l.To, author, nil, ChangedField{Field: "Link", Kind: "jira", From: l.From.Key, FromString: "This work item " + l.Kind.Inward + " " + l.From.Key})
}

// LinksOf lists the links from and to an issue.
func (s *State) LinksOf(is *LiveIssue) []*LiveLink {
	var out []*LiveLink
	for _, l := range s.links {
		if l.From == is || l.To == is {
			out = append(out, l)
		}
	}
	return out
}

// LiveRemoteLink is a web link. The same globalId on the same issue is the same
// link.
type LiveRemoteLink struct {
	ID                     int
	GlobalID, Relationship string
	Application            json.RawMessage
	Object                 map[string]any
}

// UpsertRemote replaces the link with the same globalId; without one every
// call adds a link.
func (s *State) UpsertRemote(is *LiveIssue, in LiveRemoteLink) (id int, created bool) {
	s.touch(is)
	for _, r := range is.Remotes {
		if in.GlobalID != "" && r.GlobalID == in.GlobalID {
			in.ID = r.ID
			*r = in
			return r.ID, false
		}
	}
	in.ID = next(&s.seq.remote)
	is.Remotes = append(is.Remotes, &in)
	return in.ID, true
}

// DeleteRemote takes away the web link at a position.
func (s *State) DeleteRemote(is *LiveIssue, i int) {
	is.Remotes = slices.Delete(is.Remotes, i, i+1)
	s.touch(is)
}

// NoLink refuses an id that no link has.
func NoLink() *Refusal {
	return notFound("No issue link with that id exists.")
}
