package campaigns

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// extraction reads who is in a group, with what proves that nobody is missing.
type extraction func(ctx context.Context, r *reading, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error)

// extracted is who is in a group, as the extractor reads it.
func extracted(ctx context.Context, r *reading, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error) {
	all := &gathered{reading: r, ctx: ctx, directory: d.ID()}
	proof, err := Extractor{Clock: r.clock, Tool: r.version}.Extract(ctx, d, g, all)
	return all.members, proof, err
}

// gathered takes the members of a group.
type gathered struct {
	*reading
	ctx       context.Context // of the reading, for as long as that lasts
	directory string
	members   []idp.Membership
}

// Begin implements Members.
func (g *gathered) Begin() error {
	g.members = g.members[:0]
	return nil
}

// Add implements Members. Whose an account is that was never seen before, nobody knows yet.
func (g *gathered) Add(m idp.Membership) (who access.PersonID, err error) {
	g.members = append(g.members, m)
	if a := g.folk.all[[2]string{g.directory, m.PersonID}]; a != nil {
		return a.who, nil
	}
	err = g.units.View(g.ctx, func(tx store.Tx) error {
		k, err := store.PersonByAccount(tx, g.directory, m.PersonID)
		who = k.ID
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return who, err
}
