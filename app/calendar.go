package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/birthright"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/reclaim"
	"latchkey/workflow/reclaim/digest"
	"latchkey/workflow/reconcile"
	"latchkey/workflow/weekly"
)

// Calendar tells what the Latchkey of this process will do by itself next, by what it keeps: for those who move its clock.
type Calendar struct {
	catalog *catalog.Catalog

	mu    sync.Mutex
	store store.Store
}

// Turn is something that will be done at a moment.
type Turn struct {
	At      time.Time
	What    string
	Routine bool // it comes again and again, and may find nothing to do
}

// NewCalendar is one that names things as a catalogue does.
func NewCalendar(c *catalog.Catalog) *Calendar { return &Calendar{catalog: c} }

// Keep is what Hooks.Store has to be, for the calendar to know the store.
func (c *Calendar) Keep(s store.Store) store.Store {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.store = s
	return s
}

// kept is the store, if it is known.
func (c *Calendar) kept() store.Store {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.store
}

// Busy tells whether something is under way at a moment, or begins a little later.
func (c *Calendar) Busy(ctx context.Context, now time.Time) (busy bool, err error) {
	s := c.kept()
	if s == nil {
		return false, nil
	}
	const soon, looked = 2 * time.Second, 200
	err = s.View(ctx, func(tx store.Tx) error {
		tasks, err := tx.Tasks("", 0, looked)
		busy = slices.ContainsFunc(tasks, func(t store.Task) bool {
			return t.State == store.Claimed || t.State == store.Ready && t.NotBefore.Before(now.Add(soon))
		})
		return err
	})
	return busy, err
}

// Ahead is what will be done, the earliest first: of each kind of things no more than a few. Nothing is known of it before
// Latchkey has opened its store, nor after it was closed.
func (c *Calendar) Ahead(ctx context.Context, each int) (all []Turn, err error) {
	s := c.kept()
	if s == nil {
		return nil, nil
	}
	err = s.View(ctx, func(tx store.Tx) error {
		all, err = c.read(agenda{tx, c.catalog}, each)
		return err
	})
	slices.SortStableFunc(all, func(a, b Turn) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.What, b.What)) })
	return all, err
}

// far is later than anything that is due.
func far() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

func (c *Calendar) read(a agenda, each int) (all []Turn, err error) {
	for kind, says := range a.kinds() {
		rows, err := a.tx.Due(kind, far(), each)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			turns, err := says(row.ID)
			if err != nil {
				continue // what can't be read is told of elsewhere
			}
			all = append(all, slices.DeleteFunc(turns, func(t Turn) bool { return t.At.IsZero() || t.What == "" })...)
		}
	}
	return all, nil
}

// agenda words what is due.
type agenda struct {
	tx      store.Tx
	catalog *catalog.Catalog
}

// kinds are those of which something becomes due, and what that is of one of them.
func (a agenda) kinds() map[string]func(id string) ([]Turn, error) {
	return map[string]func(string) ([]Turn, error){"grant": a.grant, "request": a.request, "campaign": a.campaign, "reclaim": a.reclaim, "duty": a.duty}
}

// whose is a name with what belongs to its bearer.
func (a agenda) whose(who access.PersonID, what string) (string, error) {
	p, err := store.Person(a.tx, who)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return cmp.Or(p.Name, string(p.Email), string(who)) + "'s " + what, err
}

func (a agenda) grant(id string) ([]Turn, error) {
	g, err := store.Grant(a.tx, id)
	if err != nil {
		return nil, err
	}
	what, err := a.whose(g.Person, g.Label(a.catalog))
	if g.Planned() {
		return []Turn{{At: g.Starts, What: what + " begins"}}, err
	}
	all := []Turn{{At: g.FollowUp.Next, What: what + ": whoever has to act is asked again"}}
	if g.State == access.GrantActive && !g.Disputed {
		all = append(all, Turn{At: g.Remind, What: what + ": they are reminded that it ends"}, Turn{At: g.Ends, What: what + " ends"})
	}
	return all, err
}

func (a agenda) request(id string) ([]Turn, error) {
	r, err := store.Request(a.tx, id)
	if err != nil {
		return nil, err
	}
	label := cmp.Or(r.Unlisted, r.App+" · "+r.Role)
	if app, role, ok := a.catalog.Role(r.App, r.Role); ok {
		label = app.Name + " · " + role.Name
	}
	what, err := a.whose(r.Beneficiary, label)
	switch {
	case r.UnderReview():
		return []Turn{{At: r.Due(), What: what + ": whether the emergency was right is asked again"}}, err
	case r.State != access.RequestPending || r.Answered(): // it may be looked again who decides, of which nobody sees anything
		return nil, err
	}
	return []Turn{{At: r.FollowUp.Next, What: what + ": whoever decides is reminded, or others are asked"}, {At: r.Lapses, What: what + ": the request lapses"}}, err
}

func (a agenda) campaign(id string) ([]Turn, error) {
	c, err := store.Campaign(a.tx, id)
	if err != nil {
		return nil, err
	}
	what := ": reviewers are reminded, or its time is up"
	if c.State == access.CampaignEnforcing {
		what = ": it is looked whether what was revoked is gone"
	}
	return []Turn{{At: c.DueAt(), What: "The review “" + c.Review.Name + "”" + what}}, nil
}

func (a agenda) reclaim(id string) ([]Turn, error) {
	r, err := store.Reclaim(a.tx, id)
	if err != nil {
		return nil, err
	}
	app, _ := a.catalog.App(r.App)
	what, err := a.whose(r.Person, "idle seat of "+cmp.Or(app.Name, r.App))
	if what += ": without an answer it comes back"; r.State == access.ReclaimPostponed {
		what = strings.TrimSuffix(what, "without an answer it comes back") + "they are asked again"
	}
	return []Turn{{At: r.DueAt(), What: what}}, err
}

// routines are what the duties that people notice do.
func routines() map[string]string {
	return map[string]string{
		reclaim.Duty:    "Idle seats are looked for, and their holders asked",
		digest.Duty:     "IT reads how the seats stand",
		weekly.Duty:     "IT reads the figures of the week",
		reconcile.Duty:  "Groups are compared with the record",
		birthright.Duty: "Joiners, movers and leavers: what comes with who somebody is",
	}
}

func (a agenda) duty(name string) ([]Turn, error) {
	d, err := store.LoadDuty(a.tx, name)
	if err != nil {
		return nil, err
	}
	what := routines()[name]
	review, is := strings.CutPrefix(name, campaigns.DutyPrefix)
	if is {
		what = "The review “" + review + "” begins"
	}
	return []Turn{{At: d.Next, What: what, Routine: !is}}, nil
}
