package access

import (
	"slices"

	"latchkey/catalog"
)

// RestoreObjection refuses to give back what may not be held any more by whom it was taken from, or what they have again: has.Grants
// are those that are open of them. It is Objection beside that; nil where nothing speaks against it.
func (r Request) RestoreObjection(c *catalog.Catalog, requester, holder Person, around Circumstances, has Standings) error {
	again := func(g Grant) bool {
		return g.Live() && g.App == r.App && g.Role == r.Role && g.Source != SourceAdopted
	}
	if slices.ContainsFunc(has.Grants, again) {
		return Refuse(Duplicate, "", holder.Display()+" has it again already, or it is on its way.")
	}
	return r.Objection(c, requester, holder, around, has)
}
