package workflow

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/store"
)

// freshFor is how long an answer about a person is used without asking again.
const freshFor = time.Minute

// people joins what Slack and the directories know of a person into one, keyed
// by e-mail, and remembers the bindings it found.
type people struct {
	roster Roster
	dirs   []idp.Directory
	store  store.Store
	clock  clock.Clock
	log    *slog.Logger

	mu       sync.Mutex
	fresh    map[access.PersonID]freshPerson
	accounts map[string]freshAccount // directory id + e-mail
}

type freshPerson struct {
	person access.Person
	until  time.Time
}

type freshAccount struct {
	person idp.Person
	until  time.Time
}

// PersonOf is the id of whoever has an address: the one place where a configured
// or reported address becomes somebody.
func PersonOf(a access.Email) access.PersonID { return access.PersonID(a) }

// PeopleOf are the ids of those whose addresses are configured.
func PeopleOf[A ~string](addresses []A) []access.PersonID {
	out := make([]access.PersonID, len(addresses))
	for i, a := range addresses {
		out[i] = PersonOf(access.NewEmail(string(a)))
	}
	return out
}

// AddressOf is the address under which somebody is looked up.
func AddressOf(id access.PersonID) access.Email { return access.Email(id) }

func newPeople(r Roster, dirs []idp.Directory, s store.Store, c clock.Clock, log *slog.Logger) *people {
	return &people{roster: r, dirs: dirs, store: s, clock: c, log: log, fresh: map[access.PersonID]freshPerson{}, accounts: map[string]freshAccount{}}
}

// bySlack finds a person by Slack id.
func (p *people) bySlack(ctx context.Context, id string) (access.Person, error) {
	m, err := p.roster.Member(ctx, id)
	if err != nil || m.ID == "" || m.MayAct() != nil {
		return m, err
	}
	return p.join(ctx, m)
}

// byEmail finds a person by e-mail, in Slack and in the directories.
func (p *people) byEmail(ctx context.Context, who access.PersonID) (access.Person, error) {
	if f, ok := p.cached(who); ok {
		return f, nil
	}
	m, err := p.roster.MemberByEmail(ctx, AddressOf(who))
	if err != nil {
		return access.Person{}, err
	}
	return p.join(ctx, m)
}

// known is byEmail for showing: whoever can't be looked up right now is shown
// as remembered, or by e-mail.
func (p *people) known(ctx context.Context, who access.PersonID) access.Person {
	if found, err := p.byEmail(ctx, who); err == nil {
		return found
	}
	if k, err := p.remembered(ctx, who); err == nil {
		return k.Person
	}
	return access.Person{ID: who, Email: AddressOf(who)}
}

func (p *people) cached(who access.PersonID) (access.Person, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.fresh[who]
	return f.person, ok && p.clock.Now().Before(f.until)
}

// forget drops what is cached of a person, because something about them changed.
func (p *people) forget(who access.PersonID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.fresh, who)
	for _, d := range p.dirs {
		delete(p.accounts, d.ID()+"|"+string(who))
	}
}

// recall finds people for showing, without asking anybody about those who were
// seen before. People who are known nowhere are left out.
func (p *people) recall(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := p.local(ctx, who)
	for _, e := range who {
		if _, ok := out[e]; !ok {
			if found, err := p.byEmail(ctx, e); err == nil {
				out[e] = found
			}
		}
	}
	return out
}

// local is what is known of people here: fresh, or remembered from earlier.
func (p *people) local(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := make(map[access.PersonID]access.Person, len(who))
	var rest []access.PersonID
	for _, e := range who {
		if f, ok := p.cached(e); ok {
			out[e] = f
			continue
		}
		rest = append(rest, e)
	}
	err := p.store.View(ctx, func(tx store.Tx) error {
		for _, e := range rest {
			k, err := store.Person(tx, e)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err == nil {
				out[e] = k.Person
			}
		}
		return nil
	})
	if err != nil {
		p.log.Warn("names can't be read from the store; addresses are shown instead", "error", err)
	}
	return out
}

// forgetAccount drops what is cached of whoever has the account in a system.
func (p *people) forgetAccount(system, id string) {
	p.mu.Lock()
	var gone []access.PersonID
	for e, f := range p.fresh {
		if f.person.Account(system) == id {
			gone = append(gone, e)
		}
	}
	p.mu.Unlock()
	for _, e := range gone {
		p.forget(e)
	}
}

// join adds what the directories know to what Slack knows. The worst standing
// counts. Without an answer from a directory the last known one stands in.
func (p *people) join(ctx context.Context, m access.Person) (access.Person, error) {
	if f, ok := p.cached(m.ID); ok {
		return f, nil
	}
	for _, d := range p.dirs {
		acc, err := p.account(ctx, d, m.ID)
		switch {
		case err == nil:
			m = merge(m, d.ID(), acc, p.clock.Now())
		case errors.Is(err, idp.ErrNotFound):
		case errors.Is(err, idp.ErrAmbiguous):
			p.log.Warn("several accounts share an e-mail; none is used", "directory", d.ID(), "person", m.ID)
		default:
			return p.fallBack(ctx, m, d, err)
		}
	}
	if k, err := p.remembered(ctx, m.ID); err == nil {
		m = carryOver(m, k.Bindings)
	}
	p.mu.Lock()
	p.fresh[m.ID] = freshPerson{m, p.clock.Now().Add(freshFor)}
	p.mu.Unlock()
	return m, p.remember(ctx, m)
}

func (p *people) fallBack(ctx context.Context, m access.Person, d idp.Directory, cause error) (access.Person, error) {
	k, err := p.remembered(ctx, m.ID)
	if err != nil {
		return m, directoryFailure(d, "Look up "+string(m.Email)+" in "+d.ID(), cause)
	}
	p.log.Warn("a directory does not answer; its last known answer stands in", "directory", d.ID(), "person", m.ID, "error", cause)
	last := k.Person
	if m.Standing != access.Active {
		last.Standing = m.Standing
	}
	return last, nil
}

// merge adds a directory's account to a person.
func merge(m access.Person, dir string, a idp.Person, at time.Time) access.Person {
	m.Name, m.Title, m.Department = first(m.Name, a.Name), first(a.Title, m.Title), first(a.Department, m.Department)
	m.Manager = cmp.Or(m.Manager, PersonOf(access.NewEmail(a.ManagerEmail)))
	if m.Since.IsZero() {
		m.Since = a.Created
	}
	if a.LastLogin.After(m.LastLogin) {
		m.LastLogin = a.LastLogin
	}
	if m.Standing == access.Active && a.Status != idp.Active {
		m.Standing = map[idp.Status]access.Standing{idp.Suspended: access.Suspended, idp.Left: access.Left}[a.Status]
	}
	m.Bindings = append(m.Bindings[:len(m.Bindings):len(m.Bindings)], access.Binding{System: dir, ID: a.ID, How: "the e-mail matched exactly one account", Since: at.UTC()})
	return m
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// account finds somebody's account in one directory.
func (p *people) account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error) {
	key := d.ID() + "|" + string(who)
	p.mu.Lock()
	f, ok := p.accounts[key]
	p.mu.Unlock()
	if ok && p.clock.Now().Before(f.until) {
		return f.person, nil
	}
	found, err := d.FindPerson(ctx, string(AddressOf(who)))
	if err != nil {
		return found, err
	}
	p.mu.Lock()
	p.accounts[key] = freshAccount{found, p.clock.Now().Add(freshFor)}
	p.mu.Unlock()
	return found, nil
}

func (p *people) remembered(ctx context.Context, who access.PersonID) (k store.Known, err error) {
	err = p.store.View(ctx, func(tx store.Tx) error {
		k, err = store.Person(tx, who)
		return err
	})
	return k, err
}

// remember stores a person if anything but the time of looking changed.
func (p *people) remember(ctx context.Context, m access.Person) error {
	old, err := p.remembered(ctx, m.ID)
	if err == nil && sameButTimes(old.Person, m) {
		return nil
	}
	return p.store.Update(ctx, func(tx store.Tx) error {
		k, err := store.Person(tx, m.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		k.Person = m
		if err := p.passOn(tx, m); err != nil {
			return err
		}
		return store.PutPerson(tx, &k)
	})
}

// passOn ends what binds a person's accounts to somebody else. As long as an
// address makes the id, whoever is renamed is somebody else, and their accounts go
// with them.
func (p *people) passOn(tx store.Tx, m access.Person) error {
	for _, b := range m.Bindings {
		old, err := store.PersonByAccount(tx, b.System, b.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && old.ID == m.ID {
			continue
		}
		if err != nil {
			return err
		}
		old.Person = old.Unbind(b.System, p.clock.Now().UTC())
		if err := store.PutPerson(tx, &old); err != nil {
			return err
		}
	}
	return nil
}

func sameButTimes(a, b access.Person) bool {
	a.LastLogin, b.LastLogin = time.Time{}, time.Time{}
	a.Since, b.Since = a.Since.Truncate(time.Second), b.Since.Truncate(time.Second)
	a.Bindings, b.Bindings = withoutTimes(a.Bindings), withoutTimes(b.Bindings)
	return reflect.DeepEqual(a, b)
}

func withoutTimes(in []access.Binding) []access.Binding {
	out := make([]access.Binding, len(in))
	for i, b := range in {
		b.Since = time.Time{}
		out[i] = b
	}
	return out
}
