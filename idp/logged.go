package idp

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"
)

// Logged writes every call to a log: failures at Warn, the rest at Debug, each with its duration. What a change was for,
// and for whom, is said by whoever wanted it. It has the capabilities of the directory under it. What is no call is passed on, and so is how people sign
// in: what is said there is for them alone.
func Logged(d Directory, log *slog.Logger) Directory {
	return logged{d, log.With(slog.String("directory", d.ID()))}
}

// logged has a method for each call. They are alike, and stay apart: each knows what
// of its call and answer is worth a line, and one function over all would hide that.
type logged struct {
	Directory
	log *slog.Logger
}

// Unwrap is the directory whose calls are logged.
func (l logged) Unwrap() Directory { return l.Directory }

// As gives the capabilities whose calls are logged too.
func (l logged) As(target any) bool {
	switch to := target.(type) {
	case *MemberChecker:
		return around(l, to, func(c MemberChecker) MemberChecker { return loggedChecker{l, c} })
	case *UsageReporter:
		return around(l, to, func(r UsageReporter) UsageReporter { return loggedReporter{l, r} })
	case *SessionEnder:
		return around(l, to, func(e SessionEnder) SessionEnder { return loggedSessions{l, e} })
	case *Expirer:
		return around(l, to, func(e Expirer) Expirer { return loggedExpirer{l, e} })
	case *AccountLog:
		return around(l, to, func(a AccountLog) AccountLog { return loggedAccountLog{l, a} })
	case *PeopleLister:
		return around(l, to, func(p PeopleLister) PeopleLister { return loggedPeople{l, p} })
	case *ManagerLister:
		return around(l, to, func(p ManagerLister) ManagerLister { return loggedManagers{l, p} })
	case *AdminGroups:
		return around(l, to, func(a AdminGroups) AdminGroups { return loggedAdminGroups{l, a} })
	case *AppLister:
		return around(l, to, func(a AppLister) AppLister { return loggedApps{l, a} })
	case *GroupSizer:
		return around(l, to, func(z GroupSizer) GroupSizer { return loggedSizer{l, z} })
	case *Lister:
		return around(l, to, func(s Lister) Lister { return loggedLister{l, s} })
	case *Prober:
		return around(l, to, func(p Prober) Prober { return loggedProber{l, p} })
	case *Tenanted:
		return around(l, to, func(t Tenanted) Tenanted { return loggedTenant{l, t} })
	}
	return false
}

// around sets a capability to the logged one, if the directory under it has it, and says whether it does.
func around[T any](l logged, target *T, wrap func(T) T) bool {
	inner, able := As[T](l.Directory)
	if able {
		*target = wrap(inner)
	}
	return able
}

func (l logged) tell(ctx context.Context, level slog.Level, op string, began time.Time, err error, args ...any) {
	args = append(args, slog.Duration("took", time.Since(began)))
	if err != nil {
		args = append(args, slog.Any("error", err))
		if !errors.Is(err, ErrNotFound) { // not a failure: somebody looked for what is not there
			level = slog.LevelWarn
		}
	}
	l.log.Log(ctx, level, op, args...)
}

// FindPerson implements Directory.
func (l logged) FindPerson(ctx context.Context, address string) (Person, error) {
	began := time.Now()
	p, err := l.Directory.FindPerson(ctx, address)
	l.tell(ctx, slog.LevelDebug, "find person", began, err, "address", address, "person", p.ID)
	return p, err
}

// Person implements Directory.
func (l logged) Person(ctx context.Context, id string) (Person, error) {
	began := time.Now()
	p, err := l.Directory.Person(ctx, id)
	l.tell(ctx, slog.LevelDebug, "person", began, err, "person", id)
	return p, err
}

// FindGroup implements Directory.
func (l logged) FindGroup(ctx context.Context, name string) (Group, error) {
	began := time.Now()
	g, err := l.Directory.FindGroup(ctx, name)
	l.tell(ctx, slog.LevelDebug, "find group", began, err, "name", name, "group", g.ID)
	return g, err
}

// Group implements Directory.
func (l logged) Group(ctx context.Context, id string) (Group, error) {
	began := time.Now()
	g, err := l.Directory.Group(ctx, id)
	l.tell(ctx, slog.LevelDebug, "group", began, err, "group", id)
	return g, err
}

// Members implements Directory. The listing is logged when it was gone through.
func (l logged) Members(ctx context.Context, groupID string) (Listing, error) {
	began := time.Now()
	list, err := l.Directory.Members(ctx, groupID)
	if err != nil {
		l.tell(ctx, slog.LevelDebug, "members", began, err, "group", groupID)
		return list, err
	}
	list.All = counted(list.All, func(n int, err error) {
		l.tell(ctx, slog.LevelDebug, "members", began, err, "group", groupID, "count", n)
	})
	return list, nil
}

// counted goes through all and then tells how many there were, and what went wrong.
func counted[T any](all iter.Seq2[T, error], tell func(n int, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n, failed := 0, error(nil)
		defer func() { tell(n, failed) }()
		for one, err := range all {
			if failed = err; err == nil {
				n++
			}
			if !yield(one, err) {
				return
			}
		}
	}
}

// Add implements Directory.
func (l logged) Add(ctx context.Context, groupID, personID string) error {
	began := time.Now()
	err := l.Directory.Add(ctx, groupID, personID)
	l.tell(ctx, slog.LevelDebug, "add", began, err, "group", groupID, "person", personID)
	return err
}

// Remove implements Directory.
func (l logged) Remove(ctx context.Context, groupID, personID string) error {
	began := time.Now()
	err := l.Directory.Remove(ctx, groupID, personID)
	l.tell(ctx, slog.LevelDebug, "remove", began, err, "group", groupID, "person", personID)
	return err
}

type loggedChecker struct {
	logged
	inner MemberChecker
}

// IsMember implements MemberChecker.
func (l loggedChecker) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	began := time.Now()
	is, err := l.inner.IsMember(ctx, groupID, personID)
	l.tell(ctx, slog.LevelDebug, "is member", began, err, "group", groupID, "person", personID, "member", is)
	return is, err
}

type loggedReporter struct {
	logged
	inner UsageReporter
}

// Usage implements UsageReporter.
func (l loggedReporter) Usage(ctx context.Context, appID string) (Usage, error) {
	began := time.Now()
	u, err := l.inner.Usage(ctx, appID)
	if err != nil {
		l.tell(ctx, slog.LevelDebug, "usage", began, err, "app", appID)
		return u, err
	}
	u.All = counted(u.All, func(n int, err error) {
		l.tell(ctx, slog.LevelDebug, "usage", began, err, "app", appID, "count", n)
	})
	return u, nil
}

type loggedLister struct {
	logged
	inner Lister
}

// Groups implements Lister.
func (l loggedLister) Groups(ctx context.Context, prefix string) ([]Group, error) {
	began := time.Now()
	gs, err := l.inner.Groups(ctx, prefix)
	l.tell(ctx, slog.LevelDebug, "groups", began, err, "prefix", prefix, "count", len(gs))
	return gs, err
}

type loggedProber struct {
	logged
	inner Prober
}

// Probe implements Prober.
func (l loggedProber) Probe(ctx context.Context) ([]Finding, error) {
	began := time.Now()
	fs, err := l.inner.Probe(ctx)
	l.tell(ctx, slog.LevelDebug, "probe", began, err, "findings", len(fs))
	return fs, err
}

type loggedTenant struct {
	logged
	inner Tenanted
}

// Tenant implements Tenanted.
func (l loggedTenant) Tenant(ctx context.Context) (string, error) {
	began := time.Now()
	tenant, err := l.inner.Tenant(ctx)
	l.tell(ctx, slog.LevelDebug, "tenant", began, err, "tenant", tenant)
	return tenant, err
}

type loggedSessions struct {
	logged
	inner SessionEnder
}

// EndSessions implements SessionEnder.
func (l loggedSessions) EndSessions(ctx context.Context, personID string) error {
	began := time.Now()
	err := l.inner.EndSessions(ctx, personID)
	l.tell(ctx, slog.LevelDebug, "end sessions", began, err, "person", personID)
	return err
}

type loggedExpirer struct {
	logged
	inner Expirer
}

// Expire implements Expirer.
func (l loggedExpirer) Expire(ctx context.Context, groupID, personID string, at time.Time) error {
	began := time.Now()
	err := l.inner.Expire(ctx, groupID, personID, at)
	if errors.Is(err, ErrUnable) { // which is no failure
		l.tell(ctx, slog.LevelDebug, "expire", began, nil, "group", groupID, "person", personID, "unable", err)
		return err
	}
	l.tell(ctx, slog.LevelDebug, "expire", began, err, "group", groupID, "person", personID, "at", at)
	return err
}

type loggedAccountLog struct {
	logged
	inner AccountLog
}

// LogDelay implements AccountLog.
func (l loggedAccountLog) LogDelay() time.Duration { return l.inner.LogDelay() }

// ReadLog implements AccountLog.
func (l loggedAccountLog) ReadLog(ctx context.Context, from LogPosition) (LogPage, error) {
	began := time.Now()
	page, err := l.inner.ReadLog(ctx, from)
	l.tell(ctx, slog.LevelDebug, "read log", began, err, "changes", len(page.Changes))
	return page, err
}

type loggedManagers struct {
	logged
	inner ManagerLister
}

// PeopleAndManagers implements ManagerLister. The list is logged when it was gone through.
func (l loggedManagers) PeopleAndManagers(ctx context.Context) iter.Seq2[Person, error] {
	began := time.Now()
	return counted(l.inner.PeopleAndManagers(ctx), func(n int, err error) {
		l.tell(ctx, slog.LevelDebug, "people and managers", began, err, "count", n)
	})
}

type loggedPeople struct {
	logged
	inner PeopleLister
}

// People implements PeopleLister. The list is logged when it was gone through.
func (l loggedPeople) People(ctx context.Context) iter.Seq2[Person, error] {
	began := time.Now()
	return counted(l.inner.People(ctx), func(n int, err error) {
		l.tell(ctx, slog.LevelDebug, "people", began, err, "count", n)
	})
}

type loggedAdminGroups struct {
	logged
	inner AdminGroups
}

// AdminRoles implements AdminGroups.
func (l loggedAdminGroups) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	began := time.Now()
	roles, err := l.inner.AdminRoles(ctx, groupID)
	l.tell(ctx, slog.LevelDebug, "admin roles", began, err, "group", groupID, "roles", roles)
	return roles, err
}
