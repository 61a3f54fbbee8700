package world

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/feed"
)

// State is what there is on the site. It is not safe for concurrent use: a World
// guards it.
type State struct {
	Settings Settings
	Workflow *Workflow
	Fields   []Field
	Accounts map[string]*LiveAccount
	People   []string
	bot      string
	Projects map[string]*Project
	Issues   map[int]*LiveIssue
	keys     map[string]*LiveIssue // every key ever used, upper case
	InOrder  []*LiveIssue          // by id
	links    []*LiveLink
	uploads  map[string]*Upload
	seq      sequence
	searches int
	repeats  int // page tokens still to be repeated
	feed     feed.Feed
	rules    []Rule
}

// sequence hands out ids; each noun has its own range so that mixing them up
// shows.
type sequence struct {
	issue, comment, change, link, remote, attachment, approval, upload, project int
}

// Project is a project. Numbers of its issues count up and are never used
// again.
type Project struct {
	ID        int
	Key, Name string
	// Properties are the project's entity properties.
	Properties map[string]json.RawMessage
	last       int
}

// SetProperty replaces the whole value of a property and tells whether it is new.
func (p *Project) SetProperty(prop Property) (created bool) {
	_, known := p.Properties[prop.Key]
	if p.Properties == nil {
		p.Properties = map[string]json.RawMessage{}
	}
	p.Properties[prop.Key] = prop.Value
	return !known
}

func newState(cfg Settings) *State {
	s := &State{
		Settings: cfg, Workflow: cfg.Workflow.clone(), Fields: siteFields(cfg.Fields),
		Accounts: map[string]*LiveAccount{}, Projects: map[string]*Project{},
		Issues: map[int]*LiveIssue{}, keys: map[string]*LiveIssue{},
		uploads: map[string]*Upload{},
		seq: sequence{issue: 10100, comment: 20100, change: 30100, link: 40100, remote: 50000,
			attachment: 60100, approval: 60, project: 10000},
	}
	s.project(cfg.ProjectKey, cfg.ProjectName)
	cfg.Bot.Active, cfg.Bot.Agent = true, true
	s.bot = s.AddAccount(cfg.Bot).AccountID
	return s
}

func next(n *int) int {
	*n++
	return *n
}

// project returns the project with the key, creating it when it is new.
func (s *State) project(key, name string) *Project {
	key = strings.ToUpper(key)
	if p := s.Projects[key]; p != nil {
		return p
	}
	p := &Project{ID: next(&s.seq.project), Key: key, Name: name}
	s.Projects[key] = p
	return p
}

// Now is the site's time; Jira stores milliseconds.
func (s *State) Now() time.Time { return s.Settings.Clock.Now().Truncate(time.Millisecond) }

// FindIssue looks an issue up by numeric id or by any key it ever had.
func (s *State) FindIssue(idOrKey string) *LiveIssue {
	if id, err := strconv.Atoi(idOrKey); err == nil {
		return s.Issues[id]
	}
	return s.keys[strings.ToUpper(idOrKey)]
}

// sorted lists all issues by project key and number.
func (s *State) sorted() []*LiveIssue {
	out := slices.Clone(s.InOrder)
	slices.SortStableFunc(out, func(a, b *LiveIssue) int {
		if c := strings.Compare(a.Project.Key, b.Project.Key); c != 0 {
			return c
		}
		return a.number - b.number
	})
	return out
}

// note tells whoever follows the site of a change.
func (s *State) note(kind, subject string) { s.feed.Add(s.Now(), kind, subject) }
