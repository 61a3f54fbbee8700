package main

import (
	"time"
	_ "time/tzdata" // calendars name time zones, and a bare image has none

	"latchkey/catalog"
	"latchkey/workflow"
	"latchkey/workflow/engine"
	"latchkey/workflow/reconcile"
)

// ReconcileConfig is what becomes of memberships that nobody asked for, unless
// an app says otherwise.
type ReconcileConfig struct {
	Policy   catalog.Unrequested
	AdoptFor time.Duration // how long adopted memberships are kept; catalog.Forever for no end
	Idle     time.Duration // how long without a sign-in counts as idle
}

// never in place of a calendar line means that a duty has no turns.
const never = "never"

func (d *configDecoder) reconcile(v configValue) ReconcileConfig {
	o := v.object("policy", "adopt_for", "idle")
	r := ReconcileConfig{Policy: policy(o.get("policy"), catalog.Alert), Idle: o.get("idle").period(90 * catalog.Day)}
	r.AdoptFor, _ = o.get("adopt_for").duration()
	return r
}

func policy(v configValue, fallback catalog.Unrequested) catalog.Unrequested {
	return catalog.Unrequested(v.oneOf(string(fallback), string(catalog.Alert), string(catalog.Adopt), string(catalog.Remove)))
}

// unrequested is what an app says about memberships nobody asked for.
func (d *configDecoder) unrequested(o configObject, a *catalog.App) {
	a.Unrequested, a.AdoptFor = policy(o.get("reconcile"), d.everywhere.Policy), d.everywhere.AdoptFor
	own, ok := o.get("adopt_for").duration()
	if ok {
		a.AdoptFor = own
	}
	if ok && a.Unrequested != catalog.Adopt {
		o.get("adopt_for").fault("%s is not read while reconcile is %s: write reconcile: adopt, or remove it", o.get("adopt_for").path, a.Unrequested)
	}
}

// calendar reads when regular duties have their turns.
func (d *configDecoder) calendar(v configValue) workflow.Calendar {
	o := v.object("time_zone", reconcile.Duty)
	c := workflow.Calendar{Zone: time.UTC, Lines: map[string]string{reconcile.Duty: "0 6 * * *"}}
	if z := o.get("time_zone"); z.present() {
		name, _ := z.text()
		zone, err := time.LoadLocation(name)
		if err != nil || name == "" || name == "Local" {
			z.fault("%s can't be %q: write a name like Europe/Berlin or UTC", z.path, name)
		} else {
			c.Zone = zone
		}
	}
	for name := range c.Lines {
		c.Lines[name] = line(o.get(name), c.Lines[name])
	}
	return c
}

// line reads one line of the calendar; empty for never.
func line(v configValue, fallback string) string {
	text := v.textOr(fallback)
	if text == never {
		return ""
	}
	if _, err := engine.ParseLine(text); err != nil {
		v.fault("%s: %v, or never", v.path, err)
	}
	return text
}
