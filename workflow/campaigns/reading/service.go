// Package reading reads what an access review is about: who is in each group, what is known of them and of how they got
// there, what is recommended, and who is asked. It is written once, into a snapshot (store/snapshot) that nobody changes.
//
// reading.go goes through the groups, group.go makes rows of the members of one; each of the other files knows one thing
// that a row says. What all of them need is a pass (service.go).
package reading

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/people"
)

// Units give views of the store, and the time.
type Units interface {
	View(ctx context.Context, fn func(store.Tx) error) error
	Now() time.Time
}

// People knows who is behind an account.
type People interface {
	// Register says who the members of a group are, by their accounts. Whoever was not known gets an id.
	Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
	// Names are people as far as they are known, without asking anybody.
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// Reviewers finds those who are asked.
type Reviewers interface {
	// Named are those for whom a source stands who may act, and why others aren't among them.
	Named(ctx context.Context, a catalog.Approver, role catalog.RoleRef) (who []access.PersonID, lacks []string, err error)
	// Above is whom a directory names as the manager of an account; "" if that leads to nobody.
	Above(ctx context.Context, directory string, account idp.Person) (access.PersonID, error)
	// Manager is the manager of somebody; "" where nobody is known to be.
	Manager(ctx context.Context, who access.PersonID) (access.PersonID, error)
	// Able are those of some people who may act at this moment.
	Able(ctx context.Context, who ...access.PersonID) ([]access.PersonID, error)
}

// Populations read who is in a group, with what proves that nobody is missing.
type Populations interface {
	Extract(ctx context.Context, d idp.Directory, g idp.Group, take population.Members) (access.Population, error)
}

// Config is what a reader is made of.
type Config struct {
	Units       Units
	Store       store.Store // in which snapshots are kept
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means
	People      People
	Reviewers   Reviewers
	Populations Populations
	Imported    *imported.Service // what was imported of apps without a directory
	Logger      *slog.Logger
	Version     string // of Latchkey, for what couldn't be read
}

// Reader reads what campaigns are about. It is safe for concurrent use.
type Reader struct{ Config }

// New makes one.
func New(c Config) *Reader { return &Reader{c} }

// Asked is what is to be read.
type Asked struct {
	Campaign access.Campaign
	Snapshot string // the name of what is written
	Patient  bool   // a group that can't be read now is a reason to try again
}

// pass is what is known from the beginning of one reading: what each part of it needs.
type pass struct {
	*Reader
	Asked
	known *catalog.Catalog
	to    *snapshot.Writer

	accounts roster                       // that were introduced
	several  map[access.PersonID]struct{} // who is known to have several accounts in a directory
	whose    map[string]*whoseRead        // the accounts on imported lists, by app
}

// directory is a configured directory, or what was imported.
func (p *pass) directory(id string) (idp.Directory, bool) {
	if id == access.ImportedDirectory && p.Imported != nil {
		return p.Imported.Directory(), true
	}
	return p.Directories.Get(id)
}

// find is an account that was introduced; nil if it wasn't.
func (p *pass) find(directory, id string) *account {
	if n, known := p.to.Number(directory, id); known && p.accounts.known.Has(n) {
		return p.accounts.account(n)
	}
	return nil
}

// managed tells whether managers have to be known: a rule of the review asks them, or it is about those whom some manage.
func (p *pass) managed() bool {
	r := p.Campaign.Review
	return len(r.Scope.Managers) > 0 || slices.ContainsFunc(r.Stages, func(s catalog.ReviewStage) bool {
		return slices.ContainsFunc(slices.Concat(s.Reviewers, s.Fallback, s.Additional), func(a catalog.Approver) bool {
			return a.Kind == catalog.Manager || a.Kind == catalog.SecondManager
		})
	})
}
