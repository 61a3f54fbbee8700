package reclaim

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Place is one account by which somebody has a seat of an app.
type Place struct {
	Directory string
	Account   string // the directory's own id
	Email     string
	Groups    []catalog.GroupRef // of the app, that it is in
}

// Seat is somebody's seat of an app, and how it stands.
type Seat struct {
	Person access.PersonID // empty where no grant says whose it is
	Name   string
	Grants []access.Grant // by which it is held, the latest first
	Places []Place        // where it was seen
	Rule   catalog.Reclaim
	access.SeatJudgement
}

// App is how the seats of an app stand.
type App struct {
	App      catalog.App
	At       time.Time // when it was read
	Accounts int       // in its groups, as the directories list them, each once: as many as its seats have places
	Seats    []Seat    // by name
	Unread   string    // why they couldn't be read, in words for IT; empty: they were
}

// Count is how many accounts of an app have seats that stand in a way.
func (a App) Count(s access.SeatStanding) (n int) {
	for _, seat := range a.Seats {
		if seat.Standing == s {
			n += len(seat.Places)
		}
	}
	return n
}

// judge says how the seats of an app stand, by what was seen and what the store knows.
func (s *seats) judge(ctx context.Context, seen sight) (App, error) {
	out := App{App: seen.app, At: seen.at, Unread: seen.unread, Accounts: len(seen.order)}
	if seen.unread != "" {
		out.Accounts = 0
		return out, nil
	}
	err := s.units.View(ctx, func(tx store.Tx) error {
		j := judging{tx: tx, seen: seen, at: s.units.Now(), seats: map[access.PersonID]*Seat{}}
		if err := j.gather(); err != nil {
			return err
		}
		all, err := j.judged()
		out.Seats = all
		return err
	})
	return out, err
}

// of is how somebody's seat of an app stands, read lately; why says that it isn't known. A seat that isn't there any more has no
// places.
func (s *seats) of(ctx context.Context, app catalog.App, who access.PersonID) (seat Seat, why string, err error) {
	seen, err := s.lookNow(ctx, app)
	if err != nil {
		return seat, "", err
	}
	now, err := s.judge(ctx, seen)
	if err != nil || now.Unread != "" {
		return seat, now.Unread, err
	}
	i := slices.IndexFunc(now.Seats, func(o Seat) bool { return o.Person == who })
	if i < 0 {
		return seat, "", nil
	}
	return now.Seats[i], "", nil
}

// judging puts together what is known of the seats of an app.
type judging struct {
	tx     store.Tx
	seen   sight
	at     time.Time
	grants map[access.PersonID][]access.Grant
	holder map[accountKey]access.PersonID // by which grants explain an account's memberships
	seats  map[access.PersonID]*Seat
	loose  []Seat // of nobody that a grant names
}

// gather sorts accounts to whom grants say they belong.
func (j *judging) gather() error {
	held, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
		return store.OpenGrantsOn(j.tx, j.seen.app.ID, after, limit)
	}, query.GrantID))
	if err == nil && len(damage) > 0 {
		err = damage
	}
	if err != nil {
		return err
	}
	j.grants, j.holder = map[access.PersonID][]access.Grant{}, map[accountKey]access.PersonID{}
	for _, g := range held {
		j.grants[g.Person] = append(j.grants[g.Person], g)
		for _, e := range g.Entitlements {
			if e.Account != "" && g.Explains(e.Group) {
				j.holder[accountKey{e.Group.Directory, e.Account}] = g.Person
			}
		}
	}
	for _, key := range j.seen.order {
		j.add(key)
	}
	return nil
}

// add notes an account as a place of its holder's seat.
func (j *judging) add(key accountKey) {
	place := j.seen.accounts[key].Place
	who, known := j.holder[key]
	if !known {
		j.loose = append(j.loose, Seat{Name: cmp.Or(place.Email, place.Account), Places: []Place{place}, SeatJudgement: access.SeatFacts{}.Judge(j.at)})
		return
	}
	if j.seats[who] == nil {
		j.seats[who] = &Seat{Person: who, Grants: latestFirst(j.grants[who])}
	}
	j.seats[who].Places = append(j.seats[who].Places, place)
}

func latestFirst(all []access.Grant) []access.Grant {
	return slices.SortedFunc(slices.Values(all), func(a, b access.Grant) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(a.ID, b.ID))
	})
}

func (j *judging) judged() ([]Seat, error) {
	out := j.loose
	for _, seat := range j.seats {
		f, err := j.factsOf(seat)
		if err != nil {
			return nil, err
		}
		seat.SeatJudgement = f.Judge(j.at)
		out = append(out, *seat)
	}
	slices.SortFunc(out, func(a, b Seat) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Places[0].Account, b.Places[0].Account))
	})
	return out, nil
}

// factsOf are those of a seat, whose name and rule it finds on the way.
func (j *judging) factsOf(seat *Seat) (access.SeatFacts, error) {
	p, err := people.In(j.tx, seat.Person)
	if err != nil {
		return access.SeatFacts{}, err
	}
	seat.Name, seat.Rule = p.Display(), ruleOf(j.seen.app, seat.Grants)
	f := access.SeatFacts{Rule: seat.Rule, Grants: seat.Grants, Absent: p.AbsentUntil(), Left: p.Departed()}
	for _, place := range seat.Places {
		a := j.seen.accounts[accountKey{place.Directory, place.Account}]
		f.Left = f.Left || a.status != idp.Active
		f.SignedIn = signedIn(f.SignedIn, a, j.seen.at)
		f.Beside = f.Beside || slices.ContainsFunc(place.Groups, func(ref catalog.GroupRef) bool { return !explained(seat.Grants, place, ref) })
	}
	r := j.reported(*seat, p)
	f.Unread, f.Failed = r.why, r.failed
	if r.source != "" {
		f.App = j.lastOf(*seat, p, r)
	}
	f.LeftOut = j.exempt(*seat, p)
	if f.Before, err = store.ReclaimsOfSeat(j.tx, seat.Person, j.seen.app.ID); err != nil {
		return f, fmt.Errorf("what was asked of a seat before: %w", err)
	}
	return f, nil
}

// ruleOf is the most careful setting of the roles by which a seat is held. A role that isn't configured any more has none.
func ruleOf(app catalog.App, grants []access.Grant) (rule catalog.Reclaim) {
	for i, g := range grants {
		r, _ := app.Role(g.Role)
		if i == 0 {
			rule = r.Reclaim
			continue
		}
		rule = rule.Stricter(r.Reclaim)
	}
	return rule
}

// explained reports whether one of some grants is why an account is in a group.
func explained(grants []access.Grant, at Place, ref catalog.GroupRef) bool {
	return slices.ContainsFunc(grants, func(g access.Grant) bool {
		e, _ := g.Entitlement(ref)
		return e.Account == at.Account && g.Explains(ref)
	})
}

// signInShows is how late a sign-in to the directory may show on the account: no directory says, and a day is known.
const signInShows = 2 * catalog.Day

// signedIn adds the last sign-in to a directory. Of several accounts the latest counts, and one of which none is known has
// nothing be known of all.
func signedIn(so access.Idleness, a *account, at time.Time) access.Idleness {
	const source = "sign-ins to the directory"
	known := so.Read.IsZero() || so.Source != ""
	so.Read = at
	if !known || a.lastLogin.IsZero() {
		return access.Idleness{Read: at}
	}
	so.Source, so.By, so.Complete = source, catalog.DirectorySignIn, at.Add(-signInShows)
	if a.lastLogin.After(so.Last) {
		so.Last = a.lastLogin
	}
	return so
}

// reported is what is known of the use of what a seat opens.
func (j *judging) reported(seat Seat, p access.Person) report {
	var all []report
	for _, place := range seat.Places {
		for _, ref := range place.Groups {
			if r, there := j.seen.byGroup[ref]; there {
				all = append(all, r)
			}
		}
	}
	for directory, r := range j.seen.byUse {
		if accountIn(seat, p, directory) == "" {
			r = unknown("No account of theirs is known in the directory %s, where its use shows.", directory)
		}
		all = append(all, r)
	}
	return joined(all)
}

// lastOf is the last use of a seat, of all its accounts.
func (j *judging) lastOf(seat Seat, p access.Person, r report) access.Idleness {
	out := r.of("")
	last := func(r report, account string) {
		if at := r.last[account]; at.After(out.Last) {
			out.Last = at
		}
	}
	for _, place := range seat.Places {
		for _, ref := range place.Groups {
			last(j.seen.byGroup[ref], place.Account)
		}
	}
	for directory, r := range j.seen.byUse {
		last(r, accountIn(seat, p, directory))
	}
	return out
}

// accountIn is the account of a seat's holder in a directory; "" if none is known.
func accountIn(seat Seat, p access.Person, directory string) string {
	i := slices.IndexFunc(seat.Places, func(at Place) bool { return at.Directory == directory })
	if i >= 0 {
		return seat.Places[i].Account
	}
	return p.Account(directory)
}

// exempt says why the configuration leaves a seat out; "" if it doesn't.
func (j *judging) exempt(seat Seat, p access.Person) string {
	for _, e := range seat.Rule.Exempt {
		if !e.Until.IsZero() && !j.at.Before(e.Until) {
			continue
		}
		in := e.Person != "" && p.MeantByOneOf([]string{e.Person})
		if in || e.Person == "" && j.seen.leftOut[e.Group].has(seat, p, e.Group.Directory) {
			return leftOutBecause(e)
		}
	}
	return ""
}

func leftOutBecause(e catalog.ReclaimExempt) string {
	if e.Until.IsZero() {
		return e.Why
	}
	return fmt.Sprintf("%s (until %s)", e.Why, e.Until.UTC().Format("2 January 2006"))
}
