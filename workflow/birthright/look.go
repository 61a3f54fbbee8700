package birthright

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// LookTask is the kind of task that looks at somebody.
const LookTask = "birthright.look"

// account is the payload of a LookTask.
type account struct{ Directory, Account string }

// lookAt has an account looked at. One whose look is under way is looked at again.
func lookAt(u *engine.Unit, a account) error {
	body, err := engine.Payload(a)
	if err != nil {
		return err
	}
	t := store.Task{ID: "birthright/" + a.Directory + "/" + a.Account, Queue: a.Directory, Kind: LookTask, Priority: store.Notices, Payload: body}
	added, err := u.Enqueue(t)
	if err != nil || added {
		return err
	}
	return u.Expedite(t.ID)
}

// look carries a LookTask out.
func (s *Service) look(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[account](t)
	if err != nil {
		return nil, err
	}
	d, known := s.dirs.Get(a.Directory)
	if !known {
		return nil, nil
	}
	p, err := d.Person(ctx, a.Account)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, nil // that proves nothing; whoever looks for leavers decides
	case err != nil:
		return nil, people.DirectoryFailure(d, "Read an account in "+a.Directory+" for what comes with who somebody is", err)
	}
	who, err := s.people.Whose(ctx, a.Directory, a.Account)
	if err != nil {
		return nil, err
	}
	return nil, s.Seen(ctx, a.Directory, p, who)
}

// Seen takes in how an account is at this moment. who may be "": nobody is known by it yet.
func (s *Service) Seen(ctx context.Context, directory string, p idp.Person, who access.PersonID) error {
	v := view{known: s.catalog(), dir: directory, account: p, person: people.Stranger(who), manager: access.Person{}}
	err := s.units.View(ctx, func(tx store.Tx) error { return v.load(tx) })
	if err != nil || !v.counts() {
		return err
	}
	if first := v.elsewhere(s.dirs); first.Account != "" {
		return s.units.Update(ctx, func(u *engine.Unit) error { return lookAt(u, first) })
	}
	seen := v.known.Entitled(v.named, s.asking(ctx, v))
	if who == "" {
		if !promising(seen) {
			return nil
		}
		if who, err = s.meet(ctx, directory, p); err != nil || who == "" {
			return err
		}
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return s.follow(u, who, v, seen) })
}

// promising tells whether somebody is to have anything.
func promising(seen []catalog.Entitlement) bool {
	for _, e := range seen {
		if e.Truth == catalog.Yes {
			return true
		}
	}
	return false
}

// meet gives whoever has the account an id.
func (s *Service) meet(ctx context.Context, directory string, p idp.Person) (access.PersonID, error) {
	met, err := s.people.Register(ctx, directory, []idp.Membership{{PersonID: p.ID, Email: p.Email, Status: p.Status, LastLogin: p.LastLogin}})
	return met[p.ID], err
}

// view is somebody as one look sees them.
type view struct {
	known   *catalog.Catalog
	dir     string
	account idp.Person
	person  access.Person // as the store has them; a stranger if nobody is known
	manager access.Person // who the directory names, as far as they are known
	has     bool          // something by a birthright, or it is on its way
}

// load reads what is known of whom the account is.
func (v *view) load(tx store.Tx) (err error) {
	if v.person.ID != "" {
		if v.person, err = people.In(tx, v.person.ID); err != nil {
			return err
		}
		held, _, err := store.Sound(store.OpenGrantsOf(tx, v.person.ID))
		if err != nil {
			return err
		}
		waits, err := store.BirthrightsOf(tx, v.person.ID)
		if err != nil {
			return err
		}
		v.has = waits.Version > 0
		for _, g := range held {
			v.has = v.has || g.Source == access.SourceBirthright
		}
	}
	if v.account.ManagerID == "" {
		return nil
	}
	m, err := store.PersonByAccount(tx, v.dir, v.account.ManagerID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	v.manager = m.Person
	return err
}

// counts tells whether anything can follow of the look: nothing does for whoever isn't here, or of whom it isn't certain who they are.
func (v *view) counts() bool {
	p := v.person
	here := v.account.Status == idp.Active && p.Offboarded.IsZero() && p.Doubted.IsZero() && p.Standing != access.Left
	return here && p.Same == "" && (v.has || len(v.known.Birthrights().Rules) > 0)
}

// elsewhere is the account that says who somebody is where it is another one: that in the first directory in which they have one.
func (v *view) elsewhere(dirs people.Directories) account {
	for _, d := range dirs {
		id := v.person.Account(d.ID())
		if d.ID() == v.dir || id == "" && v.person.ID != "" {
			if d.ID() == v.dir {
				return account{}
			}
			continue
		}
		if id != "" {
			return account{d.ID(), id}
		}
	}
	return account{}
}

// named tells whether one of some addresses is theirs.
func (v *view) named(addresses []string) bool {
	return v.person.ID != "" && v.person.MeantByOneOf(addresses)
}

// asking adds to an ask what the rules want to know of the person for a role.
func (s *Service) asking(ctx context.Context, v view) func(catalog.RoleRef) catalog.Attributes {
	p := v.person
	p.Email = access.NewEmail(v.account.Email)
	p.Department, p.Title, p.Employment, p.Location = v.account.Department, v.account.Title, v.account.Type, v.account.Location
	return func(ref catalog.RoleRef) catalog.Attributes {
		around := access.Circumstances{Manager: v.manager}
		if q := v.known.Asks(ref); len(q.Groups) > 0 && p.ID != "" {
			around.Groups = s.around.Around(ctx, p, p, ref).Groups
		}
		is := access.AttributesOf(p, around)
		return catalog.Attributes{Person: is, Requester: is}
	}
}

// follow brings what is on its way for somebody up to date with a look.
func (s *Service) follow(u *engine.Unit, who access.PersonID, v view, seen []catalog.Entitlement) error {
	if err := people.StillHere(u, who); err != nil {
		return nil // they have left meanwhile
	}
	has, err := grantsOf(u.Tx, who)
	if err != nil {
		return err
	}
	waits, err := store.BirthrightsOf(u.Tx, who)
	if err != nil {
		return err
	}
	f := access.Follow(waits.Changes, seen, has, v.known.Birthrights(), u.At)
	waits.Changes, waits.Next, waits.Directory, waits.Account = f.Changes, f.Next, v.dir, v.account.ID
	ready := false
	for _, c := range f.Changes {
		ready = ready || c.Ready()
	}
	if err := store.PutBirthrights(u.Tx, &waits); err != nil {
		return err
	}
	if err := s.moved(u, who, v, f.Counts, has); err != nil || !ready {
		return err
	}
	return runSoon(u)
}

// grantsOf are all that somebody has or had.
func grantsOf(tx store.Tx, who access.PersonID) ([]access.Grant, error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
		return store.GrantsOf(tx, who, after, limit)
	}, query.GrantID))
	return all, err
}

// lookAgainIn is how soon somebody is looked at again whose look came to nothing.
const lookAgainIn = time.Hour

// due has somebody looked at again.
func due(u *engine.Unit, who string) error {
	waits, err := store.BirthrightsOf(u.Tx, access.PersonID(who))
	if err != nil {
		return err
	}
	p, err := people.In(u.Tx, waits.Person)
	if err != nil {
		return err
	}
	if p.Same != "" || p.Departed() { // what follows of that is for others
		waits.Changes = nil
		return store.PutBirthrights(u.Tx, &waits)
	}
	waits.Next = u.At.Add(lookAgainIn)
	if err := store.PutBirthrights(u.Tx, &waits); err != nil {
		return err
	}
	return lookAt(u, account{waits.Directory, waits.Account})
}
