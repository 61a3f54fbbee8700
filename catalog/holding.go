package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Holding is something that somebody may have, as a configuration names it: a role as in "figma/editor", any role
// of an app as in "figma", or a place in a group as in "okta:figma-editors".
type Holding struct {
	App   string
	Role  string   // empty: any role of the app
	Group GroupRef // instead of App and Role
}

// String is the form used in configuration.
func (h Holding) String() string {
	switch {
	case h.OfGroup():
		return h.Group.String()
	case h.Role == "":
		return h.App
	}
	return h.App + "/" + h.Role
}

// OfGroup reports whether it is a place in a group.
func (h Holding) OfGroup() bool { return h.Group != GroupRef{} }

// Ref is the role that is meant, where it is one.
func (h Holding) Ref() (RoleRef, bool) {
	return RoleRef{h.App, h.Role}, h.Role != "" && !h.OfGroup()
}

// Holding is the role as something that somebody may have.
func (r RoleRef) Holding() Holding { return Holding{App: r.App, Role: r.Role} }

// ParseHolding reads "app/role", "app", "directory:group" or "directory:id:id".
func ParseHolding(s string) (Holding, error) {
	switch text := strings.TrimSpace(s); {
	case strings.Contains(text, ":"):
		g, err := ParseGroupRef(text)
		return Holding{Group: g}, err
	case strings.Contains(text, "/"):
		ref, err := ParseRoleRef(text)
		return ref.Holding(), err
	case text != "" && !strings.ContainsAny(text, " \t"):
		return Holding{App: text}, nil
	}
	return Holding{}, fmt.Errorf("%q can't be held: write app/role, as in figma/editor, an app, or directory:group, as in okta:figma-editors", s)
}

// MarshalText keeps records readable.
func (h Holding) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (h *Holding) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHolding(string(b))
	return err
}

// Holdings are what somebody has: roles that were given to them, and groups, whoever put them there. Of a group that
// is missing here it is not known whether they are in it.
type Holdings struct {
	Roles  []RoleRef
	Groups map[GroupRef]Truth
}

// with is what somebody would have with a further role.
func (has Holdings) with(ref RoleRef) Holdings {
	has.Roles = append(slices.Clip(has.Roles), ref)
	return has
}

// And are holdings together: what is known of either is known of both.
func (has Holdings) And(more Holdings) Holdings {
	out := Holdings{Roles: slices.Concat(has.Roles, more.Roles), Groups: maps.Clone(has.Groups)}
	for g, t := range more.Groups {
		if out.Groups == nil {
			out.Groups = map[GroupRef]Truth{}
		}
		if out.Groups[g] != Yes {
			out.Groups[g] = t
		}
	}
	return out
}
