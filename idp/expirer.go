package idp

import (
	"context"
	"errors"
	"time"
)

var (
	// ErrUnable says that the directory doesn't do this here: the customer's edition lacks it, or Latchkey was left without
	// the right on purpose. Nothing is wrong, and asking again is of no use until somebody changes that.
	ErrUnable = errors.New("the directory doesn't do this here")
	// ErrNoMember says that somebody is no member of a group of which it was asked as of theirs.
	ErrNoMember = errors.New("not a member of the group")
)

// Expirer has the directory itself end a membership: a second lock behind Latchkey's own removal, which holds while
// Latchkey doesn't run.
type Expirer interface {
	// Expire has somebody's own membership of a group end by the directory's doing at a moment, which it takes to the
	// second and never earlier; the zero moment: it doesn't end by itself any more. It states a wanted end and can be
	// repeated. Success means that the directory has said that it is so.
	//
	// ErrUnable: the directory doesn't do that here, and what it was told before stands. ErrNoMember: they aren't a
	// member, or the account isn't there. Unknown group: ErrNotFound; a group or a membership that isn't Latchkey's to
	// change: ErrRefused.
	Expire(ctx context.Context, groupID, personID string, at time.Time) error
}
