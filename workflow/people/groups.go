package people

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Groups knows which groups the configuration means. What a name means is found
// out once and kept by the group's id: a group that is renamed goes on being
// meant, and one that takes its name over is not.
type Groups struct {
	units     *engine.Units
	dirs      Directories
	protected []catalog.GroupRef
	log       *slog.Logger
	alarm     Alarm
	unpinned  sync.Map // of protected groups, those of which it was said that they can't be found
}

// GroupsConfig is what Groups are made of.
type GroupsConfig struct {
	Units       *engine.Units
	Directories Directories
	Protected   []catalog.GroupRef // never changed, whatever the catalogue says
	Logger      *slog.Logger       // nil: silent
	Alarm       Alarm              // nil: only the log says so
}

// NewGroups makes them.
func NewGroups(c GroupsConfig) *Groups {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Groups{units: c.Units, dirs: c.Directories, protected: c.Protected, log: c.Logger, alarm: c.Alarm}
}

// Find is the group that the configuration means. One that was deleted is not
// replaced by another of its name: that is refused.
func (g *Groups) Find(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (idp.Group, error) {
	if ref.ByID {
		return d.Group(ctx, ref.Group)
	}
	pin, err := g.pin(ctx, ref)
	if err != nil {
		return idp.Group{}, err
	}
	if pin.GroupID == "" {
		found, err := d.FindGroup(ctx, ref.Group)
		if err != nil {
			return found, err
		}
		return found, g.keep(ctx, pin, found)
	}
	found, err := d.Group(ctx, pin.GroupID)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return found, g.replaced(ctx, d, pin, err)
	case err != nil || found.Name == pin.Name:
		return found, err
	}
	return found, g.renamed(ctx, pin, found)
}

// Members are a group that the configuration means and who is in it.
func (g *Groups) Members(ctx context.Context, ref catalog.GroupRef) (idp.Group, []idp.Membership, error) {
	return g.dirs.members(ctx, ref, g.Find)
}

// pin is what a name is known to mean; without a group's id, if that isn't known.
func (g *Groups) pin(ctx context.Context, ref catalog.GroupRef) (pin store.GroupPin, err error) {
	err = g.units.View(ctx, func(tx store.Tx) error {
		pin, err = store.LoadGroupPin(tx, ref)
		if errors.Is(err, store.ErrNotFound) {
			pin, err = store.GroupPin{Ref: ref}, nil
		}
		return err
	})
	return pin, err
}

// keep notes which group a name means, and what that is called now.
func (g *Groups) keep(ctx context.Context, pin store.GroupPin, found idp.Group) error {
	pin.GroupID, pin.Name = found.ID, found.Name
	err := g.units.Update(ctx, func(u *engine.Unit) error {
		pin := pin
		if pin.Since.IsZero() {
			pin.Since = u.At
		}
		return store.PutGroupPin(u.Tx, &pin)
	})
	if errors.Is(err, store.ErrConflict) {
		return nil // somebody else has just found the same
	}
	return err
}

// renamed tells IT, once, that a group has another name by now.
func (g *Groups) renamed(ctx context.Context, pin store.GroupPin, found idp.Group) error {
	err := g.tell(ctx, "group-renamed/"+pin.Ref.String()+"/"+found.Name, "A group has another name now",
		fmt.Sprintf("The group that the configuration calls %s is called %s now. Latchkey goes on with it.", pin.Ref, found.Name),
		fmt.Sprintf("Write its new name into the configuration, or its id: %s:id:%s.", pin.Ref.Directory, found.ID))
	if err != nil {
		return err
	}
	return g.keep(ctx, pin, found)
}

// replaced says why a group that was deleted can't be found, and tells IT if
// another one has its name now.
func (g *Groups) replaced(ctx context.Context, d idp.Directory, pin store.GroupPin, gone error) error {
	other, err := d.FindGroup(ctx, pin.Ref.Group)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return gone
	case err != nil:
		return err
	}
	sentence := fmt.Sprintf("The group %s was deleted, and another group has its name now. Nobody is put into that one: if it is meant, write %s:id:%s into the configuration", pin.Ref, pin.Ref.Directory, other.ID)
	if err := g.tell(ctx, "group-replaced/"+pin.Ref.String()+"/"+other.ID, "A group was deleted and made anew", sentence+"."); err != nil {
		return err
	}
	return &access.Failure{Class: access.Rejected, Sentence: sentence, Err: idp.ErrAmbiguous}
}

func (g *Groups) tell(ctx context.Context, marker, title string, lines ...string) error {
	g.log.Warn(title, "detail", lines[0])
	if g.alarm == nil {
		return nil
	}
	return g.units.Update(ctx, func(u *engine.Unit) error { return g.alarm(u, marker, title, lines...) })
}

// Lists tells whether the configuration protects a group by the words by which it
// is named elsewhere.
func (g *Groups) Lists(ref catalog.GroupRef) bool {
	return slices.ContainsFunc(g.protected, ref.Confusable)
}

// Protected tells whether a group must not be changed, by whatever the
// configuration calls it: its id, its name in any letter case, or the name that it
// had when it was found under it (see Pin). It asks no directory.
func (g *Groups) Protected(ctx context.Context, d idp.Directory, group idp.Group) (bool, error) {
	for _, ref := range g.protected {
		if ref.Directory != d.ID() {
			continue
		}
		if ref.Means(d.ID(), group.ID, group.Name) || !ref.ByID && catalog.Same(ref.Group, group.Name) {
			return true, nil
		}
		pin, err := g.pin(ctx, ref)
		if err != nil || pin.GroupID == group.ID && group.ID != "" {
			return true, err
		}
	}
	return false, nil
}

// Pin finds out which groups the protected names mean, so that they stay protected
// under another name. What can't be found is told in the log.
func (g *Groups) Pin(ctx context.Context) {
	for _, ref := range g.protected {
		d, ok := g.dirs.Get(ref.Directory)
		if !ok {
			continue
		}
		if _, err := g.Find(ctx, d, ref); err != nil {
			if _, said := g.unpinned.LoadOrStore(ref, true); !said {
				g.log.Warn("a protected group can't be found; it is protected by what the configuration calls it alone", "group", ref, "error", err)
			}
		}
	}
}
