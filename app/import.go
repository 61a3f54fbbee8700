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
	source, err := readSource(ctx, dir, how.Say)
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

// readSource reads applications, groups and who is assigned.
func readSource(ctx context.Context, dir idp.Directory, say func(string)) (proposal.Source, error) {
	s := proposal.Source{Directory: dir.ID()}
	groups, err := importedGroups(ctx, dir)
	if err != nil {
		return s, err
	}
	say(fmt.Sprintf("%d groups", len(groups)))
	s.Groups = groups
	lister, able := idp.As[idp.AppLister](dir)
	if !able {
		s.Apps = proposal.Inferred(groups)
		say(fmt.Sprintf("it doesn't say which applications there are, so %d are guessed from what groups are called", len(s.Apps)))
		return s, nil
	}
	call, cancel := context.WithTimeout(ctx, importCallTime)
	defer cancel()
	apps, err := lister.Apps(call)
	if err != nil {
		return s, err
	}
	say(fmt.Sprintf("%d applications", len(apps)))
	s.Apps, err = assignedTo(ctx, lister, apps, say)
	return s, err
}

// importedGroups are all groups with how many are in them, where the directory tells.
func importedGroups(ctx context.Context, dir idp.Directory) ([]proposal.Group, error) {
	ctx, cancel := context.WithTimeout(ctx, importCallTime)
	defer cancel()
	lister, able := idp.As[idp.Lister](dir)
	if !able {
		return nil, fmt.Errorf("%s can't list its groups: %w", dir.ID(), idp.ErrRefused)
	}
	found, err := lister.Groups(ctx, "")
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, g := range found {
		ids = append(ids, g.ID)
	}
	sizes := map[string]int{}
	if sizer, able := idp.As[idp.GroupSizer](dir); able {
		if sizes, err = sizer.GroupSizes(ctx, ids); err != nil {
			return nil, err
		}
	}
	var out []proposal.Group
	for _, g := range found {
		n, known := sizes[g.ID]
		if !known {
			n = -1
		}
		out = append(out, proposal.Group{ID: g.ID, Name: g.Name, Governable: g.Governable, Why: g.Why, Members: n})
	}
	return out, nil
}

// assignedTo asks each application for its groups. One that can't be read ends the import: what would be proposed without it
// would leave groups out that it has.
func assignedTo(ctx context.Context, lister idp.AppLister, apps []idp.App, say func(string)) ([]proposal.App, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, places := make([]proposal.App, len(apps)), make(chan int)
	var all sync.WaitGroup
	told := &progress{of: len(apps), say: say}
	for range min(importsAtOnce, len(apps)) {
		all.Go(func() {
			for i := range places {
				if err := assignedOne(ctx, lister, apps[i], &out[i]); err != nil {
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

func assignedOne(ctx context.Context, lister idp.AppLister, a idp.App, into *proposal.App) error {
	ctx, cancel := context.WithTimeout(ctx, importCallTime)
	defer cancel()
	*into = proposal.App{ID: a.ID, Name: a.Name, Kind: a.Kind, Active: a.Active, Why: a.Why, Owners: a.Owners, InPerson: -1}
	if a.Why != "" || !a.Active { // nobody is to ask for it, whoever has it
		return ctx.Err()
	}
	to, err := lister.Assignments(ctx, a.ID)
	if err != nil {
		return err
	}
	if to.InPerson.Known {
		into.InPerson = to.InPerson.N
	}
	for _, g := range to.Groups {
		into.Groups = append(into.Groups, proposal.Assignment{GroupID: g.GroupID, Role: g.Role})
	}
	return nil
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
