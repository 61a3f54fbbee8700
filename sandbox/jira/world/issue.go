package world

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LiveIssue is one issue. Everything that JQL may ask is also kept in index.
type LiveIssue struct {
	ID, number      int
	Project         *Project
	Key             string
	TypeID          string // issue type id
	Summary         string
	description     RichText
	Labels          []string
	Priority        string
	assignee        string
	Reporter        string
	Creator         string
	Status          *Status
	Resolution      string
	Resolved        time.Time
	Created         time.Time
	Updated         time.Time
	CategoryChanged time.Time
	custom          map[string]any
	// request tells a portal request from an issue without request type,
	// which the service desk API does not see.
	Request      bool
	Archived     bool // read only, and out of every search
	Participants []string
	Comments     []*LiveComment
	Properties   map[string]json.RawMessage
	History      []*LiveChange
	Visits       []Visit
	Approvals    []*LiveApproval
	Remotes      []*LiveRemoteLink
	Attachments  []*LiveAttachment
	index        []indexEntry
}

// Visit is the time the issue entered a status.
type Visit struct {
	Status *Status
	At     time.Time
}

// LiveChange is one entry of the changelog.
type LiveChange struct {
	ID       int
	Author   string
	At       time.Time
	Metadata json.RawMessage
	Items    []ChangedField
}

// ChangedField is one field of a changelog entry: ids in From and To, what
// people read in FromString and ToString.
type ChangedField struct {
	Field, FieldID, Kind           string
	From, FromString, To, ToString string
}

// IssueTypes are the two types of the project; only the first has a portal
// form.
func IssueTypes() [][2]string {
	return [][2]string{{"10021", "[System] Service request with approvals"}, {"10002", "Task"}}
}

// Priorities are the names of the priorities; the first has the id 1.
func Priorities() []string { return []string{"Highest", "High", "Medium", "Low", "Lowest"} }

// IssueTypeName is the name of an issue type; empty if there is none.
func IssueTypeName(id string) string {
	for _, t := range IssueTypes() {
		if t[0] == id {
			return t[1]
		}
	}
	return ""
}

func (s *State) newIssue(p *Project, kind, creator, reporter string) *LiveIssue {
	at := s.Now()
	p.last++
	is := &LiveIssue{
		ID: next(&s.seq.issue), number: p.last, Project: p, Key: fmt.Sprintf("%s-%d", p.Key, p.last), TypeID: kind,
		Priority: "3", Creator: creator, Reporter: reporter, Status: s.Workflow.FindStatus(s.Workflow.Initial),
		Created: at, Updated: at, CategoryChanged: at, custom: map[string]any{}, Properties: map[string]json.RawMessage{},
	}
	is.Visits = []Visit{{is.Status, at}}
	return is
}

// CreateIssue fills in an issue before it makes it part of the site, so that a
// refusal leaves nothing behind.
func (s *State) CreateIssue(p *Project, kind, creator string, props []Property, fill func(*LiveIssue) error) (*LiveIssue, error) {
	is := s.newIssue(p, kind, creator, creator)
	if err := fill(is); err != nil {
		p.last--
		return nil, err
	}
	for _, prop := range props {
		s.SetProperty(is, prop)
	}
	s.fileIssue(is)
	return is, nil
}

// fileIssue makes a filled-in issue part of the site.
func (s *State) fileIssue(is *LiveIssue) {
	s.Issues[is.ID] = is
	s.keys[is.Key] = is
	s.InOrder = append(s.InOrder, is)
	s.note("issue.created", is.Key)
	s.openApproval(is)
	s.touch(is)
}

// touch marks the issue as updated now and hands it to the index.
func (s *State) touch(is *LiveIssue) {
	is.Updated = s.Now()
	s.note("issue.updated", is.Key)
	s.reindex(is)
}

// LogChange appends to the changelog; no items, no entry.
func (s *State) LogChange(is *LiveIssue, author string, metadata json.RawMessage, items ...ChangedField) {
	if len(items) > 0 {
		is.History = append(is.History, &LiveChange{ID: next(&s.seq.change), Author: author, At: s.Now(), Metadata: metadata, Items: items})
	}
	s.touch(is)
}

// enter moves the issue to a status and returns the changelog items.
func (s *State) enter(is *LiveIssue, to *Status) []ChangedField {
	from := is.Status
	is.Status = to
	if from.Category != to.Category {
		is.CategoryChanged = s.Now()
	}
	is.Visits = append(is.Visits, Visit{to, s.Now()})
	s.note("issue.transitioned", is.Key)
	items := []ChangedField{{Field: "status", FieldID: "status", Kind: "jira",
		From: from.ID, FromString: from.Name, To: to.ID, ToString: to.Name}}
	s.openApproval(is)
	return items
}

func (s *State) setResolution(is *LiveIssue, name string) []ChangedField {
	if is.Resolution == name {
		return nil
	}
	item := ChangedField{Field: "resolution", FieldID: "resolution", Kind: "jira",
		From: s.ResolutionID(is.Resolution), FromString: is.Resolution, To: s.ResolutionID(name), ToString: name}
	is.Resolution, is.Resolved = name, s.Now()
	if name == "" {
		is.Resolved = time.Time{}
	}
	return []ChangedField{item}
}

// ResolutionID is the id of a resolution; empty if there is none of the name.
func (s *State) ResolutionID(name string) string {
	i := slices.Index(s.Settings.Resolutions, name)
	if i < 0 {
		return ""
	}
	return strconv.Itoa(10000 + i)
}

// resolutionName accepts an id or a name.
func (s *State) resolutionName(id, name string) string {
	for _, r := range s.Settings.Resolutions {
		if id != "" && s.ResolutionID(r) == id || id == "" && strings.EqualFold(r, name) {
			return r
		}
	}
	return ""
}

// DeleteIssue deletes an issue, its keys and its links for good.
func (s *State) DeleteIssue(is *LiveIssue) {
	delete(s.Issues, is.ID)
	for k, v := range s.keys {
		if v == is {
			delete(s.keys, k)
		}
	}
	s.InOrder = slices.DeleteFunc(s.InOrder, func(o *LiveIssue) bool { return o == is })
	s.links = slices.DeleteFunc(s.links, func(l *LiveLink) bool { return l.From == is || l.To == is })
	s.note("issue.deleted", is.Key)
}

// move gives the issue a key in another project; the old key keeps leading to
// it.
func (s *State) move(is *LiveIssue, author string, p *Project) {
	item := ChangedField{Field: "Key", Kind: "jira", FromString: is.Key}
	project := ChangedField{Field: "project", FieldID: "project", Kind: "jira",
		From: strconv.Itoa(is.Project.ID), FromString: is.Project.Name, To: strconv.Itoa(p.ID), ToString: p.Name}
	p.last++
	is.Project, is.number, is.Key = p, p.last, fmt.Sprintf("%s-%d", p.Key, p.last)
	item.ToString = is.Key
	s.keys[is.Key] = is
	s.LogChange(is, author, nil, project, item)
}

// CustomNumber is the number in the id of a custom field.
func CustomNumber(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "customfield_"))
	if err != nil {
		return 0
	}
	return n
}

// SetPriority reads {"id": …} or {"name": …} and returns what changed.
func (s *State) SetPriority(is *LiveIssue, raw json.RawMessage) ([]ChangedField, error) {
	var ref struct{ ID, Name string }
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, BadField("priority", "data was not an object")
	}
	for i, name := range Priorities() {
		id := strconv.Itoa(i + 1)
		if ref.ID != id && !strings.EqualFold(ref.Name, name) {
			continue
		}
		item := ChangedField{Field: "priority", FieldID: "priority", Kind: "jira", From: is.Priority, To: id, ToString: name}
		if is.Priority == id {
			return nil, nil
		}
		is.Priority = id
		return []ChangedField{item}, nil
	}
	return nil, BadField("priority", "Priority name '%s' is not valid", ref.Name)
}

// EditOrUndo edits the fields of the issue and undoes what was done when the edit
// fails on the way.
func (is *LiveIssue) EditOrUndo(edit func() ([]ChangedField, error)) ([]ChangedField, error) {
	before := *is
	before.custom = cloneValues(is.custom)
	items, err := edit()
	if err != nil {
		*is = before
	}
	return items, err
}
