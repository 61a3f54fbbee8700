package people

import (
	"context"
	"crypto/rand"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// Accounts knows the accounts of people in Jira.
type Accounts interface {
	// Account finds a person's account, "" if it can't be told for certain.
	Account(ctx context.Context, p access.Person) (string, error)
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Roster      Roster
	Accounts    Accounts // nil: an account in Jira that hides its address is nobody's
	Directories Directories
	Logger      *slog.Logger
	Alarm       Alarm                  // nil: only the log says so
	NewID       func() access.PersonID // nil: of random letters

	Admins   []access.Email // IT: may retry, revoke and see what is stuck
	Fallback []access.Email // decide when a route finds nobody else
	OnBehalf []OnBehalf     // who may ask for somebody else
}

// Service answers questions about people. It is safe for concurrent use.
type Service struct {
	*identities
	catalog  func() *catalog.Catalog
	accounts Accounts

	admins   []access.Email
	fallback []access.Email
	onBehalf []OnBehalf
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.NewID == nil {
		c.NewID = func() access.PersonID { return access.NewPersonID(rand.Text()) }
	}
	known := &identities{
		units: c.Units, roster: c.Roster, dirs: c.Directories, log: c.Logger, alarm: c.Alarm, newID: c.NewID,
		cache: newCache(c.Units.Now), alarms: newAlarms(c.Units.Now), shared: newShared(),
	}
	return &Service{identities: known, catalog: c.Catalog, accounts: c.Accounts, admins: c.Admins, fallback: c.Fallback, onBehalf: c.OnBehalf}
}

// Who is the person behind a Slack account, if they may act; otherwise the
// refusal says why not.
func (s *Service) Who(ctx context.Context, slackID string) (access.Person, error) {
	p, err := s.Member(ctx, slackID)
	if err != nil {
		return p, err
	}
	return p, p.MayAct()
}

// Member is the person behind a Slack account, whether they may act or not.
// Somebody who may not, and was not known before, has no id.
func (s *Service) Member(ctx context.Context, slackID string) (access.Person, error) {
	return s.inSlackAs(ctx, slackID)
}

// Person is what Slack and the directories know of somebody, from the cache where
// it is fresh enough. Whoever has no account in Slack, or has one no more, is
// access.Unknown, as a refusal.
func (s *Service) Person(ctx context.Context, who access.PersonID) (access.Person, error) {
	return s.person(ctx, who)
}

// ByAddress is the one person whom an address names at this moment: as they are
// known, or as Slack shows them, in which case they are met now. A refusal if it
// names nobody, or not one alone.
func (s *Service) ByAddress(ctx context.Context, a access.Email) (access.Person, error) {
	return s.byAddress(ctx, a)
}

// Forget drops what is cached of a person, because something about them changed.
// Whoever is just being asked about them, was asked too early: what they say is
// neither cached nor remembered.
func (s *Service) Forget(who access.PersonID) { s.cache.forget(who, s.dirs) }

// ForgetAccount drops what is cached of whoever has the account in a system.
func (s *Service) ForgetAccount(system, id string) {
	for _, who := range s.cache.forgetAccount(system, id) {
		s.Forget(who)
	}
}
