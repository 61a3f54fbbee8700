package people

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// Roster knows the members of the workspace: Slack. A person who is not found
// is access.Unknown, as a refusal. Who somebody is by Latchkey's own id is not
// its business.
type Roster interface {
	// Member finds a person by Slack id. Kind, Standing, Email, Name, TimeZone
	// and the "slack" binding are set.
	Member(ctx context.Context, slackID string) (access.Person, error)
	// MemberByEmail finds the one member with an e-mail address.
	MemberByEmail(ctx context.Context, who access.Email) (access.Person, error)
}

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

	Admins   []access.Email // IT: may retry, revoke and see what is stuck
	Fallback []access.Email // decide when a route finds nobody else
	OnBehalf []OnBehalf     // who may ask for somebody else
}

// Service answers questions about people. It is safe for concurrent use.
type Service struct {
	units    *engine.Units
	catalog  func() *catalog.Catalog
	roster   Roster
	accounts Accounts
	dirs     Directories
	log      *slog.Logger
	memory   *memory

	admins   []access.PersonID
	fallback []access.PersonID
	onBehalf []OnBehalf
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, roster: c.Roster, accounts: c.Accounts, dirs: c.Directories, log: c.Logger,
		memory: newMemory(c.Units.Now), admins: IDsOf(c.Admins), fallback: IDsOf(c.Fallback), onBehalf: c.OnBehalf,
	}
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
func (s *Service) Member(ctx context.Context, slackID string) (access.Person, error) {
	l := s.memory.begin()
	m, err := s.roster.Member(ctx, slackID)
	m = identified(m)
	if err != nil || m.ID == "" || m.MayAct() != nil {
		return m, err
	}
	return s.join(ctx, m, l)
}

// Person is what Slack and the directories know of somebody, from memory where
// it is fresh enough.
func (s *Service) Person(ctx context.Context, who access.PersonID) (access.Person, error) {
	if p, ok := s.memory.person(who); ok {
		return p, nil
	}
	l := s.memory.begin()
	m, err := s.roster.MemberByEmail(ctx, AddressOf(who))
	if err != nil {
		return access.Person{}, err
	}
	return s.join(ctx, identified(m), l)
}

// Known is Person for showing: whoever can't be looked up right now is shown as
// remembered, or by address.
func (s *Service) Known(ctx context.Context, who access.PersonID) access.Person {
	if found, err := s.Person(ctx, who); err == nil {
		return found
	}
	if k, err := s.remembered(ctx, who); err == nil {
		return k.Person
	}
	return Stranger(who)
}

// Forget drops what is cached of a person, because something about them changed.
// Whoever is just being asked about them, was asked too early: what they say is
// neither cached nor remembered.
func (s *Service) Forget(who access.PersonID) { s.memory.forget(who, s.dirs) }

// ForgetAccount drops what is cached of whoever has the account in a system.
func (s *Service) ForgetAccount(system, id string) {
	for _, who := range s.memory.forgetAccount(system, id) {
		s.Forget(who)
	}
}
