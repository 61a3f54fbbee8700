package reading

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/targets"
)

// fact is what is known of one membership.
type fact struct {
	targets.Target
	group     idp.Group
	concerned bool // a conflict can be about the group
	account   *account
	member    *member
	grant     explanation
	use       snapshot.Use
	peers     catalog.Share
}

// gives tells whether a membership gives something, or a part of it.
func (f *fact) gives(h catalog.Holding) bool {
	if h.OfGroup() {
		return h.Group == f.Ref
	}
	return slices.ContainsFunc(f.Roles, func(role catalog.Role) bool {
		return h.App == f.App.ID && (h.Role == "" || h.Role == role.ID)
	})
}

// explanation is what Latchkey knows of how somebody came into a group. The zero value: nothing explains it.
type explanation struct {
	source  access.Source
	id      string // of the grant
	request string
	since   time.Time // zero: not known
	until   time.Time // zero: it has no end
}
