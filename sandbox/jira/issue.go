package jira

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// issue is one issue. Everything that JQL may ask is also kept in index.
type issue struct {
	id, number  int
	project     *project
	key         string
	kind        string // issue type id
	summary     string
	description rich
	labels      []string
	priority    string
	assignee    string
	reporter    string
	creator     string
	status      *Status
	resolution  string
	resolved    time.Time
	created     time.Time
	updated     time.Time
	recategor   time.Time
	custom      map[string]any
	// request tells a portal request from an issue without request type,
	// which the service desk API does not see.
	request      bool
	participants []string
	comments     []*comment
	props        map[string]json.RawMessage
	history      []*change
	visits       []visit
	approvals    []*approval
	remotes      []*remoteLink
	attachments  []*attachment
	index        []snapshot
}

// visit is the time the issue entered a status.
type visit struct {
	status *Status
	at     time.Time
}

// change is one entry of the changelog.
type change struct {
	id       int
	author   string
	at       time.Time
	metadata json.RawMessage
	items    []changeItem
}

type changeItem struct {
	field, fieldID, kind           string
	from, fromString, to, toString string
}

// issueTypes are the two types of the project; only the first has a portal
// form.
func issueTypes() [][2]string {
	return [][2]string{{"10021", "[System] Service request with approvals"}, {"10002", "Task"}}
}

func issueTypeName(id string) string {
	for _, t := range issueTypes() {
		if t[0] == id {
			return t[1]
		}
	}
	return ""
}

func (w *world) newIssue(p *project, kind, creator, reporter string) *issue {
	at := w.now()
	p.last++
	is := &issue{
		id: next(&w.seq.issue), number: p.last, project: p, key: fmt.Sprintf("%s-%d", p.key, p.last), kind: kind,
		priority: "3", creator: creator, reporter: reporter, status: w.flow.status(w.flow.Initial),
		created: at, updated: at, recategor: at, custom: map[string]any{}, props: map[string]json.RawMessage{},
	}
	is.visits = []visit{{is.status, at}}
	return is
}

// file makes a filled-in issue part of the site.
func (w *world) file(is *issue) {
	w.issues[is.id] = is
	w.keys[is.key] = is
	w.order = append(w.order, is)
	w.openApproval(is)
	w.touch(is)
}

// touch marks the issue as updated now and hands it to the index.
func (w *world) touch(is *issue) {
	is.updated = w.now()
	w.changed = true
	w.reindex(is)
}

// record appends to the changelog; no items, no entry.
func (w *world) record(is *issue, author string, metadata json.RawMessage, items ...changeItem) {
	if len(items) > 0 {
		is.history = append(is.history, &change{id: next(&w.seq.change), author: author, at: w.now(), metadata: metadata, items: items})
	}
	w.touch(is)
}

// enter moves the issue to a status and returns the changelog items.
func (w *world) enter(is *issue, to *Status) []changeItem {
	from := is.status
	is.status = to
	if from.Category != to.Category {
		is.recategor = w.now()
	}
	is.visits = append(is.visits, visit{to, w.now()})
	items := []changeItem{{field: "status", fieldID: "status", kind: "jira",
		from: from.ID, fromString: from.Name, to: to.ID, toString: to.Name}}
	w.openApproval(is)
	return items
}

func (w *world) setResolution(is *issue, name string) []changeItem {
	if is.resolution == name {
		return nil
	}
	item := changeItem{field: "resolution", fieldID: "resolution", kind: "jira",
		from: w.resolutionID(is.resolution), fromString: is.resolution, to: w.resolutionID(name), toString: name}
	is.resolution, is.resolved = name, w.now()
	if name == "" {
		is.resolved = time.Time{}
	}
	return []changeItem{item}
}

func (w *world) resolutionID(name string) string {
	i := slices.Index(w.cfg.Resolutions, name)
	if i < 0 {
		return ""
	}
	return strconv.Itoa(10000 + i)
}

// resolutionName accepts an id or a name.
func (w *world) resolutionName(id, name string) string {
	for _, r := range w.cfg.Resolutions {
		if id != "" && w.resolutionID(r) == id || id == "" && strings.EqualFold(r, name) {
			return r
		}
	}
	return ""
}

func (w *world) remove(is *issue) {
	delete(w.issues, is.id)
	for k, v := range w.keys {
		if v == is {
			delete(w.keys, k)
		}
	}
	w.order = slices.DeleteFunc(w.order, func(o *issue) bool { return o == is })
	w.links = slices.DeleteFunc(w.links, func(l *issueLink) bool { return l.from == is || l.to == is })
	w.changed = true
}

// move gives the issue a key in another project; the old key keeps leading to
// it.
func (w *world) move(is *issue, author string, p *project) {
	item := changeItem{field: "Key", kind: "jira", fromString: is.key}
	project := changeItem{field: "project", fieldID: "project", kind: "jira",
		from: strconv.Itoa(is.project.id), fromString: is.project.name, to: strconv.Itoa(p.id), toString: p.name}
	p.last++
	is.project, is.number, is.key = p, p.last, fmt.Sprintf("%s-%d", p.key, p.last)
	item.toString = is.key
	w.keys[is.key] = is
	w.record(is, author, nil, project, item)
}

func customNumber(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "customfield_"))
	if err != nil {
		return 0
	}
	return n
}
