package people

import (
	"context"
	"fmt"

	"latchkey/access"
)

// cameBack tells IT that somebody is here again whose account was deactivated for
// long, or whose account seems to have been handed over.
func (s *identities) cameBack(ctx context.Context, was, is access.Person) {
	switch {
	case was.Doubted.IsZero() && !is.Doubted.IsZero() && s.renames.asked(ctx, was, is):
		s.log.Warn("somebody's account may be another's; it is part of what IT was asked", "person", is.ID)
	case was.Doubted.IsZero() && !is.Doubted.IsZero():
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Is this still the same person?", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated, or shows another address and another number of the HR file at once. It may have been given to somebody else.", is.Contact()),
			"They can neither ask nor decide until it is clear. What they hold ends as it should.",
			fmt.Sprintf("If it is the same person: latchkey people same %s. If it is somebody else: latchkey people other %s.", is.Contact(), is.Contact()),
		}})
	case !was.Away.IsZero() && is.Away.IsZero() && is.Doubted.IsZero() && is.Standing == access.Active && s.units.Now().Sub(was.Away) > quiet:
		s.warnOf(ctx, notice{"returned/" + string(is.ID), "Somebody is back", []string{
			fmt.Sprintf("The account of %s is in use again after it was deactivated. The HR file has the same number for it, so it is taken for the same person. What they had before is not given back.", is.Contact()),
		}})
	}
}
