package access

import "latchkey/catalog"

// Basis is why somebody may answer a request.
type Basis struct {
	Source    catalog.ApproverKind `json:",omitempty"` // where the route looks for them; empty for who stands in
	Group     *catalog.GroupRef    `json:",omitempty"` // of catalog.GroupOf
	Directory string               `json:",omitempty"` // that names the manager, where it is known which
	Name      string               `json:",omitempty"` // of catalog.OnCall: the schedule
	Backup    bool                 `json:",omitempty"` // as a back-up approver
}

// BasisOf is the basis of those whom a source of approvers stands for.
func BasisOf(a catalog.Approver) Basis {
	b := Basis{Source: a.Kind}
	switch a.Kind {
	case catalog.GroupOf:
		b.Group = &a.Group
	case catalog.OnCall:
		b.Name = a.Name
	}
	return b
}
