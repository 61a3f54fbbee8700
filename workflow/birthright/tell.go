package birthright

import (
	"context"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// named is how many people a message names of those for whom the same happens.
const named = 5

// summary says what is to be done, by role: how many get it, how many lose it, and the first of them.
func summary(tx store.Tx, known *catalog.Catalog, all []planned) (lines []string, err error) {
	who, order := map[string][]access.PersonID{}, []string(nil)
	for _, p := range all {
		for _, c := range p.changes {
			line := "loses " + catalog.RoleRef{App: c.App, Role: c.Role}.String() + ", of the rule " + c.Rule
			if c.Gives {
				line = "gets " + catalog.RoleRef{App: c.App, Role: c.Role}.String() + ", by the rule " + c.Rule
			}
			if who[line] == nil {
				order = append(order, line)
			}
			who[line] = append(who[line], p.who)
		}
	}
	slices.Sort(order)
	for _, line := range order {
		var names []string
		for _, id := range who[line][:min(named, len(who[line]))] {
			name, err := people.ContactIn(tx, id)
			if err != nil {
				return nil, err
			}
			names = append(names, name)
		}
		if more := len(who[line]) - named; more > 0 {
			names = append(names, fmt.Sprintf("and %d more", more))
		}
		lines = append(lines, fmt.Sprintf("• %s %s: %s", several(len(who[line])), line, strings.Join(names, ", ")))
	}
	return lines, nil
}

func several(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people, each", n)
}

// tellQuestion asks IT whether what would happen at once is meant.
func tellQuestion(u *engine.Unit, known *catalog.Catalog, id string, open []planned, again bool) error {
	lines, err := summary(u.Tx, known, open)
	if err != nil {
		return err
	}
	title := fmt.Sprintf("Birthrights would change the access of %s at once: is that meant?", count(len(open), "person", "people"))
	if again {
		title = fmt.Sprintf("Still unanswered: birthrights would change the access of %s at once", count(len(open), "person", "people"))
	}
	lines = append(lines, "Nothing of this happens until somebody of IT says so. If it isn't meant, look at the rules and at what the directory says of these people.")
	return notify.Ask(u, "birthright/ask/"+id, notify.Question{Kind: notify.AskBirthrights, ID: id}, title, lines...)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// tellAnswer writes down and says who has answered, and what.
func tellAnswer(u *engine.Unit, id string, n int, yes bool, by access.Actor) error {
	name := "The command line"
	if by.Person != "" {
		var err error
		if name, err = people.ContactIn(u.Tx, by.Person); err != nil {
			return err
		}
	}
	title := fmt.Sprintf("%s lets %s of birthrights through", name, count(n, "change", "changes"))
	if !yes {
		title = fmt.Sprintf("%s leaves %s of birthrights undone", name, count(n, "change", "changes"))
	}
	e := access.Event{Kind: access.EventNote, At: u.At, Actor: by, Note: title + "."}
	if _, err := u.Append(e); err != nil {
		return err
	}
	return notify.Announce(u, "birthright/answer/"+id, "", title, "Each is looked at once more before it is done.")
}

// tellDryRun says what would be done.
func tellDryRun(u *engine.Unit, known *catalog.Catalog, all []planned) error {
	if len(all) == 0 {
		return nil
	}
	lines, err := summary(u.Tx, known, all)
	if err != nil {
		return err
	}
	// Once a day, and again where it is twice as much by then.
	return notify.Alert(u, fmt.Sprintf("birthright/dry-run/%d", bits.Len(uint(len(all)))), fmt.Sprintf("Dry run: birthrights would change the access of %s", count(len(all), "person", "people")),
		append(lines, "Nothing is changed while birthrights.dry_run is true. latchkey birthright plan says it for everybody.")...)
}

// manyMoved is of how many movers in an hour IT and owners are told one by one.
const manyMoved = 10

// moved writes down that somebody isn't any more who they were, and says what becomes of what they have: to them, to their manager,
// to the owners of what they keep, and to IT.
func (s *Service) moved(u *engine.Unit, who access.PersonID, v view, counts []access.BirthrightChange, has []access.Grant) error {
	var ends []string
	var first time.Time
	for _, c := range counts {
		if !c.Gives {
			ends = append(ends, fmt.Sprintf("• %s, at %s: %s", catalogLabel(v.known, c), access.FullMoment(c.Ends), c.Why))
			first = c.Ends
		}
	}
	if len(ends) == 0 || v.known.Birthrights().DryRun {
		return nil
	}
	name, err := people.ContactIn(u.Tx, who)
	if err != nil {
		return err
	}
	keeps, owners := kept(v.known, has)
	e := access.Event{Kind: access.EventMoved, At: u.At, Person: who, Actor: access.System(), Until: first, Note: name + " isn't any more who some birthrights are for. What ends: " + strings.Join(ends, "; ") + ". What they keep, having asked for it: " + orNone(keeps) + "."}
	if e, err = u.Append(e); err != nil {
		return err
	}
	mine := append([]string{"What came with your job as it was ends:"}, ends...)
	if len(keeps) > 0 {
		mine = append(mine, "What you asked for stays. If you don't need it any more, please give it back: "+strings.Join(keeps, ", ")+".")
	}
	if err := notify.Announce(u, "moved/"+e.ID, who, "Your access changes with your job", mine...); err != nil {
		return err
	}
	return s.tellOthers(u, e, v, name, ends, keeps, owners)
}

func orNone(all []string) string {
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

func catalogLabel(known *catalog.Catalog, c access.BirthrightChange) string {
	return access.Grant{App: c.App, Role: c.Role}.Label(known)
}

// kept is what somebody has that didn't come by a birthright, and whose apps these are.
func kept(known *catalog.Catalog, has []access.Grant) (keeps []string, owners []access.Email) {
	for _, g := range has {
		if !g.Live() || g.Source == access.SourceBirthright {
			continue
		}
		until := ""
		if !g.Ends.IsZero() {
			until = " until " + access.FullMoment(g.Ends)
		}
		keeps = append(keeps, g.Label(known)+until)
		app, _ := known.App(g.App)
		for _, o := range app.Owners {
			if a := access.NewEmail(o); !slices.Contains(owners, a) {
				owners = append(owners, a)
			}
		}
	}
	return keeps, owners
}

// tellOthers says it to the manager, the owners and IT. Where many move within an hour, they read it once.
func (s *Service) tellOthers(u *engine.Unit, e access.Event, v view, name string, ends, keeps []string, owners []access.Email) error {
	n, _, err := u.Counts("birthright/movers", time.Hour)
	if err != nil {
		return err
	}
	if n > manyMoved {
		return notify.Alert(u, "birthright/many-movers", "Many people have moved: their old access is in the log", "Those who follow within an hour aren't told one by one. What ends and what they keep is in latchkey evidence trace, for each.")
	}
	title := name + " has moved: see what they still have"
	lines := append([]string{"What came with their job ends:"}, ends...)
	if len(keeps) > 0 {
		lines = append(lines, "What they asked for stays, so please look whether they still need it: "+strings.Join(keeps, ", ")+".")
	}
	if v.manager.ID != "" {
		if err := notify.Announce(u, "moved/"+e.ID+"/manager", v.manager.ID, title, lines...); err != nil {
			return err
		}
	}
	if err := notify.Announce(u, "moved/"+e.ID+"/it", "", title, lines...); err != nil || len(owners) == 0 {
		return err
	}
	body, err := engine.Payload(movedTo{e.ID, e.Person, v.manager.ID, owners, title, lines})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "birthright/moved/" + e.ID, Queue: engine.HouseQueue, Kind: MovedTask, Priority: store.Notices, Payload: body})
	return err
}

// MovedTask is the kind of task that tells owners of what a mover keeps.
const MovedTask = "birthright.moved"

// movedTo is the payload of a MovedTask.
type movedTo struct {
	Event   string
	Person  access.PersonID
	Manager access.PersonID // who was told already
	Owners  []access.Email
	Title   string
	Lines   []string
}

// tellOwners carries a MovedTask out. An address that names nobody for certain is left out.
func (s *Service) tellOwners(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[movedTo](t)
	if err != nil {
		return nil, err
	}
	var to []access.PersonID
	for _, a := range p.Owners {
		o, err := s.people.Meant(ctx, a)
		if people.Softly(err) != nil {
			return nil, err
		}
		if err == nil && o.ID != "" && o.ID != p.Person && o.ID != p.Manager && !slices.Contains(to, o.ID) {
			to = append(to, o.ID)
		}
	}
	return func(u *engine.Unit) error {
		for _, o := range to {
			if err := notify.Announce(u, "moved/"+p.Event+"/"+string(o), o, p.Title, p.Lines...); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
