package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"latchkey/catalog/proposal"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/idp"
)

const (
	// importCallTime bounds each call of an import, waits for the directory's pace included.
	importCallTime = 10 * time.Minute
	// importsAtOnce is how many applications are asked for their groups at a time: the directory's pace bounds it anyway.
	importsAtOnce = 8
	// requestsWithin is how far back closed requests count, and requestsAtMost how many of them.
	requestsWithin = 365 * 24 * time.Hour
	requestsAtMost = 5000
)

// Import is a look at a directory's applications, for a proposed catalogue.
type Import struct {
	Directory string       // its id in the configuration
	NoJira    bool         // don't read what was asked for
	Say       func(string) // hears how far it has come; nil: nobody
}

// Imported is what an import found.
type Imported struct {
	Proposal proposal.Proposal
	Ways     proposal.Ways
	Apps     int    // applications in the directory
	Groups   int    // groups in the directory
	Basis    string // by what the applications are in their order, a sentence
}

// ImportCatalogue reads a directory and proposes a catalogue. It changes nothing.
func ImportCatalogue(ctx context.Context, c *config.Config, how Import) (Imported, error) {
	if how.Say == nil {
		how.Say = func(string) {}
	}
	with := environment{backends: backends(), metrics: newMetrics(), clock: clock.System{}, log: NewLogger(c, os.Stderr)}
	dir, err := openForImport(ctx, c, how.Directory, with)
	if err != nil {
		return Imported{}, err
	}
	return importFrom(ctx, c, dir, how, with)
}

func importFrom(ctx context.Context, c *config.Config, dir idp.Directory, how Import, with environment) (Imported, error) {
	source, err := readSource(ctx, patient{dir, with.clock}, how.Say)
	if err != nil {
		return Imported{}, errors.New(Sentence(directoryError(dir, err)))
	}
	source.Existing, source.Protected = c.Catalog, c.Protected
	basis := "The largest groups come first: Jira wasn't asked what is requested most."
	if !how.NoJira {
		source.Asked, basis = asked(ctx, c, source.Apps, with)
	}
	return Imported{
		Proposal: proposal.Propose(source), Ways: proposal.WaysOf(c.Catalog, c.SignsIn(), c.DecidesInSlack()),
		Apps: len(source.Apps), Groups: len(source.Groups), Basis: basis,
	}, nil
}

// openForImport opens the directory that is meant.
func openForImport(ctx context.Context, c *config.Config, id string, with environment) (idp.Directory, error) {
	var known []string
	for _, d := range c.IDP {
		if known = append(known, d.ID); d.ID != id {
			continue
		}
		around := directoryEnvironment(c, d)
		around.Transport, around.Clock, around.Logger = current{directoryToken(d), with.way(d.ID)}, with.clock, with.log
		dir, err := with.openDirectory(ctx, d, around)
		if err != nil {
			return nil, err
		}
		return idp.Logged(dir, with.log), nil
	}
	return nil, fmt.Errorf("there is no directory %q under idp in %s: name one of %s", id, c.Path, strings.Join(known, ", "))
}

// readSource reads groups, applications and who is assigned, and then how many are in the groups that matter.
func readSource(ctx context.Context, dir patient, say func(string)) (proposal.Source, error) {
	s := proposal.Source{Directory: dir.ID()}
	var err error
	if s.Groups, err = importedGroups(ctx, dir); err != nil {
		return s, err
	}
	say(fmt.Sprintf("%d groups", len(s.Groups)))
	if s.Apps, err = importedApps(ctx, dir, s.Groups, say); err != nil {
		return s, err
	}
	return s, sized(ctx, dir, s, say)
}

// importedApps are all applications with what is assigned to them; or, of a directory that doesn't say which there are, those
// that groups are called after.
func importedApps(ctx context.Context, dir patient, groups []proposal.Group, say func(string)) ([]proposal.App, error) {
	lister, able := idp.As[idp.AppLister](dir.Directory)
	if !able {
		apps := proposal.Inferred(groups)
		say(fmt.Sprintf("it doesn't say which applications there are; guessed from what groups are called: %d", len(apps)))
		return apps, nil
	}
	var apps []idp.App
	err := dir.again(ctx, func(ctx context.Context) (err error) {
		apps, err = lister.Apps(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	say(fmt.Sprintf("%d applications", len(apps)))
	return assignedTo(ctx, dir, lister, apps, say)
}

// importedGroups are all groups. How many are in them isn't known yet.
func importedGroups(ctx context.Context, dir patient) (out []proposal.Group, err error) {
	lister, able := idp.As[idp.Lister](dir.Directory)
	if !able {
		return nil, fmt.Errorf("%s can't list its groups: %w", dir.ID(), idp.ErrRefused)
	}
	var found []idp.Group
	err = dir.again(ctx, func(ctx context.Context) (err error) {
		found, err = lister.Groups(ctx, "")
		return err
	})
	for _, g := range found {
		out = append(out, proposal.Group{ID: g.ID, Name: g.Name, Governable: g.Governable, Why: g.Why, Members: -1})
	}
	return out, err
}

// sized notes how many are in the groups that have to do with an application, where the directory tells.
func sized(ctx context.Context, dir patient, s proposal.Source, say func(string)) error {
	sizer, able := idp.As[idp.GroupSizer](dir.Directory)
	related := proposal.Related(s)
	if !able || len(related) == 0 {
		return nil
	}
	var sizes map[string]int
	err := dir.again(ctx, func(ctx context.Context) (err error) {
		sizes, err = sizer.GroupSizes(ctx, related)
		return err
	})
	for i, g := range s.Groups {
		if n, known := sizes[g.ID]; known {
			s.Groups[i].Members = n
		}
	}
	say(fmt.Sprintf("%d of %d groups counted", len(sizes), len(related)))
	return err
}

// assignedTo asks each application for its groups. One that can't be read ends the import: what would be proposed without it
// would leave groups out that it has.
func assignedTo(ctx context.Context, dir patient, lister idp.AppLister, apps []idp.App, say func(string)) ([]proposal.App, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, places := make([]proposal.App, len(apps)), make(chan int)
	var all sync.WaitGroup
	told := &progress{of: len(apps), say: say}
	for range min(importsAtOnce, len(apps)) {
		all.Go(func() {
			for i := range places {
				if err := assignedOne(ctx, dir, lister, apps[i], &out[i]); err != nil {
					cancel(err)
				}
				told.one()
			}
		})
	}
	for i := range apps {
		if ctx.Err() != nil {
			break
		}
		places <- i
	}
	close(places)
	all.Wait()
	return out, context.Cause(ctx)
}

func assignedOne(ctx context.Context, dir patient, lister idp.AppLister, a idp.App, into *proposal.App) error {
	*into = proposal.App{ID: a.ID, Name: a.Name, Kind: a.Kind, Active: a.Active, Why: a.Why, InPerson: -1}
	if a.Why != "" || !a.Active { // nobody is to ask for it, whoever has it
		return ctx.Err()
	}
	var to idp.Assignments
	err := dir.again(ctx, func(ctx context.Context) (err error) {
		to, err = lister.Assignments(ctx, a.ID)
		return err
	})
	if errors.Is(err, idp.ErrNotFound) {
		into.Why = "It was listed, and then wasn't there any more."
		return nil
	}
	if err != nil {
		return err
	}
	if to.InPerson.Known {
		into.InPerson = to.InPerson.N
	}
	into.Owners = to.Owners
	for _, g := range to.Groups {
		into.Groups = append(into.Groups, proposal.Assignment{GroupID: g.GroupID, Role: g.Role})
	}
	return nil
}

// patient is a directory that is asked again where it only had a bad moment: an import makes hundreds of calls, and one of
// them would end it.
type patient struct {
	idp.Directory
	clock clock.Clock
}

// importTries is how often a call is made, with a pause that grows in between.
const importTries = 4

// again makes a call, and makes it again unless its answer is final.
func (p patient) again(ctx context.Context, call func(context.Context) error) (err error) {
	for try := range importTries {
		if try > 0 {
			passed, stop := p.clock.Until(p.clock.Now().Add(time.Duration(try*try) * 2 * time.Second))
			select {
			case <-passed:
			case <-ctx.Done():
			}
			stop()
		}
		bounded, cancel := context.WithTimeout(ctx, importCallTime)
		err = call(bounded)
		cancel()
		final := errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrRefused) || errors.Is(err, idp.ErrAmbiguous)
		if err == nil || final || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// progress says every tenth part how far it has come.
type progress struct {
	mu   sync.Mutex
	done int
	of   int
	say  func(string)
}

func (p *progress) one() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.done == p.of || p.done*10/p.of != (p.done-1)*10/p.of {
		p.say(fmt.Sprintf("%d of %d applications asked for their groups", p.done, p.of))
	}
}

// asked counts what closed requests were about. Whatever keeps it from that is said, and the order is another one.
func asked(ctx context.Context, c *config.Config, apps []proposal.App, with environment) (*proposal.Asked, string) {
	const otherwise = " The largest groups come first."
	client, err := openJira(c, with, with.way("jira"))
	if err != nil {
		return nil, "Jira can't be asked what was requested: " + Sentence(err) + otherwise
	}
	ctx, cancel := context.WithTimeout(ctx, importCallTime)
	defer cancel()
	titles, err := client.Archive.ClosedTitles(ctx, c.Jira.Project, requestsWithin, requestsAtMost)
	switch {
	case err != nil:
		return nil, "Jira can't be read, so it isn't known what is requested most: " + Sentence(err) + otherwise
	case len(titles) == 0:
		return nil, fmt.Sprintf("Jira shows no closed issue of project %s of the last 12 months, so it isn't known what is requested most.", c.Jira.Project) + otherwise
	}
	count := proposal.NewAsked(apps)
	for _, t := range titles {
		count.Add(t)
	}
	return count, fmt.Sprintf("What was requested most comes first, by the titles of %s of project %s of the last 12 months.", closedIssues(len(titles)), c.Jira.Project)
}

func closedIssues(n int) string {
	switch {
	case n == 1:
		return "1 closed issue"
	case n >= requestsAtMost:
		return fmt.Sprintf("the newest %d closed issues", n)
	}
	return fmt.Sprintf("%d closed issues", n)
}
