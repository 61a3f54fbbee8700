package people

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Tenants knows which organisation, workspace or site stands behind each system's
// name. Another one behind the same name is not worked with until the configuration
// says that it is meant: ids mean nothing there, and what isn't found isn't gone.
type Tenants struct {
	units *engine.Units
	was   map[string]string // by system, the tenant that it may be another one than
	alarm Alarm
}

// NewTenants makes them. alarm may be nil.
func NewTenants(units *engine.Units, was map[string]string, alarm Alarm) *Tenants {
	return &Tenants{units: units, was: was, alarm: alarm}
}

// Check refuses a tenant that is another one than stood behind the name before. One
// that isn't known, "", is not another one.
func (t *Tenants) Check(ctx context.Context, system, tenant string) error {
	if tenant == "" {
		return nil
	}
	known := false
	err := t.units.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadTenant(tx, system)
		known = err == nil && now.Tenant == tenant
		return ifFound(err)
	})
	if err != nil || known {
		return err
	}
	var refused error
	err = t.units.Update(ctx, func(u *engine.Unit) error {
		refused, err = t.take(u, system, tenant)
		return err
	})
	return errors.Join(err, refused)
}

func ifFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// take notes a tenant that may stand behind the name, and refuses another.
func (t *Tenants) take(u *engine.Unit, system, tenant string) (refused, err error) {
	now, err := store.LoadTenant(u.Tx, system)
	fresh := errors.Is(err, store.ErrNotFound)
	if err := ifFound(err); err != nil {
		return nil, err
	}
	other, err := store.TenantNamed(u.Tx, tenant)
	named := err == nil && other.System != system
	switch {
	case ifFound(err) != nil:
		return nil, err
	case named:
		return t.refuse(u, "A directory is called otherwise than before", system, tenant, fmt.Sprintf("%s is now what %s was called before (%s): call it %s again, or nothing that people hold there can be found", system, other.System, tenant, other.System))
	case !fresh && now.Tenant != tenant && t.was[system] != now.Tenant:
		return t.refuse(u, "Another organisation stands behind a name", system, tenant, fmt.Sprintf("%s is another one than before: it was %s and is %s now. Nothing is changed there, for the ids of people and groups mean something else. Correct the address or the token; if the change is meant, write was: %s beside it", system, now.Tenant, tenant, now.Tenant))
	case !fresh && now.Tenant == tenant:
		return nil, nil
	}
	now.System, now.Tenant, now.Since = system, tenant, u.At
	return nil, store.PutTenant(u.Tx, &now)
}

func (t *Tenants) refuse(u *engine.Unit, title, system, tenant, sentence string) (refused, err error) {
	if t.alarm != nil {
		err = t.alarm(u, "tenant/"+system+"/"+tenant, title, sentence+".")
	}
	return &access.Failure{Class: access.Rejected, Sentence: sentence}, err
}

// tenantFor is how long it is known which organisation answers.
const tenantFor = 10 * time.Minute

// Guard has a directory answer only while the organisation behind it is the one that
// it was. A directory that can't tell is as it is.
func (t *Tenants) Guard(d idp.Directory) idp.Directory {
	teller, able := idp.As[idp.Tenanted](d)
	if !able {
		return d
	}
	return &guarded{Directory: d, teller: teller, tenants: t}
}

type guarded struct {
	idp.Directory
	teller  idp.Tenanted
	tenants *Tenants

	mu    sync.Mutex
	until time.Time
}

// ours fails if the organisation is another one. One that doesn't say which it is at
// the moment is not another one.
func (g *guarded) ours(ctx context.Context) error {
	if g.known() {
		return nil
	}
	now := g.tenants.units.Now()
	tenant, err := g.teller.Tenant(ctx)
	if err != nil {
		return nil
	}
	if err := g.tenants.Check(ctx, g.ID(), tenant); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = now.Add(tenantFor)
	return nil
}

// known tells whether it was ours a moment ago.
func (g *guarded) known() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tenants.units.Now().Before(g.until)
}

// read asks a directory something, and finds out beside it whose answer that is:
// whoever waits for a slow directory waits for both at once.
func read[T any](ctx context.Context, g *guarded, ask func() (T, error)) (answer T, err error) {
	if g.known() {
		return ask()
	}
	var refused error
	sideBySide(2, func(i int) {
		if i == 0 {
			refused = g.ours(ctx)
			return
		}
		answer, err = ask()
	})
	if refused != nil {
		var none T
		return none, refused
	}
	return answer, err
}

// guard gives a capability that the directory has, with what guards it around it.
func guard[C any](g *guarded, to *C, around func(C) C) bool {
	inner, able := idp.As[C](g.Directory)
	if able {
		*to = around(inner)
	}
	return able
}

// As gives the capabilities of the directory: those that tell of an organisation only while it is ours, and those by
// which it is found out what it is, what is wrong with it and how late it tells, whatever it is.
func (g *guarded) As(target any) (able bool) {
	switch to := target.(type) {
	case *idp.Tenanted:
		*to, able = g.teller, true
	case *idp.Prober:
		*to, able = idp.As[idp.Prober](g.Directory)
	case *idp.Lagging:
		*to, able = idp.As[idp.Lagging](g.Directory)
	default:
		able = g.ofPeople(target) || g.ofApps(target)
	}
	return able
}

func (g *guarded) ofPeople(target any) bool {
	switch to := target.(type) {
	case *idp.MemberChecker:
		return guard(g, to, func(c idp.MemberChecker) idp.MemberChecker { return guardedChecker{g, c} })
	case *idp.SignIn:
		return guard(g, to, func(c idp.SignIn) idp.SignIn { return guardedSignIn{g, c} })
	case *idp.Login:
		return guard(g, to, func(c idp.Login) idp.Login { return guardedLogin{g, c} })
	case *idp.SessionEnder:
		return guard(g, to, func(c idp.SessionEnder) idp.SessionEnder { return guardedSessions{g, c} })
	case *idp.Expirer:
		return guard(g, to, func(c idp.Expirer) idp.Expirer { return guardedExpirer{g, c} })
	case *idp.PeopleLister:
		return guard(g, to, func(c idp.PeopleLister) idp.PeopleLister { return guardedPeople{g, c} })
	case *idp.ManagerLister:
		return guard(g, to, func(c idp.ManagerLister) idp.ManagerLister { return guardedManagers{g, c} })
	case *idp.AccountLog:
		return guard(g, to, func(c idp.AccountLog) idp.AccountLog { return guardedLog{g, c} })
	case *idp.AdminGroups:
		return guard(g, to, func(c idp.AdminGroups) idp.AdminGroups { return guardedAdminGroups{g, c} })
	}
	return false
}

func (g *guarded) ofApps(target any) bool {
	switch to := target.(type) {
	case *idp.Lister:
		return guard(g, to, func(c idp.Lister) idp.Lister { return guardedLister{g, c} })
	case *idp.UsageReporter:
		return guard(g, to, func(c idp.UsageReporter) idp.UsageReporter { return guardedReporter{g, c} })
	case *idp.AppLister:
		return guard(g, to, func(c idp.AppLister) idp.AppLister { return guardedApps{g, c} })
	case *idp.GroupSizer:
		return guard(g, to, func(c idp.GroupSizer) idp.GroupSizer { return guardedSizer{g, c} })
	}
	return false
}

type guardedChecker struct {
	*guarded
	inner idp.MemberChecker
}

// IsMember implements idp.MemberChecker.
func (g guardedChecker) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	return read(ctx, g.guarded, func() (bool, error) { return g.inner.IsMember(ctx, groupID, personID) })
}

type guardedExpirer struct {
	*guarded
	inner idp.Expirer
}

// Expire implements idp.Expirer.
func (g guardedExpirer) Expire(ctx context.Context, groupID, personID string, at time.Time) error {
	if err := g.ours(ctx); err != nil {
		return err
	}
	return g.inner.Expire(ctx, groupID, personID, at)
}

// FindPerson implements idp.Directory.
func (g *guarded) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	return read(ctx, g, func() (idp.Person, error) { return g.Directory.FindPerson(ctx, address) })
}

// Person implements idp.Directory.
func (g *guarded) Person(ctx context.Context, id string) (idp.Person, error) {
	return read(ctx, g, func() (idp.Person, error) { return g.Directory.Person(ctx, id) })
}

// FindGroup implements idp.Directory.
func (g *guarded) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	return read(ctx, g, func() (idp.Group, error) { return g.Directory.FindGroup(ctx, name) })
}

// Group implements idp.Directory.
func (g *guarded) Group(ctx context.Context, id string) (idp.Group, error) {
	return read(ctx, g, func() (idp.Group, error) { return g.Directory.Group(ctx, id) })
}

// Members implements idp.Directory.
func (g *guarded) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	return read(ctx, g, func() (idp.Listing, error) { return g.Directory.Members(ctx, groupID) })
}

// Add implements idp.Directory.
func (g *guarded) Add(ctx context.Context, groupID, personID string) error {
	if err := g.ours(ctx); err != nil {
		return err
	}
	return g.Directory.Add(ctx, groupID, personID)
}

// Remove implements idp.Directory.
func (g *guarded) Remove(ctx context.Context, groupID, personID string) error {
	if err := g.ours(ctx); err != nil {
		return err
	}
	return g.Directory.Remove(ctx, groupID, personID)
}
