package recovery

import (
	"cmp"
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// groupTimeout bounds how long one group is read.
const groupTimeout = 2 * time.Minute

// live is who is in which group at this moment.
type live struct {
	groups []*group                    // each once
	by     map[catalog.GroupRef]*group // by what they are called in the catalogue or by grants
	ids    map[[2]string]*group        // by directory and id
	meant  map[*group]bool             // the catalogue opens it
}

// group is one group as it is.
type group struct {
	ref       catalog.GroupRef // by which it was read
	called    string           // by people
	id        string
	members   map[string]string // account -> address
	protected bool              // nobody looked who is in it
	err       error             // why it can't be read
}

// look reads the groups of the catalogue and those that the cases are about, by their
// ids where these are known. Groups that must not be touched are not read.
func (s *Service) look(ctx context.Context, known *catalog.Catalog, cases []restoredCase, pins map[catalog.GroupRef]string) (*live, error) {
	l := &live{by: map[catalog.GroupRef]*group{}, ids: map[[2]string]*group{}, meant: map[*group]bool{}}
	for _, ref := range known.Groups() {
		at := ref
		if id := pins[ref]; id != "" {
			at = catalog.GroupRef{Directory: ref.Directory, Group: id, ByID: true}
		}
		g := s.read(ctx, l, at)
		g.called, l.by[ref], l.meant[g] = ref.String(), g, true
	}
	for _, c := range cases {
		if c.g == nil || c.g.State == access.GrantEnded && !recent(*c.g, s.units.Now()) {
			continue
		}
		for _, e := range c.g.Entitlements {
			if l.of(e) == nil {
				s.read(ctx, l, refOf(e))
			}
		}
	}
	slices.SortFunc(l.groups, func(a, b *group) int { return cmp.Compare(a.called, b.called) })
	return l, ctx.Err()
}

// pinned are the groups that names mean, by what the newest grants knew: a group that
// was renamed goes on being meant, and one that took its name over is not.
func pinned(cases []restoredCase) map[catalog.GroupRef]string {
	out, since := map[catalog.GroupRef]string{}, map[catalog.GroupRef]time.Time{}
	for _, c := range cases {
		if c.g == nil || c.Doubt != "" {
			continue
		}
		for _, e := range c.g.Entitlements {
			if e.GroupID != "" && !e.Group.ByID && !c.g.Created.Before(since[e.Group]) {
				out[e.Group], since[e.Group] = e.GroupID, c.g.Created
			}
		}
	}
	return out
}

// recent tells whether a grant has ended lately enough for the groups of its own to be
// looked at, besides those of the catalogue.
func recent(g access.Grant, now time.Time) bool { return now.Sub(g.Finished) < 90*catalog.Day }

// refOf is the group of an entitlement: by its id, where that is known.
func refOf(e access.Entitlement) catalog.GroupRef {
	if e.GroupID == "" {
		return e.Group
	}
	return catalog.GroupRef{Directory: e.Group.Directory, Group: e.GroupID, ByID: true}
}

// of is the group of an entitlement; nil if it was not looked at. An id counts before a
// name: whatever has the name by now may be another group.
func (l *live) of(e access.Entitlement) *group {
	if e.GroupID == "" {
		return l.by[e.Group]
	}
	if g := l.ids[[2]string{e.Group.Directory, e.GroupID}]; g != nil {
		return g
	}
	return l.by[refOf(e)]
}

// read looks at one group.
func (s *Service) read(ctx context.Context, l *live, ref catalog.GroupRef) *group {
	if g := l.by[ref]; g != nil {
		return g
	}
	g := &group{ref: ref, called: ref.String(), protected: s.groups.Lists(ref)}
	if !g.protected {
		g.err = s.members(ctx, g)
	}
	if other := l.ids[[2]string{ref.Directory, g.id}]; other != nil && g.id != "" {
		g = other
	} else {
		l.groups = append(l.groups, g)
	}
	l.by[ref] = g
	if g.id != "" {
		l.ids[[2]string{ref.Directory, g.id}] = g
	}
	return g
}

func (s *Service) members(ctx context.Context, g *group) error {
	ctx, cancel := context.WithTimeout(idp.WithPriority(ctx, idp.Read), groupTimeout)
	defer cancel()
	d, configured := s.dirs.Get(g.ref.Directory)
	is, all, err := s.dirs.Members(ctx, g.ref)
	g.id = is.ID
	if g.ref.ByID && is.Name != "" {
		g.called = g.ref.Directory + ":" + is.Name
	}
	if configured && is.ID != "" {
		hidden, odd := s.groups.Protected(ctx, d, is)
		if odd != nil {
			return odd
		}
		if g.protected = hidden; hidden {
			return nil
		}
	}
	if err != nil {
		return err
	}
	g.members = make(map[string]string, len(all))
	for _, m := range all {
		g.members[m.PersonID] = cmp.Or(m.Email, m.PersonID)
	}
	return nil
}

// presence is what is seen of somebody in a group.
type presence int

const (
	unknown presence = iota
	there
	absent
)

// sees tells whether the person of a grant is in the group of one of its entitlements,
// under the account that was put there, or else the one that is theirs.
func (l *live) sees(e access.Entitlement, account string) presence {
	g := l.of(e)
	account = cmp.Or(e.Account, account)
	if g == nil || g.err != nil || g.protected || account == "" {
		return unknown
	}
	if _, in := g.members[account]; in {
		return there
	}
	return absent
}

// governed tells whether the catalogue opens the group of an entitlement.
func (l *live) governed(e access.Entitlement) bool {
	g := l.of(e)
	return g != nil && l.meant[g]
}
