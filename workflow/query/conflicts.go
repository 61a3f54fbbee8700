package query

import (
	"errors"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// Against is what a role that is asked for can't go with.
type Against struct {
	Other string // as people read it
	Asked bool   // it is only asked for so far
}

// conflicts are what speaks against a request beside what it was made with, as far as grants and requests tell: nobody
// is asked for it.
func (s *Service) conflicts(tx store.Tx, c access.Case, b *Background) error {
	known, ref := s.catalog(), catalog.RoleRef{App: c.Request.App, Role: c.Request.Role}
	if !known.Conflicting(ref) {
		return nil
	}
	grants, err := store.OpenGrantsOf(tx, c.Request.Beneficiary)
	if err != nil {
		return err
	}
	waiting, err := store.OpenRequestsOf(tx, c.Request.Beneficiary)
	if err != nil {
		return err
	}
	has := access.HoldingsOf(grants)
	allowed := append(access.ExceptionsOf(grants), c.Request.Exceptions...)
	b.Conflicts = against(known, has, ref, allowed, false)
	for _, r := range waiting {
		if r.ID != c.Request.ID && r.State == access.RequestPending && r.Beneficiary == c.Request.Beneficiary && r.Unlisted == "" {
			has.Roles = append(has.Roles, catalog.RoleRef{App: r.App, Role: r.Role})
			allowed = append(allowed, r.Exceptions...)
		}
	}
	for _, v := range against(known, has, ref, allowed, true) {
		if !b.against(v.Other) {
			b.Conflicts = append(b.Conflicts, v)
		}
	}
	return nil
}

func (b *Background) against(what string) bool {
	for _, v := range b.Conflicts {
		if v.Other == what {
			return true
		}
	}
	return false
}

// against are the conflicts that are certain and that nothing allows.
func against(c *catalog.Catalog, has catalog.Holdings, ref catalog.RoleRef, allowed []catalog.Exception, asked bool) (out []Against) {
	for _, v := range c.Brings(has, ref) {
		if v.Known && !v.AmongExceptions(allowed) {
			out = append(out, Against{c.PlainName(catalog.Other(c, v, ref)), asked})
		}
	}
	return out
}

// CountConflicts is how many conflicts there were when groups and grants were compared last.
func CountConflicts(tx store.Tx) (int, error) {
	last, err := store.LastSurvey(tx)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return last.Conflicts(), err
}
