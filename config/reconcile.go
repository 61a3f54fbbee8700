package config

import (
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// Reconcile is how memberships are compared with grants. What becomes of those
// that nobody asked for is in the catalogue: each app's own, or what is said here.
type Reconcile struct {
	Idle time.Duration // how long without a sign-in counts as idle
}

// unrequested is what becomes of memberships that nobody asked for.
type unrequested struct {
	policy   catalog.Unrequested
	adoptFor time.Duration // how long adopted memberships are kept; catalog.Forever for no end
}

// reconcile also gives what holds for apps that say nothing about it.
func reconcile(v value.Node) (Reconcile, unrequested) {
	o := v.Object("policy", "adopt_for", "idle")
	everywhere := unrequested{policy: policy(o.Get("policy"), catalog.Alert)}
	everywhere.adoptFor, _ = duration(o.Get("adopt_for"))
	return Reconcile{Idle: period(o.Get("idle"), 90*catalog.Day)}, everywhere
}

func policy(v value.Node, fallback catalog.Unrequested) catalog.Unrequested {
	return catalog.Unrequested(v.OneOf(string(fallback), string(catalog.Alert), string(catalog.Adopt), string(catalog.Remove)))
}

// into tells an app what becomes of memberships that nobody asked for.
func (u unrequested) into(a *catalog.App, o value.Object) {
	a.Unrequested, a.AdoptFor = policy(o.Get("reconcile"), u.policy), u.adoptFor
	own, ok := duration(o.Get("adopt_for"))
	if ok {
		a.AdoptFor = own
	}
	if ok && a.Unrequested != catalog.Adopt {
		o.Get("adopt_for").Fault("%s is not read while reconcile is %s: write reconcile: adopt, or remove it", o.Get("adopt_for").Path(), a.Unrequested)
	}
}
