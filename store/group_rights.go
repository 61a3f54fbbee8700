package store

import (
	"time"

	"latchkey/catalog"
)

// GroupRights are the rights of an administrator that a group of the catalogue was last seen to carry. One that was never
// seen has no record.
type GroupRights struct {
	Ref     catalog.GroupRef
	Version uint64
	GroupID string
	Roles   []string  // in the directory's words; none: it carries no such rights
	Seen    time.Time // when that was
}

func groupRights() table[GroupRights] {
	return table[GroupRights]{
		kind: "group-rights",
		row:  func(r *GroupRights) Record { return Record{ID: r.Ref.String(), Version: r.Version} },
		set:  func(r *GroupRights, v uint64) { r.Version = v },
	}
}

// LoadGroupRights is what was last seen of a group. Absent: ErrNotFound.
func LoadGroupRights(tx Tx, ref catalog.GroupRef) (GroupRights, error) {
	return groupRights().get(tx, ref.String())
}

// PutGroupRights stores r at its version and raises it.
func PutGroupRights(tx Tx, r *GroupRights) error { return groupRights().put(tx, r) }
