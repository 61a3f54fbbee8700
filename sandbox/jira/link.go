package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// linkType is a kind of issue link.
type linkType struct{ id, name, inward, outward string }

func linkTypes() []linkType {
	return []linkType{
		{"10000", "Blocks", "is blocked by", "blocks"},
		{"10001", "Cloners", "is cloned by", "clones"},
		{"10002", "Duplicate", "is duplicated by", "duplicates"},
		{"10003", "Relates", "relates to", "relates to"},
	}
}

func findLinkType(id, name string) *linkType {
	for _, t := range linkTypes() {
		if t.id == id || id == "" && strings.EqualFold(t.name, name) {
			return &t
		}
	}
	return nil
}

// issueLink reads "from <outward> to": with type Blocks, from blocks to. On
// the wire, from is the inwardIssue and to the outwardIssue of the create
// call, which surprises everybody.
type issueLink struct {
	id       int
	kind     linkType
	from, to *issue
}

// addLink is idempotent: a link that is already there is not doubled.
func (w *world) addLink(kind linkType, from, to *issue, author string) {
	for _, l := range w.links {
		if l.kind == kind && l.from == from && l.to == to {
			return
		}
	}
	w.links = append(w.links, &issueLink{id: next(&w.seq.link), kind: kind, from: from, to: to})
	w.record(from, author, nil, changeItem{field: "Link", kind: "jira", to: to.key, toString: "This work item " + kind.outward + " " + to.key})
	w.record(to, author, nil, changeItem{field: "Link", kind: "jira", to: from.key, toString: "This work item " + kind.inward + " " + from.key})
}

func (w *world) link(id string) *issueLink {
	for _, l := range w.links {
		if strconv.Itoa(l.id) == id {
			return l
		}
	}
	return nil
}

func (w *world) deleteLink(l *issueLink, author string) {
	w.links = slices.DeleteFunc(w.links, func(o *issueLink) bool { return o == l })
	w.record(l.from, author, nil, changeItem{field: "Link", kind: "jira", from: l.to.key, fromString: "This work item " + l.kind.outward + " " + l.to.key})
	w.record(l.to, author, nil, changeItem{field: "Link", kind: "jira", from: l.from.key, fromString: "This work item " + l.kind.inward + " " + l.from.key})
}

func (w *world) linksOf(is *issue) []*issueLink {
	var out []*issueLink
	for _, l := range w.links {
		if l.from == is || l.to == is {
			out = append(out, l)
		}
	}
	return out
}

// remoteLink is a web link. The same globalId on the same issue is the same
// link.
type remoteLink struct {
	id                     int
	globalID, relationship string
	application            json.RawMessage
	object                 map[string]any
}

// upsertRemote replaces the link with the same globalId; without one every
// call adds a link.
func (w *world) upsertRemote(is *issue, in remoteLink) (id int, created bool) {
	w.touch(is)
	for _, r := range is.remotes {
		if in.globalID != "" && r.globalID == in.globalID {
			in.id = r.id
			*r = in
			return r.id, false
		}
	}
	in.id = next(&w.seq.remote)
	is.remotes = append(is.remotes, &in)
	return in.id, true
}

func noLink() *problem {
	return refuse(http.StatusNotFound, "No issue link with that id exists.")
}
