package people

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// groupMembers are the people behind the accounts in a group. Whoever has left is
// named by nothing; a suspended account is that of somebody who can't answer now.
func (s *identities) groupMembers(ctx context.Context, ref catalog.GroupRef, known bool) (named, error) {
	_, members, err := s.dirs.Members(ctx, ref)
	if err != nil {
		return named{}, fmt.Errorf("find the approvers in %s: %w", ref, err)
	}
	members = slices.DeleteFunc(members, func(m idp.Membership) bool { return m.Status == idp.Left })
	var n named
	if len(members) == 0 {
		n.vacant = []string{"nobody is in " + ref.String()}
	}
	borne := map[string]access.PersonID{}
	rest, err := s.borne(ctx, ref.Directory, members, borne)
	if err == nil && !known {
		err = s.meet(ctx, ref.Directory, rest, borne)
	}
	if err != nil {
		return n, err
	}
	for _, m := range members {
		switch who := borne[m.PersonID]; {
		case m.Status != idp.Active:
			n.unfound = append(n.unfound, fmt.Sprintf("the account %s of %s in %s is suspended", m.PersonID, shownAs(m), ref))
		case who == "":
			n.unfound = append(n.unfound, fmt.Sprintf("the account of %s in %s is nobody's who is known in Slack", shownAs(m), ref))
		default:
			n.who = append(n.who, who)
		}
	}
	return n, nil
}

// shownAs is what a list of members shows of somebody.
func shownAs(m idp.Membership) string {
	if m.Email != "" {
		return m.Email
	}
	return m.PersonID
}

// meet looks in Slack for members who are not known yet, by their address. Theirs
// is the account only if it is bound to them by then.
func (s *identities) meet(ctx context.Context, directory string, members []idp.Membership, out map[string]access.PersonID) error {
	addresses := make([]access.Email, len(members))
	for i, m := range members {
		if m.Status == idp.Active {
			addresses[i] = access.NewEmail(m.Email)
		}
	}
	if err := s.gather(ctx, nil, addresses); err != nil {
		return err
	}
	found, errs := make([]access.Person, len(members)), make([]error, len(members))
	sideBySide(len(members), func(i int) {
		if a := addresses[i]; a != "" {
			found[i], errs[i] = s.byAddress(ctx, a)
		}
	})
	for i, m := range members {
		if err := Softly(errs[i]); err != nil {
			return err
		}
		if errs[i] == nil && found[i].Account(directory) == m.PersonID {
			out[m.PersonID] = found[i].ID
			continue
		}
		s.log.Warn("a member of a group of approvers is not known in Slack", "directory", directory, "account", m.PersonID, "error", errs[i])
	}
	return nil
}
