package workflow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// Config is what the workflow is made of.
type Config struct {
	Store       store.Store
	Catalog     *catalog.Catalog
	Directories []idp.Directory
	Clock       Clock
	Logger      *slog.Logger
	Admins      []access.Email     // IT: may retry, revoke and see what is stuck
	Fallback    []access.Email     // decide when a route finds nobody else
	Protected   []catalog.GroupRef // never changed, whatever the catalogue says
	OnBehalf    []OnBehalf         // who may ask for somebody else
	Lapse       time.Duration      // how long a request waits for an answer; zero for ever
	Emergency   time.Duration      // how long a role can be taken in an emergency; default 4 hours
	Poll        time.Duration      // how often Jira is asked what people did there; zero for never
	JiraDecides bool               // decisions made in Jira count
	SlackLink   string             // opens the bot in Slack, for those who come from Jira; may be empty
	Owner       string             // this process, among those that share the store
	InFlight    map[string]int     // tasks of a queue at once; default 8
	Calendar    Calendar           // when regular duties have their turns
	Idle        time.Duration      // how long without a sign-in counts as idle; default 90 days
}

// Ports are the outside world.
type Ports struct {
	Ledger    Ledger
	Messenger Messenger
	Roster    Roster
	Incidents Incidents // nil: incidents are only named
	Inbox     Inbox     // nil: what people do in Jira is not read
}

// Service is what people and timers act through, and the worker that carries
// the consequences out.
type Service struct {
	Config
	ports   Ports
	people  *people
	log     *slog.Logger
	queues  map[string]*queue
	shares  *shares
	groups  *groups
	timer   *bell
	running sync.WaitGroup
	week    tally
	usage   usage
}

// New makes a service. Connect it to the world before Run.
func New(c Config) *Service {
	s := &Service{Config: c, log: c.Logger, timer: newBell(), queues: map[string]*queue{}, shares: newShares(), groups: newGroups(c.Clock)}
	names := []string{houseQueue, jiraQueue, slackQueue}
	for _, d := range c.Directories {
		names = append(names, d.ID())
	}
	for _, n := range names {
		s.queues[n] = &queue{name: n, bell: newBell(), slots: cmpOr(c.InFlight[n], 8), running: map[uint64]bool{}}
	}
	return s
}

func cmpOr(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// Connect gives the service its ports. It is called once, before Run and before
// anybody acts: the ports need the service as the service needs them.
func (s *Service) Connect(p Ports) {
	s.ports = p
	s.people = newPeople(p.Roster, s.Directories, s.Store, s.Clock, s.log)
}

// Run carries out tasks and keeps time until ctx ends, then waits for what is
// under way. Work that is not finished then is taken up again at the next start.
func (s *Service) Run(ctx context.Context) error {
	if err := errors.Join(s.mustBeComplete(ctx), s.takeOver(ctx), s.plan(ctx)); err != nil {
		return err
	}
	for _, q := range s.queues {
		s.running.Go(func() { s.work(ctx, q) })
	}
	s.running.Go(func() { s.keepTime(ctx) })
	if s.ports.Inbox != nil && s.Poll > 0 {
		s.running.Go(func() { s.listen(ctx) })
	}
	s.running.Wait()
	return nil
}

// takeOver frees the claims of a process that is gone.
func (s *Service) takeOver(ctx context.Context) error {
	if !s.Store.Exclusive() {
		return nil // claims run out by themselves
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		for name := range s.queues {
			if _, err := tx.Release(name, s.Owner); err != nil {
				return fmt.Errorf("take over the tasks of an earlier process: %w", err)
			}
		}
		return nil
	})
}

// Catalog is what may be asked for.
func (s *Service) Catalog() *catalog.Catalog { return s.Config.Catalog }

// Who is the person behind a Slack account, if they may act; otherwise the
// refusal says why not.
func (s *Service) Who(ctx context.Context, slackID string) (access.Person, error) {
	p, err := s.people.bySlack(ctx, slackID)
	if err != nil {
		return p, err
	}
	return p, p.MayAct()
}

// Member is the person behind a Slack account, whether they may act or not.
func (s *Service) Member(ctx context.Context, slackID string) (access.Person, error) {
	return s.people.bySlack(ctx, slackID)
}

// Forget drops what is cached of the person behind a Slack account, because
// Slack says that it changed.
func (s *Service) Forget(slackID string) { s.people.forgetAccount("slack", slackID) }

// Names are the people behind addresses, as far as they are known without asking
// anybody.
func (s *Service) Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	return s.people.local(ctx, who)
}

// Person is what is known of somebody, from memory where it is fresh enough.
func (s *Service) Person(ctx context.Context, who access.PersonID) (access.Person, error) {
	return s.people.byEmail(ctx, who)
}

func (s *Service) isAdmin(who access.PersonID) bool { return slices.Contains(s.admins(), who) }

func (s *Service) admins() []access.PersonID { return PeopleOf(s.Admins) }

func (s *Service) fallback() []access.PersonID { return PeopleOf(s.Fallback) }

// notFound turns a missing record into a sentence for the person.
func notFound(err error, sentence string) error {
	if errors.Is(err, store.ErrNotFound) {
		return access.Refuse(access.Unknown, "", sentence)
	}
	return err
}
