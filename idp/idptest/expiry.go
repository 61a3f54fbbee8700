package idptest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/idp"
)

// ExpiringDirectory is the vendor's directory, which also ends memberships by itself.
func (v *Vendor) ExpiringDirectory() idp.Directory { return expiring{directory{v, v.id}} }

type expiring struct{ directory }

// Expires is when the vendor ends a membership by itself; zero for never.
func (v *Vendor) Expires(groupID, personID string) (at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if g := v.group(groupID); g != nil {
		at = g.expires[personID]
	}
	return at
}

// Pass lets time go by at the vendor.
func (v *Vendor) Pass(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ahead += d
}

// end takes out of a group whose time there is up. The caller holds the lock.
func (v *Vendor) end(g *group) {
	for person, at := range g.expires {
		if !g.members[person] || !v.clock.Now().Add(v.ahead).Before(at) {
			delete(g.members, person)
			delete(g.expires, person)
		}
	}
}

// Expire implements idp.Expirer.
func (d expiring) Expire(ctx context.Context, groupID, personID string, at time.Time) error {
	return d.v.writes(ctx, func() error {
		g, err := d.changeable(groupID)
		switch {
		case err != nil:
			return err
		case d.v.isUnable():
			return fmt.Errorf("%s: the edition has no ends of memberships: %w", d.ID(), idp.ErrUnable)
		case !g.members[personID]:
			return fmt.Errorf("%s: %s isn't in %s: %w", d.ID(), personID, g.Name, idp.ErrNoMember)
		case at.IsZero():
			delete(g.expires, personID)
			return nil
		}
		cut := at.Truncate(time.Second)
		if cut.Before(at) {
			cut = cut.Add(time.Second)
		}
		g.expires[personID] = cut
		return nil
	})
}

// expires: a membership ends at the moment that was last said, not before, and nobody else's; one that is to have no end
// goes on.
func expires(w world) {
	e, able := idp.As[idp.Expirer](w.Directory)
	if !able {
		return
	}
	g, other := w.AddGroup("figma", Plain), w.AddGroup("slides", Plain)
	maya, noor := w.AddPerson(Person{Email: "maya@x.com"}), w.AddPerson(Person{Email: "noor@x.com"})
	for _, p := range []string{maya, noor} {
		w.SetMember(g, p, true)
		w.SetMember(other, p, true)
	}
	until := func(group, person string, in time.Duration) time.Time {
		w.Helper()
		at := time.Time{}
		if in > 0 {
			at = time.Now().Add(in + 24*time.Hour) // the vendor's clock may be ahead of ours by hours
		}
		for range 2 { // it can be repeated
			if err := e.Expire(w.ctx, group, person, at); err != nil {
				w.Fatalf("of %s in %s: %v", person, group, err)
			}
		}
		if got := w.Expires(group, person); got.Before(at) || got.Sub(at) >= time.Second {
			w.Errorf("it was to end at %s, and the vendor has %s", at, got)
		}
		return at
	}
	first := until(g, maya, 10*time.Hour)
	until(g, noor, 10*time.Hour)
	until(g, maya, 50*time.Hour) // moved
	until(g, noor, 0)            // and taken back
	until(other, noor, 10*time.Hour)
	if at := w.Expires(other, maya); !at.IsZero() {
		w.Errorf("a membership that nobody spoke of ends at %s", at)
	}
	w.Pass(time.Until(first) + 10*time.Hour)
	if !w.IsMember(g, maya) || !w.IsMember(g, noor) || w.IsMember(other, noor) || !w.IsMember(other, maya) {
		w.Errorf("after the first end, maya and noor are in the group: %v, %v; and in the other: %v, %v", w.IsMember(g, maya), w.IsMember(g, noor), w.IsMember(other, maya), w.IsMember(other, noor))
	}
	w.Pass(40 * time.Hour)
	if w.IsMember(g, maya) || !w.IsMember(g, noor) {
		w.Errorf("after the second end, maya is in the group: %v, noor: %v", w.IsMember(g, maya), w.IsMember(g, noor))
	}
	w.seen(g, maya, false)
	w.seen(g, noor, true)
	expiresNothing(w, e, g, maya)
}

// expiresNothing: what isn't there, and what isn't Latchkey's, has no end.
func expiresNothing(w world, e idp.Expirer, g, gone string) {
	at := time.Now().Add(1000 * time.Hour)
	fed := w.AddGroup("everybody", RuleFed)
	w.SetMember(fed, gone, true)
	for name, c := range map[string]struct {
		group, person string
		want          error
	}{
		"somebody who isn't in it any more": {g, gone, idp.ErrNoMember},
		"nobody":                            {g, "nobody", idp.ErrNoMember},
		"no group":                          {"nothing", gone, idp.ErrNotFound},
		"a group that is fed":               {fed, gone, idp.ErrRefused},
	} {
		if err := e.Expire(w.ctx, c.group, c.person, at); !errors.Is(err, c.want) {
			w.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if w.IsMember(g, gone) {
		w.Error("whoever wasn't in it is in it")
	}
	if at := w.Expires(fed, gone); !at.IsZero() {
		w.Errorf("a membership of a group that is fed ends at %s", at)
	}
	w.Fail(Outage)
	if err := e.Expire(w.ctx, g, gone, at); err == nil || errors.Is(err, idp.ErrUnable) || errors.Is(err, idp.ErrNoMember) {
		w.Errorf("an outage: %v", err)
	}
}
