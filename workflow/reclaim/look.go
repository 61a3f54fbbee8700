package reclaim

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Groups knows which groups the configuration means.
type Groups interface {
	// Members are a group and who is in it.
	Members(ctx context.Context, ref catalog.GroupRef) (idp.Group, []idp.Membership, error)
}

// seats read who has a seat of an app, and say how each of them stands. They change nothing.
type seats struct {
	units    *engine.Units
	dirs     people.Directories
	groups   Groups
	log      *slog.Logger
	sights   lately[string, sight]               // by app
	listings lately[string, map[string][]string] // by directory: applications, by group
	reports  lately[[2]string, report]           // by directory and application
}

// account is one account in the groups of an app.
type account struct {
	Place
	status    idp.Status
	lastLogin time.Time
}

// accountKey names an account among directories.
type accountKey struct{ directory, id string }

// sight is what the directories showed of an app at one moment.
type sight struct {
	app      catalog.App
	at       time.Time
	accounts map[accountKey]*account
	order    []accountKey // as they were met
	byGroup  map[catalog.GroupRef]report
	byUse    map[string]report           // by directory, where the app names in whose sign-ins its use shows
	leftOut  map[catalog.GroupRef]circle // who is in the groups that are left out
	unread   string                      // why it couldn't be read, in words; empty: it was
}

// circle is who is in a group that is left out.
type circle struct {
	accounts  map[string]bool
	addresses []string
}

func circleOf(members []idp.Membership) circle {
	out := circle{accounts: map[string]bool{}}
	for _, m := range members {
		out.accounts[m.PersonID] = true
		out.addresses = append(out.addresses, m.Email)
	}
	return out
}

// has tells whether the holder of a seat is in it, by any of their accounts in its directory. Where none is known, because the seat is
// in another directory, their addresses are enough: nothing is taken from anybody because of that.
func (c circle) has(seat Seat, p access.Person, directory string) bool {
	own := p.Account(directory)
	in, known := c.accounts[own], own != ""
	for _, at := range seat.Places {
		if at.Directory == directory {
			in, known = in || c.accounts[at.Account], true
		}
	}
	return in || !known && p.MeantByOneOf(c.addresses)
}

// errUnread is why a sight isn't kept.
var errUnread = errors.New("it couldn't be read")

// lookNow reads an app, unless that was done less than a minute ago.
func (s *seats) lookNow(ctx context.Context, app catalog.App) (sight, error) {
	seen, err := s.sights.of(ctx, s.units.Now, app.ID, func(ctx context.Context) (sight, error) {
		seen, err := s.look(ctx, app)
		if err == nil && seen.unread != "" {
			err = errUnread
		}
		return seen, err
	})
	if errors.Is(err, errUnread) {
		err = nil
	}
	return seen, err
}

// reclaimed are the apps of which seats come back.
func reclaimed(c *catalog.Catalog) (out []catalog.App) {
	for _, a := range c.Apps() {
		if slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return r.Reclaim.On() }) {
			out = append(out, a)
		}
	}
	return out
}

// look reads who is in the groups of an app, and when it was used. The error is one of ours: what a directory doesn't show
// is in the sight.
func (s *seats) look(ctx context.Context, app catalog.App) (sight, error) {
	out := sight{
		app: app, at: s.units.Now(), accounts: map[accountKey]*account{},
		byGroup: map[catalog.GroupRef]report{}, byUse: map[string]report{}, leftOut: map[catalog.GroupRef]circle{},
	}
	u := s.usageOf(app)
	for _, ref := range groupsOf(app) {
		g, members, err := s.groups.Members(ctx, ref)
		if err != nil {
			return s.unread(ctx, out, ref, err)
		}
		out.met(ref, members)
		if err := u.ofGroup(ctx, ref, g, out.byGroup); err != nil {
			return s.unread(ctx, out, ref, err)
		}
	}
	if err := u.ofUses(ctx, out.byUse); err != nil {
		return s.unread(ctx, out, catalog.GroupRef{}, err)
	}
	for _, ref := range exemptGroups(app) {
		_, members, err := s.groups.Members(ctx, ref)
		if err != nil {
			return s.unread(ctx, out, ref, err)
		}
		out.leftOut[ref] = circleOf(members)
	}
	return out, nil
}

// unread notes that an app couldn't be read. Nobody is asked, and nothing ends, because of what is only known in part.
func (s *seats) unread(ctx context.Context, out sight, ref catalog.GroupRef, err error) (sight, error) {
	f := access.Classify(err)
	if ctx.Err() != nil || f.Class == access.Limited {
		return out, err
	}
	s.log.Warn("the seats of an app couldn't be read", "app", out.app.ID, "group", ref.String(), "error", err)
	out.unread = f.Sentence
	return out, nil
}

// met notes who is in a group of the app.
func (t *sight) met(ref catalog.GroupRef, members []idp.Membership) {
	for _, m := range members {
		key := accountKey{ref.Directory, m.PersonID}
		a := t.accounts[key]
		if a == nil {
			a = &account{Place: Place{Directory: ref.Directory, Account: m.PersonID, Email: m.Email}, status: m.Status, lastLogin: m.LastLogin}
			t.accounts[key] = a
			t.order = append(t.order, key)
		}
		a.Groups = append(a.Groups, ref)
	}
}

// groupsOf are the groups that any role of an app opens, each once.
func groupsOf(app catalog.App) (out []catalog.GroupRef) {
	for _, r := range app.Roles {
		for _, ref := range r.Groups {
			if !slices.Contains(out, ref) {
				out = append(out, ref)
			}
		}
	}
	return out
}

// exemptGroups are those whose members are left out by any role, each once.
func exemptGroups(app catalog.App) (out []catalog.GroupRef) {
	for _, r := range app.Roles {
		for _, e := range r.Reclaim.Exempt {
			if e.Person == "" && !slices.Contains(out, e.Group) {
				out = append(out, e.Group)
			}
		}
	}
	return out
}
