package recovery

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// groupTimeout bounds how long one group is read.
const groupTimeout = 2 * time.Minute

// compare reads who is in the governed groups and lists what the cases do not
// explain, and what they say that is not so.
func (s *Service) compare(ctx context.Context, known *catalog.Catalog, cases []restoredCase, people acquaintances) ([]Conflict, error) {
	var out []Conflict
	open := openGrants(cases)
	for _, ref := range s.groupsOf(known, open) {
		in, err := s.whoIsIn(idp.WithPriority(ctx, idp.Read), ref, people.holding(ref, open))
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		if err != nil {
			out = append(out, Conflict{About: ref.String(), Text: access.Classify(err).Sentence + ". Nothing is known about this group: check it by hand"})
			continue
		}
		out = append(out, differences(ref, in, open, people)...)
	}
	return out, nil
}

func openGrants(cases []restoredCase) []access.Grant {
	var out []access.Grant
	for _, c := range cases {
		if c.g != nil && c.g.State != access.GrantEnded {
			out = append(out, *c.g)
		}
	}
	return out
}

// groupsOf are the groups of the catalogue and of the grants, without those that
// Latchkey must not touch.
func (s *Service) groupsOf(known *catalog.Catalog, grants []access.Grant) []catalog.GroupRef {
	refs := known.Groups()
	for _, g := range grants {
		for _, e := range g.Entitlements {
			refs = append(refs, e.Group)
		}
	}
	slices.SortFunc(refs, func(a, b catalog.GroupRef) int { return cmp.Compare(a.String(), b.String()) })
	return slices.DeleteFunc(slices.Compact(refs), func(ref catalog.GroupRef) bool { return slices.Contains(s.protected, ref) })
}

// member is somebody in a group. Without an id it is nobody the record knows.
type member struct {
	who  access.PersonID
	name string
}

// whoIsIn are a group's members, by their accounts.
func (s *Service) whoIsIn(ctx context.Context, ref catalog.GroupRef, holders map[string]access.PersonID) ([]member, error) {
	ctx, cancel := context.WithTimeout(ctx, groupTimeout)
	defer cancel()
	_, members, err := s.dirs.Members(ctx, ref)
	if err != nil {
		return nil, err
	}
	out := make([]member, len(members))
	for i, m := range members {
		out[i] = member{holders[m.PersonID], cmp.Or(m.Email, m.PersonID)}
	}
	slices.SortFunc(out, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

// differences compares one group with the grants that open it.
func differences(ref catalog.GroupRef, in []member, open []access.Grant, people acquaintances) []Conflict {
	explained, here := map[access.PersonID]bool{}, map[access.PersonID]bool{}
	for _, m := range in {
		here[m.who] = true
	}
	var out []Conflict
	for _, g := range open {
		ent, ok := g.Entitlement(ref)
		if !ok {
			continue
		}
		explained[g.Person] = explained[g.Person] || g.Explains(ref)
		name := people.contact(g.Person)
		there := here[g.Person]
		switch {
		case !there && g.Needs(ref) && ent.State == access.EntitlementHeld && !ent.Missing:
			out = append(out, Conflict{About: ref.String(), People: []string{name}, Text: fmt.Sprintf(
				"By grant %s, %s should be in it and is not. Add the person by hand, or revoke the access", g.ID, name)})
		case there && g.State == access.GrantProvisioning && ent.State == access.EntitlementWanted && !ent.Absent:
			explained[g.Person] = true
			out = append(out, Conflict{About: ref.String(), People: []string{name}, Text: fmt.Sprintf(
				"%s is in it, but the record does not say that grant %s has put them there. It will be taken for a membership from before, and kept; remove it by hand if it isn't", name, g.ID)})
		}
	}
	return append(out, strangers(ref, in, explained)...)
}

// strangers are members without a grant, in one conflict for the group.
func strangers(ref catalog.GroupRef, in []member, explained map[access.PersonID]bool) []Conflict {
	var extra []string
	for _, m := range in {
		if m.who == "" || !explained[m.who] {
			extra = append(extra, m.name)
		}
	}
	if len(extra) == 0 {
		return nil
	}
	return []Conflict{{About: ref.String(), People: extra, Text: fmt.Sprintf(
		"%d in it without a request: nothing was changed. What explains them, if anything, was kept in the store alone", len(extra))}}
}
