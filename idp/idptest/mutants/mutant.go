package mutants

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"latchkey/idp"
	"latchkey/idp/idptest"
)

// mutant is a directory around another one that keeps all of its promises but one: each call is a function that a
// mutation may put another one in the place of.
type mutant struct {
	idp.Directory
	world  *idptest.World // whose directory it is
	struck atomic.Int64   // how often it answered otherwise than the directory under it

	find      func(ctx context.Context, address string) (idp.Person, error)
	person    func(ctx context.Context, id string) (idp.Person, error)
	findGroup func(ctx context.Context, name string) (idp.Group, error)
	group     func(ctx context.Context, id string) (idp.Group, error)
	members   func(ctx context.Context, group string) (idp.Listing, error)
	add       func(ctx context.Context, group, person string) error
	remove    func(ctx context.Context, group, person string) error

	isMember func(ctx context.Context, group, person string) (bool, error)
	usage    func(ctx context.Context, app string) (idp.Usage, error)
	groups   func(ctx context.Context, prefix string) ([]idp.Group, error)
	people   func(ctx context.Context) iter.Seq2[idp.Person, error]
	managed  func(ctx context.Context) iter.Seq2[idp.Person, error]
	probe    func(ctx context.Context) ([]idp.Finding, error)
	end      func(ctx context.Context, person string) error
	expire   func(ctx context.Context, group, person string, at time.Time) error
	log      func(ctx context.Context, from idp.LogPosition) (idp.LogPage, error)
	roles    func(ctx context.Context, group string) ([]string, error)
	apps     func(ctx context.Context) ([]idp.App, error)
	assigned func(ctx context.Context, app string) (idp.Assignments, error)
	sizes    func(ctx context.Context, groups []string) (map[string]int, error)
	delay    func() time.Duration
}

// newMutant is a mutant without a fault yet.
func newMutant(w *idptest.World) *mutant {
	d := w.Directory
	m := &mutant{
		Directory: d, world: w, find: d.FindPerson, person: d.Person, findGroup: d.FindGroup, group: d.Group,
		members: d.Members, add: d.Add, remove: d.Remove,
	}
	if c, able := idp.As[idp.MemberChecker](d); able {
		m.isMember = c.IsMember
	}
	if c, able := idp.As[idp.UsageReporter](d); able {
		m.usage = c.Usage
	}
	if c, able := idp.As[idp.Lister](d); able {
		m.groups = c.Groups
	}
	if c, able := idp.As[idp.PeopleLister](d); able {
		m.people = c.People
	}
	if c, able := idp.As[idp.ManagerLister](d); able {
		m.managed = c.PeopleAndManagers
	}
	if c, able := idp.As[idp.Prober](d); able {
		m.probe = c.Probe
	}
	m.more(d)
	return m
}

func (m *mutant) more(d idp.Directory) {
	if c, able := idp.As[idp.SessionEnder](d); able {
		m.end = c.EndSessions
	}
	if c, able := idp.As[idp.Expirer](d); able {
		m.expire = c.Expire
	}
	if c, able := idp.As[idp.AccountLog](d); able {
		m.log, m.delay = c.ReadLog, c.LogDelay
	}
	if c, able := idp.As[idp.AdminGroups](d); able {
		m.roles = c.AdminRoles
	}
	if c, able := idp.As[idp.AppLister](d); able {
		m.apps, m.assigned = c.Apps, c.Assignments
	}
	if c, able := idp.As[idp.GroupSizer](d); able {
		m.sizes = c.GroupSizes
	}
}

// As gives the capabilities that the directory under it has.
func (m *mutant) As(target any) bool {
	switch to := target.(type) {
	case *idp.MemberChecker:
		return give(to, idp.MemberChecker(mutantChecker{m}), m.isMember != nil)
	case *idp.UsageReporter:
		return give(to, idp.UsageReporter(mutantReporter{m}), m.usage != nil)
	case *idp.Lister:
		return give(to, idp.Lister(mutantLister{m}), m.groups != nil)
	case *idp.PeopleLister:
		return give(to, idp.PeopleLister(mutantPeople{m}), m.people != nil)
	case *idp.ManagerLister:
		return give(to, idp.ManagerLister(mutantPeople{m}), m.managed != nil)
	case *idp.Prober:
		return give(to, idp.Prober(mutantProber{m}), m.probe != nil)
	case *idp.SessionEnder:
		return give(to, idp.SessionEnder(mutantSessions{m}), m.end != nil)
	case *idp.Expirer:
		return give(to, idp.Expirer(mutantExpirer{m}), m.expire != nil)
	case *idp.AccountLog:
		return give(to, idp.AccountLog(mutantLog{m}), m.log != nil)
	case *idp.AdminGroups:
		return give(to, idp.AdminGroups(mutantAdmins{m}), m.roles != nil)
	case *idp.AppLister:
		return give(to, idp.AppLister(mutantApps{m}), m.apps != nil)
	case *idp.GroupSizer:
		return give(to, idp.GroupSizer(mutantSizes{m}), m.sizes != nil)
	}
	return false
}

func give[T any](to *T, capability T, able bool) bool {
	if able {
		*to = capability
	}
	return able
}

// FindPerson implements idp.Directory.
func (m *mutant) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	return m.find(ctx, address)
}

// Person implements idp.Directory.
func (m *mutant) Person(ctx context.Context, id string) (idp.Person, error) { return m.person(ctx, id) }

// FindGroup implements idp.Directory.
func (m *mutant) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return m.findGroup(ctx, name)
}

// Group implements idp.Directory.
func (m *mutant) Group(ctx context.Context, id string) (idp.Group, error) { return m.group(ctx, id) }

// Members implements idp.Directory.
func (m *mutant) Members(ctx context.Context, group string) (idp.Listing, error) {
	return m.members(ctx, group)
}

// Add implements idp.Directory.
func (m *mutant) Add(ctx context.Context, group, person string) error {
	return m.add(ctx, group, person)
}

// Remove implements idp.Directory.
func (m *mutant) Remove(ctx context.Context, group, person string) error {
	return m.remove(ctx, group, person)
}

type (
	mutantChecker  struct{ m *mutant }
	mutantReporter struct{ m *mutant }
	mutantLister   struct{ m *mutant }
	mutantPeople   struct{ m *mutant }
	mutantProber   struct{ m *mutant }
	mutantSessions struct{ m *mutant }
	mutantExpirer  struct{ m *mutant }
	mutantLog      struct{ m *mutant }
	mutantAdmins   struct{ m *mutant }
	mutantApps     struct{ m *mutant }
	mutantSizes    struct{ m *mutant }
)

// IsMember implements idp.MemberChecker.
func (c mutantChecker) IsMember(ctx context.Context, group, person string) (bool, error) {
	return c.m.isMember(ctx, group, person)
}

// Usage implements idp.UsageReporter.
func (c mutantReporter) Usage(ctx context.Context, app string) (idp.Usage, error) {
	return c.m.usage(ctx, app)
}

// Groups implements idp.Lister.
func (c mutantLister) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	return c.m.groups(ctx, prefix)
}

// People implements idp.PeopleLister.
func (c mutantPeople) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return c.m.people(ctx)
}

// PeopleAndManagers implements idp.ManagerLister.
func (c mutantPeople) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	return c.m.managed(ctx)
}

// Probe implements idp.Prober.
func (c mutantProber) Probe(ctx context.Context) ([]idp.Finding, error) { return c.m.probe(ctx) }

// EndSessions implements idp.SessionEnder.
func (c mutantSessions) EndSessions(ctx context.Context, person string) error {
	return c.m.end(ctx, person)
}

// Expire implements idp.Expirer.
func (c mutantExpirer) Expire(ctx context.Context, group, person string, at time.Time) error {
	return c.m.expire(ctx, group, person, at)
}

// ReadLog implements idp.AccountLog.
func (c mutantLog) ReadLog(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
	return c.m.log(ctx, from)
}

// LogDelay implements idp.AccountLog.
func (c mutantLog) LogDelay() time.Duration { return c.m.delay() }

// AdminRoles implements idp.AdminGroups.
func (c mutantAdmins) AdminRoles(ctx context.Context, group string) ([]string, error) {
	return c.m.roles(ctx, group)
}

// Apps implements idp.AppLister.
func (c mutantApps) Apps(ctx context.Context) ([]idp.App, error) { return c.m.apps(ctx) }

// Assignments implements idp.AppLister.
func (c mutantApps) Assignments(ctx context.Context, app string) (idp.Assignments, error) {
	return c.m.assigned(ctx, app)
}

// GroupSizes implements idp.GroupSizer.
func (c mutantSizes) GroupSizes(ctx context.Context, groups []string) (map[string]int, error) {
	return c.m.sizes(ctx, groups)
}
