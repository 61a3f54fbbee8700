package erasure

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// isOver tells whether the story that an event belongs to is over: nothing will
// follow from what it says.
func (f *finding) isOver(tx store.Tx, e access.Event) (over bool, err error) {
	about := e.About()
	if over, known := f.over[about]; known {
		return over, nil
	}
	switch about.Kind {
	case access.SubjectRequest:
		over, err = requestOver(tx, about.ID)
	case access.SubjectGrant:
		over, err = grantOver(tx, about.ID)
	case access.SubjectCampaign:
		over, err = campaignOver(tx, about.ID)
	case access.SubjectReclaim:
		over, err = reclaimOver(tx, about.ID)
	default:
		over = true
	}
	if err == nil {
		f.over[about] = over
	}
	return over, err
}

func requestOver(tx store.Tx, id string) (bool, error) {
	r, err := store.Request(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	c := access.Case{Request: r}
	g, err := store.Grant(tx, r.GrantID())
	switch {
	case err == nil:
		c.Grant = &g
	case !errors.Is(err, store.ErrNotFound):
		return false, err
	}
	switch c.Phase() {
	case access.PhaseDenied, access.PhaseCancelled, access.PhaseLapsed, access.PhaseEnded:
		return true, nil
	case access.PhaseExtended:
		return grantOver(tx, r.Extends)
	case access.PhaseApproved:
		return c.Grant == nil && r.Unlisted != "", nil // what isn't in the catalogue is given by nobody here
	}
	return false, nil
}

func grantOver(tx store.Tx, id string) (bool, error) {
	g, err := store.Grant(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return g.State == access.GrantEnded, err
}

func campaignOver(tx store.Tx, id string) (bool, error) {
	c, err := store.Campaign(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return !c.Running(), err
}

func reclaimOver(tx store.Tx, id string) (bool, error) {
	c, err := store.Reclaim(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return !c.Open(), err
}
