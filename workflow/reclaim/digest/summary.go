package digest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/reclaim"
)

// Summary is how seats stand, and what became of questions about them in a period.
type Summary struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Read   time.Time `json:"read"`
	AtMost int       `json:"at_most"` // how many people are asked in one turn
	Apps   []App     `json:"apps"`    // in configured order
}

// App is how the seats of one app stand.
type App struct {
	ID        string                      `json:"id"`
	Name      string                      `json:"name"`
	Accounts  int                         `json:"accounts"`  // in its groups, as the directories list them: as many as all standings have
	Standings map[access.SeatStanding]int `json:"standings"` // accounts, by how their seats stand
	Idle      int                         `json:"idle"`      // seats that nobody uses, with those about which somebody was asked
	Unread    string                      `json:"unread,omitempty"`
	Seat      catalog.Seat                `json:"seat"`
	Period    Period                      `json:"period"`
	Became    []Became                    `json:"became"` // what the period's figures are about, by question
	Seats     []Seat                      `json:"seats"`
}

// Seat is somebody's seat of an app.
type Seat struct {
	Person   access.PersonID     `json:"person,omitempty"` // empty where no grant says whose it is
	Name     string              `json:"name"`
	Accounts []string            `json:"accounts"` // addresses, or else the directory's ids
	Roles    []string            `json:"roles"`
	Standing access.SeatStanding `json:"standing"`
	Why      string              `json:"why,omitempty"`
	Case     string              `json:"case,omitempty"` // the question about it that is open
	Seen     access.Idleness     `json:"seen"`
}

// Period is what became of questions in a period.
type Period struct {
	Asked    int `json:"asked"`    // for the first time
	Needed   int `json:"needed"`   // that are still needed, as their holders say: appeals
	Returned int `json:"returned"` // that their holders gave back, and that were seen to be gone
	Used     int `json:"used"`     // that were used again
	LeftOut  int `json:"left_out"` // by IT or an owner
	Removed  int `json:"removed"`  // seen to be gone without an answer
	Lowered  int `json:"lowered"`  // of those, with a lower role in their place
	Restored int `json:"restored"` // that were given back to their holders: rollbacks
}

// Became is what became of one question in a period.
type Became struct {
	Case   string `json:"case"`
	Name   string `json:"name"`
	Issue  string `json:"issue,omitempty"`
	Period Period `json:"period"` // what it adds to the figures
}

// Came is how many seats came back.
func (p Period) Came() int { return p.Removed + p.Returned }

// plus are the figures of two together.
func (p Period) plus(o Period) Period {
	return Period{p.Asked + o.Asked, p.Needed + o.Needed, p.Returned + o.Returned, p.Used + o.Used, p.LeftOut + o.LeftOut, p.Removed + o.Removed, p.Lowered + o.Lowered, p.Restored + o.Restored}
}

// All are the figures of all apps.
func (s Summary) All() (sum Period) {
	for _, a := range s.Apps {
		sum = sum.plus(a.Period)
	}
	return sum
}

// Previewer reads how seats stand.
type Previewer interface {
	Preview(ctx context.Context) (reclaim.Preview, error)
}

// Service makes summaries. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	seats   Previewer
	catalog func() *catalog.Catalog
	line    string
}

// Config is what the room is made of.
type Config struct {
	Units   *engine.Units
	Seats   Previewer
	Catalog func() *catalog.Catalog
	Line    string // of the calendar; empty: IT isn't told by itself
}

// New makes the room.
func New(c Config) *Service { return &Service{c.Units, c.Seats, c.Catalog, c.Line} }

// Label is what a question is about: the app and the role.
func (s *Service) Label(r access.Reclaim) string {
	return access.Grant{App: r.App, Role: r.Role}.Label(s.catalog())
}

// Summary reads how seats stand at this moment, and what became of questions since one. It changes nothing, and takes as long
// as the directories take.
func (s *Service) Summary(ctx context.Context, from time.Time) (Summary, error) {
	out := Summary{From: from, To: s.units.Now()}
	now, err := s.seats.Preview(ctx)
	if err != nil {
		return out, err
	}
	periods, err := s.periods(ctx, from, out.To)
	if err != nil {
		return out, err
	}
	out.AtMost, out.Read = now.AtMost, out.To
	for _, app := range now.Apps {
		if !app.At.IsZero() && app.At.Before(out.Read) {
			out.Read = app.At
		}
		out.Apps = append(out.Apps, appOf(app, periods[app.App.ID]))
	}
	return out, nil
}

func appOf(a reclaim.App, became []Became) App {
	out := App{ID: a.App.ID, Name: a.App.Name, Accounts: a.Accounts, Idle: a.Idle(), Unread: a.Unread, Seat: a.App.Seat, Became: append([]Became{}, became...), Standings: map[access.SeatStanding]int{}, Seats: []Seat{}}
	for _, b := range became {
		out.Period = out.Period.plus(b.Period)
	}
	for _, s := range access.SeatStandings() {
		if n := a.Count(s); n > 0 {
			out.Standings[s] = n
		}
	}
	for _, seat := range a.Seats {
		out.Seats = append(out.Seats, seatOf(a.App, seat))
	}
	order := access.SeatStandings()
	slices.SortStableFunc(out.Seats, func(x, y Seat) int {
		return cmp.Compare(slices.Index(order, x.Standing), slices.Index(order, y.Standing))
	})
	return out
}

func seatOf(app catalog.App, s reclaim.Seat) Seat {
	out := Seat{Person: s.Person, Name: s.Name, Standing: s.Standing, Why: s.Why, Case: s.Case, Seen: s.Seen}
	for _, p := range s.Places {
		out.Accounts = append(out.Accounts, cmp.Or(p.Email, p.Account))
	}
	for _, g := range s.Grants {
		role, _ := app.Role(g.Role)
		out.Roles = append(out.Roles, cmp.Or(role.Name, g.Role))
	}
	return out
}

// periods are what became of the questions about each app.
func (s *Service) periods(ctx context.Context, from, to time.Time) (map[string][]Became, error) {
	out := map[string][]Became{}
	err := s.units.View(ctx, func(tx store.Tx) error {
		clear(out)
		all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Reclaim, error) {
			return store.Reclaims(tx, after, limit)
		}, func(r access.Reclaim) string { return r.ID }))
		for _, r := range all {
			adds := figuresOf(r, func(at time.Time) int {
				if at.IsZero() || at.Before(from) || at.After(to) {
					return 0
				}
				return 1
			})
			if err != nil || adds == (Period{}) {
				continue
			}
			var p access.Person
			p, err = people.In(tx, r.Person)
			out[r.App] = append(out[r.App], Became{r.ID, p.Display(), r.Issue.Key, adds})
		}
		return err
	})
	return out, err
}

// figuresOf are what one question adds to a period's figures.
func figuresOf(r access.Reclaim, within func(time.Time) int) Period {
	p := Period{Asked: within(r.Created), Restored: within(r.Restored)}
	if r.State == access.ReclaimExempt && r.Asked.IsZero() {
		p.Asked = 0 // it was left out before anybody was asked
	}
	switch r.State {
	case access.ReclaimNeeded:
		p.Needed = within(r.Decided)
	case access.ReclaimInUse:
		p.Used = within(r.Decided)
	case access.ReclaimExempt:
		p.LeftOut = within(r.Decided)
	case access.ReclaimRemoved:
		gone := r.Outcome == access.ReclaimGone || r.Outcome == access.ReclaimDowngraded
		switch {
		case !gone:
		case r.By.Person != "":
			p.Returned = within(r.Settled)
		default:
			p.Removed = within(r.Settled)
		}
		if r.Outcome == access.ReclaimDowngraded {
			p.Lowered = within(r.Settled)
		}
	}
	return p
}
