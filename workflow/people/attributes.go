package people

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Attributes finds what the policy asks about people beyond what is known of them anyway.
type Attributes struct{ s *Service }

// AttributesOf finds attributes by what a service knows.
func AttributesOf(s *Service) Attributes { return Attributes{s} }

// mostPeers is how many people with the same manager are looked at. Of more, nothing is said.
const mostPeers = 500

// Around is what the policy asks about whoever asks and whoever gets the access. What can't be found
// out is left out, and so is not known.
func (a Attributes) Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) (out access.Circumstances) {
	q := engine.Offered(ctx, a.s.catalog).Asks(role)
	if q.Manager {
		out.Manager = a.manager(ctx, holder)
	}
	if groups := slices.Concat(q.Groups, q.Beside); len(groups) > 0 {
		out.Groups = a.memberships(ctx, holder, groups)
	}
	if len(q.Groups) > 0 && asker.ID != holder.ID {
		out.Asker = a.memberships(ctx, asker, q.Groups)
	}
	if q.Peers {
		out.Peers = a.peers(ctx, holder, role)
	}
	return out
}

// manager is somebody's manager as the store has them: who that is was just read with the person, and which
// addresses mean them is known here only. One whom nobody has met yet is met, unless the directory keeps silent
// that names them.
func (a Attributes) manager(ctx context.Context, of access.Person) access.Person {
	who := of.Manager
	if who == "" {
		f, seen := a.s.cache.person(of.ID, asOf(ctx, of.ID))
		if !seen || f.managerEntry.known {
			return access.Person{}
		}
		met, err := a.s.Manager(ctx, of.ID)
		if err != nil || met == "" {
			return access.Person{}
		}
		who = met
	}
	k, err := a.s.remembered(ctx, who)
	if err != nil {
		return access.Person{}
	}
	return k.Person
}

// Sure is somebody as they are at this moment, without what a directory said that keeps silent now.
func (a Attributes) Sure(ctx context.Context, who access.PersonID) (access.Person, error) {
	a.s.Forget(who)
	p, err := a.s.sure(ctx, who)
	if _, refused := access.AsRefusal(err); err == nil || refused {
		return p, err
	}
	if p, err = a.s.Person(ctx, who); err != nil {
		return p, err
	}
	p.Department, p.Title, p.Employment, p.Location, p.Manager = "", "", "", "", ""
	return p, nil
}

// memberships tells of each group whether somebody is in it.
func (a Attributes) memberships(ctx context.Context, p access.Person, groups []catalog.GroupRef) map[catalog.GroupRef]catalog.Truth {
	found := make([]catalog.Truth, len(groups))
	sideBySide(len(groups), func(i int) { found[i] = a.membership(ctx, p, groups[i]) })
	out := make(map[catalog.GroupRef]catalog.Truth, len(groups))
	for i, g := range groups {
		out[g] = found[i]
	}
	return out
}

// membership tells whether somebody is in a group. Whoever has no account in the directory isn't; that
// none of theirs is known says nothing.
func (a Attributes) membership(ctx context.Context, p access.Person, ref catalog.GroupRef) catalog.Truth {
	d, configured := a.s.dirs.Get(ref.Directory)
	account := p.Account(ref.Directory)
	if !configured || account == "" {
		return catalog.Unknown
	}
	group, err := a.s.groups.Find(ctx, d, ref)
	if err != nil {
		a.s.log.WarnContext(ctx, "a group that the policy asks about can't be read", "group", ref, "error", err)
		return catalog.Unknown
	}
	there, err := isMember(ctx, d, group.ID, account)
	if err != nil {
		a.s.log.WarnContext(ctx, "a membership that the policy asks about can't be read", "group", ref, "error", err)
		return catalog.Unknown
	}
	return catalog.Told(there)
}

// isMember reads a membership, the cheapest way the directory has.
func isMember(ctx context.Context, d idp.Directory, group, account string) (bool, error) {
	if c, able := idp.As[idp.MemberChecker](d); able {
		return c.IsMember(ctx, group, account)
	}
	members, err := idp.Everybody(d.Members(ctx, group))
	return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == account }), err
}

// errMany stops a count that would take too long.
var errMany = errors.New("too many people have this manager")

// peers is how many of the people with the same manager have the role. Without a manager who is known,
// and where there is nobody else, it isn't known.
func (a Attributes) peers(ctx context.Context, p access.Person, role catalog.RoleRef) (out catalog.Share) {
	if p.Manager == "" {
		return out
	}
	err := a.s.units.View(ctx, func(tx store.Tx) error {
		out = catalog.Share{}
		team, err := store.Reports(tx, p.Manager, mostPeers+1)
		if err != nil || len(team) > mostPeers {
			return errors.Join(err, errMany)
		}
		for _, one := range team {
			if one.ID == p.ID || one.Standing != access.Active || one.Same != "" {
				continue
			}
			has, err := store.OpenGrantsOf(tx, one.ID)
			if err != nil {
				return err
			}
			out.All++
			if slices.ContainsFunc(has, func(g access.Grant) bool {
				return g.State == access.GrantActive && g.App == role.App && g.Role == role.Role
			}) {
				out.Some++
			}
		}
		return nil
	})
	if err != nil {
		a.s.log.WarnContext(ctx, "how many colleagues have a role can't be found out", "error", err)
		return catalog.Share{}
	}
	return out
}

// askerOf is who asked, as they were seen last.
func askerOf(ctx context.Context, s *identities, r access.Request, holder access.Person) access.Person {
	if r.Requester == holder.ID {
		return holder
	}
	k, err := s.remembered(ctx, r.Requester)
	if err != nil {
		return Stranger(r.Requester)
	}
	return k.Person
}
