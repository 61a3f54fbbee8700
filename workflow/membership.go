package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// place is one person's place in one group, ready to be changed.
type place struct {
	dir    idp.Directory
	group  idp.Group
	person idp.Person
	ref    catalog.GroupRef
}

// addMember puts the person of a grant into one group and reads it back.
func (s *Service) addMember(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[memberPayload](t)
	if err != nil {
		return nil, err
	}
	g, err := s.loadGrant(ctx, p.Grant)
	if err != nil {
		return nil, err
	}
	if !g.Live() || g.State == access.GrantActive || g.State == access.GrantWaiting {
		return nil, nil // the end came first, or it is done
	}
	ctx = idp.WithPriority(ctx, idp.Addition)
	at, err := s.place(ctx, g, p.Group)
	if ent, _ := g.Entitlement(p.Group); errors.Is(err, idp.ErrNotFound) && ent.GroupID != "" {
		at, err = s.place(ctx, g.Pin(p.Group, "", "", ent.Absent), p.Group) // deleted meanwhile, perhaps made anew
	}
	if err != nil {
		return nil, err
	}
	before, err := s.wasThere(ctx, g, at)
	if err != nil {
		return nil, err
	}
	if !before {
		if err := at.put(ctx); err != nil {
			s.groups.forget(p.Group)
			return nil, err
		}
	}
	return func(st *step) error { return st.memberAdded(p, before) }, nil
}

// wasThere tells whether the person was in the group before this grant touched
// it, whoever put them there. What was seen, and of which account and group, is
// remembered before the group is changed, so that an attempt after a crash doesn't
// take our own work for somebody else's, and the end finds what was changed.
func (s *Service) wasThere(ctx context.Context, g access.Grant, at place) (before bool, err error) {
	ent, _ := g.Entitlement(at.ref)
	pinned := ent.Account == at.person.ID && ent.GroupID == at.group.ID
	known := (ent.Absent || ent.Before) && (pinned || ent.Account == "")
	switch {
	case known && pinned:
		return ent.Before, nil
	case known:
		before = ent.Before
	default:
		if before, err = at.isMember(ctx); err != nil {
			return before, err
		}
		ent.Absent = !before
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		g, err := store.Grant(tx, g.ID)
		if err != nil {
			return err
		}
		g = g.Pin(at.ref, at.person.ID, at.group.ID, ent.Absent)
		return store.PutGrant(tx, &g)
	})
	return before, err
}

// removeMember takes the person out of one group, unless another grant needs
// it, and sees that they are gone.
func (s *Service) removeMember(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[memberPayload](t)
	if err != nil {
		return nil, err
	}
	g, reason, err := s.whyKeep(ctx, p)
	if err != nil {
		return nil, err
	}
	if !g.Revoking || g.State == access.GrantEnded {
		return nil, nil
	}
	if reason != "" {
		return func(st *step) error { return st.memberKept(p, reason) }, nil
	}
	s.groups.forget(p.Group) // whether it is there at all decides what there is to remove
	ctx = idp.WithPriority(ctx, idp.Removal)
	at, err := s.place(ctx, g, p.Group)
	if errors.Is(err, idp.ErrNotFound) {
		note := "There is no such account or group any more, so there is nothing to remove."
		return func(st *step) error { return st.memberChanged(p, access.EventMemberRemoved, false, note) }, nil
	}
	if err != nil {
		return nil, err
	}
	if err := at.take(ctx); err != nil {
		return nil, err
	}
	return func(st *step) error { return st.memberChanged(p, access.EventMemberRemoved, false, "") }, nil
}

// whyKeep loads the grant and says why its group must stay, if it must.
func (s *Service) whyKeep(ctx context.Context, p memberPayload) (g access.Grant, reason string, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if g, err = store.Grant(tx, p.Grant); err != nil {
			return err
		}
		others, err := store.OpenGrantsOf(tx, g.Person)
		if err != nil {
			return err
		}
		if other, needed := g.NeededBy(p.Group, others); needed {
			reason = s.kept(other)
		} else if g.Untouched(p.Group) {
			reason = "Left alone: the end came before Latchkey had changed this group."
		}
		return nil
	})
	return g, reason, err
}

// kept says which grant a group stays for.
func (s *Service) kept(other access.Grant) string {
	if other.Source == access.SourceAdopted {
		return fmt.Sprintf("Kept: the person was in the group before, which the grant %s (adopted) explains.", other.ID)
	}
	return fmt.Sprintf("Kept: %s still needs the group.", other.Label(s.Config.Catalog))
}

// memberKept records that a group was left alone, and for whom.
func (st *step) memberKept(p memberPayload, reason string) error {
	g, err := store.Grant(st.tx, p.Grant)
	if err != nil {
		return err
	}
	if err := st.passOn(g, p.Group); err != nil {
		return err
	}
	return st.memberChanged(p, access.EventMemberKept, false, reason)
}

// memberChanged records what was seen in the directory.
func (st *step) memberChanged(p memberPayload, kind access.EventKind, before bool, note string) error {
	g, err := store.Grant(st.tx, p.Grant)
	if err != nil {
		return err
	}
	e := g.Event(kind, access.System(), st.at)
	e.Group, e.Before, e.Note = &p.Group, before, note
	_, err = st.grant(g, e)
	if r, refused := access.AsRefusal(err); refused {
		st.s.log.Warn("a group was changed but its grant had moved on", "grant", g.ID, "state", g.State, "event", kind, "reason", r.Sentence)
		return nil
	}
	return err
}

func (s *Service) loadGrant(ctx context.Context, id string) (g access.Grant, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		g, err = store.Grant(tx, id)
		return err
	})
	return g, err
}

// place finds the account and the group, and refuses groups nobody may change.
// What the grant has changed before is known by its ids: the address and the name
// may have been given to others since.
func (s *Service) place(ctx context.Context, g access.Grant, ref catalog.GroupRef) (place, error) {
	dir, ok := s.directory(ref.Directory)
	if !ok {
		return place{}, rejected("The directory %q is not configured any more; add it under idp or change the role's groups", ref.Directory)
	}
	if slices.Contains(s.Protected, ref) {
		return place{}, rejected("The group %s is protected by the configuration, so Latchkey doesn't change it", ref)
	}
	who := g.Person
	ent, _ := g.Entitlement(ref)
	person, err := idp.Person{ID: ent.Account, Email: string(AddressOf(who))}, error(nil)
	if ent.Account == "" {
		person, err = s.people.account(ctx, dir, who)
	}
	if err != nil {
		return place{}, directoryFailure(dir, fmt.Sprintf("Find the account of %s in %s", who, dir.ID()), err)
	}
	group, err := s.groups.find(ctx, dir, ref, ent.GroupID)
	if err != nil {
		return place{}, directoryFailure(dir, fmt.Sprintf("Find the group %s", ref), err)
	}
	switch {
	case !group.Governable:
		return place{}, rejected("The group %s can't be changed by Latchkey: %s", ref, group.Why)
	case s.protects(dir, group):
		return place{}, rejected("The group %s is protected by the configuration, under another name, so Latchkey doesn't change it", ref)
	}
	return place{dir: dir, group: group, person: person, ref: ref}, nil
}

// protects tells whether the configuration protects a group, by whatever it is
// called there.
func (s *Service) protects(d idp.Directory, g idp.Group) bool {
	return slices.ContainsFunc(s.Protected, func(p catalog.GroupRef) bool { return p.Means(d.ID(), g.ID, g.Name) })
}

func (s *Service) directory(id string) (idp.Directory, bool) {
	for _, d := range s.Directories {
		if d.ID() == id {
			return d, true
		}
	}
	return nil, false
}

// put adds the person and reads the membership back.
func (p place) put(ctx context.Context) error {
	if err := p.dir.Add(ctx, p.group.ID, p.person.ID); err != nil {
		return directoryFailure(p.dir, fmt.Sprintf("Add %s to %s", p.person.Email, p.ref), err)
	}
	there, err := p.isMember(ctx)
	if err == nil && !there {
		err = &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("%s accepted the addition to %s, but the person is not in the group yet", p.dir.ID(), p.ref)}
	}
	return err
}

// take removes the person and sees that they are gone.
func (p place) take(ctx context.Context) error {
	if err := p.dir.Remove(ctx, p.group.ID, p.person.ID); err != nil {
		return directoryFailure(p.dir, fmt.Sprintf("Remove %s from %s", p.person.Email, p.ref), err)
	}
	there, err := p.isMember(ctx)
	if err == nil && there {
		err = p.back(ctx)
	}
	return err
}

// errBack: a removal was accepted, and the person is in the group all the same.
var errBack = errors.New("the person is still or again in the group")

// back says why a removal does not stick, as far as the directory tells.
func (p place) back(ctx context.Context) error {
	text := fmt.Sprintf("%s accepted the removal of %s from %s, but they are still or again in the group", p.dir.ID(), p.person.Email, p.ref)
	if now, err := p.dir.Group(ctx, p.group.ID); err == nil && !now.Governable {
		return &access.Failure{Class: access.Rejected, Sentence: text + ". " + now.Why, Err: errBack}
	}
	return &access.Failure{Class: access.Transient, Sentence: text + ": look for a rule or a sync that puts them back, and stop it", Err: errBack}
}

func (p place) isMember(ctx context.Context) (bool, error) {
	what := fmt.Sprintf("Read who is in %s", p.ref)
	if c, ok := idp.As[idp.MemberChecker](p.dir); ok {
		there, err := c.IsMember(ctx, p.group.ID, p.person.ID)
		if err != nil {
			return false, directoryFailure(p.dir, what, err)
		}
		return there, nil
	}
	members, err := idp.Everybody(p.dir.Members(ctx, p.group.ID))
	if err != nil {
		return false, directoryFailure(p.dir, what, err)
	}
	return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == p.person.ID }), nil
}

func rejected(format string, args ...any) error {
	return &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf(format, args...)}
}

// directoryFailure words a directory's error and says what to do about it.
func directoryFailure(dir idp.Directory, what string, err error) error {
	f := &access.Failure{Class: access.Transient, Sentence: what + " did not work", Err: err}
	var limited *idp.RateLimited
	switch {
	case errors.As(err, &limited):
		f.Class, f.After = access.Limited, max(limited.After, time.Second)
		f.Sentence = what + " has to wait: " + dir.ID() + " limits how often it is asked"
	case errors.Is(err, idp.ErrDenied):
		f.Class, f.Sentence = access.Denied, what+" was denied: check the rights of Latchkey's token in "+dir.ID()
	case errors.Is(err, idp.ErrNotFound):
		f.Class, f.Sentence = access.Rejected, what+" failed: there is none; create it, or correct the catalogue"
	case errors.Is(err, idp.ErrAmbiguous):
		f.Class, f.Sentence = access.Rejected, what+" failed: there are several, and Latchkey doesn't guess"
	case errors.Is(err, idp.ErrRefused):
		f.Class, f.Sentence = access.Rejected, what+" was refused: "+dir.ID()+" doesn't let this group or account be changed"
	}
	return f
}
