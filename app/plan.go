package app

import (
	"latchkey/catalog/plan"
	"latchkey/config"
)

// PlanOfFiles says what becomes different when one file takes another one's place, by the two files alone.
func PlanOfFiles(before, after *config.Config) plan.Plan {
	c := plan.Compare(planFile(before), planFile(after))
	c.Everybody()
	return besides(c.Plan(), before, after)
}

func planFile(c *config.Config) plan.File {
	return plan.File{Side: plan.Side{File: c.Path}, Catalog: c.Catalog, Admins: c.People.Admins, Fallback: c.People.Fallback}
}

// besides adds what is different beside the catalogue: it counts once Latchkey is started again.
func besides(p plan.Plan, before, after *config.Config) plan.Plan {
	p.Restart = before.Beside(after)
	p.Changed = p.Changed || len(p.Restart) > 0
	return p
}
