package jira

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// obj is a JSON object under construction.
type obj = map[string]any

// world is the state of the site. It is not safe for concurrent use; Server
// guards it.
type world struct {
	cfg      *Config
	flow     *Workflow
	fields   []Field
	accounts map[string]*account
	people   []string
	bot      string
	projects map[string]*project
	issues   map[int]*issue
	keys     map[string]*issue // every key ever used, upper case
	order    []*issue          // by id
	links    []*issueLink
	uploads  map[string]*upload
	tasks    map[string]obj
	seq      sequence
	searches int
	repeats  int // page tokens still to be repeated
	changed  bool
}

// sequence hands out ids; each noun has its own range so that mixing them up
// shows.
type sequence struct {
	issue, comment, change, link, remote, attachment, approval, upload, task, project int
}

type project struct {
	id        int
	key, name string
	last      int
}

func newWorld(cfg *Config) *world {
	w := &world{
		cfg: cfg, flow: &cfg.Workflow, fields: siteFields(cfg.Fields),
		accounts: map[string]*account{}, projects: map[string]*project{},
		issues: map[int]*issue{}, keys: map[string]*issue{},
		uploads: map[string]*upload{}, tasks: map[string]obj{},
		seq: sequence{issue: 10100, comment: 20100, change: 30100, link: 40100, remote: 50000,
			attachment: 60100, approval: 60, task: 70000, project: 10000},
	}
	w.project(cfg.ProjectKey, cfg.ProjectName)
	w.bot = w.addAccount(Account{Email: cfg.BotEmail, DisplayName: cfg.BotName, Token: cfg.BotToken,
		Active: true, Agent: true, Admin: cfg.BotAdmin}).AccountID
	return w
}

func next(n *int) int {
	*n++
	return *n
}

// project returns the project with the key, creating it when it is new.
func (w *world) project(key, name string) *project {
	key = strings.ToUpper(key)
	if p := w.projects[key]; p != nil {
		return p
	}
	p := &project{id: next(&w.seq.project), key: key, name: name}
	w.projects[key] = p
	return p
}

// now is the site's time; Jira stores milliseconds.
func (w *world) now() time.Time { return w.cfg.Clock.Now().Truncate(time.Millisecond) }

// find looks an issue up by numeric id or by any key it ever had.
func (w *world) find(idOrKey string) *issue {
	if id, err := strconv.Atoi(idOrKey); err == nil {
		return w.issues[id]
	}
	return w.keys[strings.ToUpper(idOrKey)]
}

// sorted lists all issues by project key and number.
func (w *world) sorted() []*issue {
	out := slices.Clone(w.order)
	slices.SortStableFunc(out, func(a, b *issue) int {
		if c := strings.Compare(a.project.key, b.project.key); c != 0 {
			return c
		}
		return a.number - b.number
	})
	return out
}
