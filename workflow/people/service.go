package people

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Roster      Roster
	UserGroups  UserGroups // nil: none can be read
	OnCalls     OnCalls    // nil: no schedule is configured
	Accounts    Accounts   // nil: nobody states whose an account in Jira is
	Directories Directories
	Logger      *slog.Logger
	Alarm       Alarm                  // nil: only the log says so
	Tell        Tell                   // nil: nobody is told
	Codes       *Codes                 // by which people sign in; nil: nobody waits for that
	NewID       func() access.PersonID // nil: of random letters

	Protected []catalog.GroupRef // groups that are never changed
	Admins    []access.Email     // IT: may retry, revoke and see what is stuck
	Fallback  []access.Email     // decide when a route finds nobody else
	OnBehalf  []OnBehalf         // who may ask for somebody else
	Escalate  []Rung             // who is asked as well when nobody answers, one after the other
	Was       map[string]string  // by system, the tenant that another one may replace
	Command   string             // what people type in Slack, for sentences; "/access" if empty

	AsSeen     bool   // nobody is looked up: people are as they were seen last; Roster isn't asked
	SignIn     string // the directory by which members are declared to sign in to Slack; "": none is
	Linking    Linking
	JiraStates bool // an organization states whose accounts in Jira are
}

// Service answers questions about people. It is safe for concurrent use.
type Service struct {
	*identities
	*jiraAccounts
	authority
	verification
	nameplates
	*signIns
	groups  *Groups
	tenants *Tenants
	outside *outside
	catalog func() *catalog.Catalog

	fallback []access.Email
	escalate []Rung
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.NewID == nil {
		c.NewID = func() access.PersonID { return access.NewPersonID(rand.Text()) }
	}
	if c.AsSeen {
		c.Roster = strangers{}
	}
	known := &identities{
		recollections: recollections{c.Units, newCache(c.Units.Now)}, roster: c.Roster, dirs: c.Directories, newID: c.NewID,
		warnings: warnings{notifier{c.Alarm, c.Tell}, newAlarms(c.Units.Now), c.Logger, c.Units.Update}, shared: newShared[access.Person](), early: newShared[*earlyReplies](), signIn: c.SignIn, linking: c.Linking, asSeen: c.AsSeen,
	}
	c.Command = cmp.Or(c.Command, "/access")
	known.renames = renames{
		notifier: known.notifier, forget: known.Forget, view: c.Units.View,
		written: func() []access.Email { return slices.Concat(c.Admins, c.Fallback, writtenIn(c.Catalog())) },
	}
	known.powerful = func() []access.Email { return slices.Concat(c.Admins, c.Fallback, decidersIn(c.Catalog())) }
	tenants := NewTenants(c.Units, c.Was, c.Alarm)
	groups := NewGroups(GroupsConfig{Units: c.Units, Directories: c.Directories, Protected: c.Protected, Logger: c.Logger, Alarm: c.Alarm})
	return &Service{
		identities: known, groups: groups, tenants: tenants, outside: newOutside(c.UserGroups, c.OnCalls, c.Units.Now), catalog: c.Catalog, fallback: c.Fallback, escalate: c.Escalate,
		authority:    authority{known, c.Catalog, c.Admins, c.OnBehalf},
		jiraAccounts: &jiraAccounts{known: known, accounts: c.Accounts, command: c.Command, tries: newTries()},
		verification: verification{known: known, catalog: c.Catalog, command: c.Command, codes: c.JiraStates},
		nameplates:   nameplates{known},
		signIns:      &signIns{known: known, codes: c.Codes, proofs: proofs{known}},
	}
}

// Tenants knows which organisation stands behind each system.
func (s *Service) Tenants() *Tenants { return s.tenants }

// Corrections take IT's word for who somebody is.
func (s *Service) Corrections() Corrections { return Corrections{s.identities, s.verification.command} }

// Groups knows which groups the configuration means.
func (s *Service) Groups() *Groups { return s.groups }

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

// Anew is Person, looked up at this moment. What a directory that keeps silent said
// last stands in.
func (s *Service) Anew(ctx context.Context, who access.PersonID) (access.Person, error) {
	s.Forget(who)
	return s.Person(ctx, who)
}

// Known is Person for showing: whoever can't be looked up right now is shown as
// remembered.
func (s *Service) Known(ctx context.Context, who access.PersonID) access.Person {
	if found, err := s.Person(ctx, who); err == nil {
		return found
	}
	if k, err := s.remembered(ctx, who); err == nil {
		return k.Person
	}
	return Stranger(who)
}

// ByAddress is the one person whom an address names at this moment: as they are
// known, or as Slack shows them, in which case they are met now. A refusal if it
// names nobody, or not one alone.
func (s *Service) ByAddress(ctx context.Context, a access.Email) (access.Person, error) {
	return s.byAddress(ctx, a)
}

// Disowned tells whether an account was said not to be somebody's.
func (s *Service) Disowned(ctx context.Context, who access.PersonID, system, account string) (denied bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err := In(tx, who)
		denied = p.Denies(system, account)
		return err
	})
	return denied, err
}
