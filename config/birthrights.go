package config

import (
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// How birthrights are followed unless said otherwise.
const (
	birthrightSettle  = 2 * time.Minute
	birthrightGrace   = 7 * catalog.Day
	birthrightPeople  = 25
	birthrightPercent = 20
)

// birthrights reads a list of rules, or {rules, settle, grace, brake, dry_run}. under is where the rules are listed.
func (d *catalogueReader) birthrights(v value.Node) (b catalog.Birthrights, under string) {
	rules := v
	b = catalog.Birthrights{Settle: birthrightSettle, Grace: birthrightGrace, Brake: catalog.Brake{People: birthrightPeople, Percent: birthrightPercent}}
	if v.Present() && !v.IsList() {
		o := v.Object("rules", "settle", "grace", "brake", "dry_run")
		rules = o.Get("rules")
		b.Settle, b.Grace = period(o.Get("settle"), b.Settle), period(o.Get("grace"), b.Grace)
		brake := o.Get("brake").Object("people", "percent")
		b.Brake = catalog.Brake{People: brake.Get("people").Number(b.Brake.People, 0, 1_000_000), Percent: brake.Get("percent").Number(b.Brake.Percent, 0, 100)}
		b.DryRun = o.Get("dry_run").Bool()
		under = value.JoinPath(v.Path(), "rules")
	}
	for _, item := range rules.List() {
		o := item.Object("id", "who", "when", "roles")
		b.Rules = append(b.Rules, catalog.Birthright{ID: o.Get("id").TextOr(""), Line: item.Line(), If: d.conditionOf(o), Roles: roleRefs(o.Get("roles"))})
	}
	return b, under
}
