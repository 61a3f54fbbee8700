package query

import (
	"cmp"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// team finds the colleagues who hold the role: who was given it, and who was seen in its groups
// at the last comparison without having been given it.
func team(tx store.Tx, c access.Case, b *Background) error {
	holders, err := givenRole(tx, c, b)
	if err != nil {
		return err
	}
	found, err := foundInRole(tx, c, b)
	if err != nil {
		return err
	}
	seen := map[access.PersonID]bool{c.Request.Beneficiary: true}
	for _, who := range append(holders, found...) {
		if seen[who] {
			continue
		}
		seen[who] = true
		k, err := store.Person(tx, who)
		switch {
		case errors.Is(err, store.ErrNotFound):
			b.TeamPart = true
		case err != nil:
			return err
		case k.Manager == "" && k.Department == "":
			b.TeamPart = true
		case colleagues(k.Person, c.Beneficiary):
			b.Team = append(b.Team, k.Person)
		}
	}
	slices.SortFunc(b.Team, func(a, o access.Person) int { return cmp.Compare(a.Display(), o.Display()) })
	b.TeamMore = max(0, len(b.Team)-backgroundTeam)
	b.Team = b.Team[:len(b.Team)-b.TeamMore]
	return nil
}

func givenRole(tx store.Tx, c access.Case, b *Background) (out []access.PersonID, err error) {
	grants, err := store.OpenGrantsOn(tx, c.Request.App, "", backgroundScan)
	if err != nil {
		return nil, err
	}
	b.TeamPart = len(grants) == backgroundScan
	for _, g := range grants {
		if g.State == access.GrantActive && g.Role == c.Request.Role {
			out = append(out, g.Person)
		}
	}
	return out, nil
}

// foundInRole are those who are in the role's groups by the last comparison, with no grant for
// it. Of a role with a group that it could not read nothing is known by it.
func foundInRole(tx store.Tx, c access.Case, b *Background) (out []access.PersonID, err error) {
	s, err := store.LastSurvey(tx)
	if errors.Is(err, store.ErrNotFound) || err == nil && !covers(s.Survey, c) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b.TeamAt, b.TeamPart = s.At, b.TeamPart || s.More > 0
	for _, m := range s.Odd {
		if m.App == c.Request.App && m.Role == c.Request.Role && !m.Missing && !m.Left {
			out = append(out, m.Person)
		}
	}
	return out, nil
}

func covers(s access.Survey, c access.Case) bool {
	for _, g := range c.Role.Groups {
		if !slices.Contains(s.Groups, g) {
			return false
		}
	}
	return len(c.Role.Groups) > 0
}

func colleagues(a, b access.Person) bool {
	return a.Manager != "" && a.Manager == b.Manager || a.Department != "" && a.Department == b.Department
}
