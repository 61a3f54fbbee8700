package idptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"latchkey/clock"
	"latchkey/idp"
)

// Vendor is an identity provider in memory, with what its administrators and its bad days can do to it. It is
// safe for concurrent use.
type Vendor struct {
	id    string
	clock clock.Clock
	*faults

	mu      sync.Mutex
	made    int
	people  []*account
	groups  []*group
	signIns []signIn
	open    map[string]int      // sessions, by account
	admins  map[string][]string // roles of administrators, by group
	apps    []App
	ahead   time.Duration // of the clock
	log     []logEntry
	logLag  time.Duration
	logLost int // how often positions in it were lost
}

type account struct {
	idp.Person
	manager string   // e-mail
	aliases []string // no other account has them
}

type group struct {
	idp.Group
	members map[string]bool
	expires map[string]time.Time // when they end by themselves, by member
}

type signIn struct {
	person string
	at     time.Time
}

// app is the one application people sign in to.
const app = "app-1"

// NewVendor makes an empty identity provider whose directory has the given id.
func NewVendor(id string, c clock.Clock) *Vendor {
	return &Vendor{id: id, clock: c, faults: newFaults(), open: map[string]int{}, admins: map[string][]string{}}
}

// World is the vendor for the suite.
func (v *Vendor) World() World {
	return World{
		Directory: v.ExpiringDirectory(), AddPerson: v.AddPerson, AddAlias: v.AddAlias, SetStatus: v.SetStatus, DeletePerson: v.DeletePerson,
		AddGroup: v.AddGroup, SetMember: v.SetMember, IsMember: v.IsMember, Stick: v.Stick, Mislead: v.Mislead,
		PageSize: memoryPage, Miscount: v.Miscount, HideCount: v.HideCount, NameTwice: v.NameTwice,
		Fail: v.Fail, Heal: v.Heal, SignIn: v.SignIn, SignedIn: v.SignedIn, OpenSession: v.OpenSession, Sessions: v.Sessions, Expires: v.Expires, Pass: v.Pass, MakeAdmin: v.MakeAdmin, AddApp: v.AddApp,
	}
}

func (v *Vendor) newID(kind string) string {
	v.made++
	return fmt.Sprintf("%s-%04d", kind, v.made)
}

// AddPerson makes an account and returns its id.
func (v *Vendor) AddPerson(p Person) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.Login == "" {
		p.Login = p.Email
	}
	id := v.newID("person")
	v.people = append(v.people, &account{idp.Person{
		ID: id, Login: p.Login, Email: idp.FoldAddress(p.Email), Name: p.Name, Title: p.Title, Department: p.Department, Type: p.Type, Location: p.Location,
		Status: idp.Active, Created: v.clock.Now(),
	}, p.Manager, nil})
	v.logged(id, idp.AccountOpened)
	return id
}

// AddAlias gives an account one more address, unless another one has it.
func (v *Vendor) AddAlias(id, address string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range v.people {
		if carries(p, address) || named(p, address) {
			return false
		}
	}
	p := v.person(id)
	p.aliases = append(p.aliases, address)
	return true
}

// SetStatus changes an account's status.
func (v *Vendor) SetStatus(id string, s idp.Status) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.person(id); p != nil {
		p.Status = s
		v.logged(id, map[idp.Status]idp.ChangeKind{idp.Active: idp.AccountOpened, idp.Suspended: idp.AccountClosed, idp.Left: idp.AccountClosed}[s])
	}
}

// SetEmail gives an account another address, as when somebody marries, or a freed address is given on.
func (v *Vendor) SetEmail(id, email string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.person(id); p != nil {
		p.Email, p.Login = idp.FoldAddress(email), email
	}
}

// SetManager has somebody else manage an account, by their address.
func (v *Vendor) SetManager(id, manager string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.person(id); p != nil {
		p.manager = manager
		v.logged(id, idp.AccountEdited)
	}
}

// DeletePerson removes an account for good, and with it its memberships.
func (v *Vendor) DeletePerson(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.people = slices.DeleteFunc(v.people, func(p *account) bool { return p.ID == id })
	v.logged(id, idp.AccountDeleted)
	for _, g := range v.groups {
		delete(g.members, id)
	}
}

// AddGroup makes a group and returns its id.
func (v *Vendor) AddGroup(name string, k Kind) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	g := &group{Group: idp.Group{ID: v.newID("group"), Name: name, Governable: k == Plain}, members: map[string]bool{}, expires: map[string]time.Time{}}
	if k != Plain {
		g.Why = "It is filled by something else: use a group of its own."
	}
	v.groups = append(v.groups, g)
	return g.ID
}

// RenameGroup gives a group another name.
func (v *Vendor) RenameGroup(id, name string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if g := v.group(id); g != nil {
		g.Name = name
	}
}

// DeleteGroup removes a group for good.
func (v *Vendor) DeleteGroup(id string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.groups = slices.DeleteFunc(v.groups, func(g *group) bool { return g.ID == id })
}

// SetMember puts an account into a group or takes it out, as an administrator does by hand.
func (v *Vendor) SetMember(groupID, personID string, member bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	g := v.group(groupID)
	switch {
	case g == nil:
	case member:
		g.members[personID] = true
	default:
		delete(g.members, personID)
	}
}

// IsMember tells whether an account is in a group.
func (v *Vendor) IsMember(groupID, personID string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	g := v.group(groupID)
	return g != nil && g.members[personID]
}

// SignIn records that a person used the application, or tried to, and returns its id.
func (v *Vendor) SignIn(personID string, at time.Time, success bool) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if success {
		v.signIns = append(v.signIns, signIn{personID, at})
	}
	return app
}

func (v *Vendor) person(id string) *account {
	for _, p := range v.people {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func (v *Vendor) group(id string) *group {
	for _, g := range v.groups {
		if g.ID == id {
			v.end(g)
			return g
		}
	}
	return nil
}

// reads makes one call that changes nothing.
func (v *Vendor) reads(ctx context.Context, do func() error) error { return v.call(ctx, false, do) }

// writes makes one call that may change something.
func (v *Vendor) writes(ctx context.Context, do func() error) error { return v.call(ctx, true, do) }

func (v *Vendor) call(ctx context.Context, write bool, do func() error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	before, after := v.strike(v.id, write)
	if before != nil {
		return before
	}
	return errors.Join(do(), after)
}

// SignedIn records that a person signed in to the vendor itself.
func (v *Vendor) SignedIn(personID string, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.person(personID); p != nil && p.LastLogin.Before(at) {
		p.LastLogin = at
	}
}

// MakeAdmin has a group carry an administrator's role.
func (v *Vendor) MakeAdmin(groupID, role string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.admins[groupID] = append(v.admins[groupID], role)
}

// NoAdmin has a group carry none any more.
func (v *Vendor) NoAdmin(groupID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.admins, groupID)
}
