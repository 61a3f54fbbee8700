package plan

import (
	"fmt"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
)

// Resolve finds who may answer the current stage of a request under one of the two files.
type Resolve func(access.Request) Deciders

// Deciders are who may answer a stage.
type Deciders struct {
	Who     map[string]string // by key, what people call them
	Lacks   []string          // whom the sources name and who can't be asked, in words that name nobody's request
	Instead string            // who stands in, as nobody can whom the route asks; "" if somebody can
	Unread  []string          // what couldn't be read
}

// lack is that a route leads to nobody for a role.
type lack struct{ about, says string }

// power is for how many people somebody may say yes by now, or can't any more.
type power struct {
	name         string
	gained, lost int
}

// decided notes who gains and who loses that they may say yes to what somebody may ask for. What somebody
// can't ask for any more takes it from nobody.
func (c *Comparison) decided(ref catalog.RoleRef, who one, o, n outcome) {
	before, after := c.decides(was, ref, who, o), c.decides(becomes, ref, who, n)
	for key, name := range after {
		if _, had := before[key]; !had {
			c.power(ref, key, name).gained++
		}
	}
	for key, name := range before {
		if _, has := after[key]; !has && n.may() {
			c.power(ref, key, name).lost++
		}
	}
}

func (c *Comparison) power(ref catalog.RoleRef, key, name string) *power {
	if c.powers[ref] == nil {
		c.powers[ref] = map[string]*power{}
	}
	if c.powers[ref][key] == nil {
		c.powers[ref][key] = &power{name: name}
	}
	return c.powers[ref][key]
}

// decides are who may say yes to whatever somebody may ask for, at any stage.
func (c *Comparison) decides(side int, ref catalog.RoleRef, who one, o outcome) map[string]string {
	all := map[string]string{}
	for _, r := range o.runs {
		for i := range r.made.Stages {
			made := r.made
			made.Stage = i
			d := c.files[side].Resolve(made)
			c.note(side, ref, who, d)
			maps.Copy(all, d.Who)
		}
	}
	return all
}

func (c *Comparison) note(side int, ref catalog.RoleRef, who one, d Deciders) {
	for _, what := range d.Unread {
		c.Unknown(what)
	}
	if len(d.Who) == 0 && len(d.Unread) == 0 {
		c.lacking(side, lack{c.label(ref), "nobody is known who may say yes"}, who)
	}
	if d.Instead != "" {
		c.lacking(side, lack{c.label(ref), "nobody can be asked whom its route names, so others stand in: " + d.Instead}, who)
	}
	for _, what := range d.Lacks {
		c.lacking(side, lack{says: what}, who)
	}
}

func (c *Comparison) lacking(side int, l lack, who one) {
	g := c.lacks[side][l]
	if g == nil {
		g = &gathered{}
		c.lacks[side][l] = g
	}
	if !slices.Contains(g.names, who.name) && !(who.kind > 0 && slices.Contains(g.kinds, who.kind-1)) {
		g.add(who)
	}
}

// decidingLines say who may say yes to what, and to how many people's where they are known.
func (c *Comparison) decidingLines() (out []Line) {
	for ref, all := range c.powers {
		var gains, losses gathered
		for _, p := range all {
			if p.gained > 0 {
				gains.add(one{name: c.reach(p.name, p.gained)})
			}
			if p.lost > 0 {
				losses.add(one{name: c.reach(p.name, p.lost)})
			}
		}
		if gains.count > 0 {
			out = append(out, Line{Section: Deciding, Sign: Gain, About: c.label(ref), Says: "may say yes", Count: gains.count, Who: gains.names})
		}
		if losses.count > 0 {
			out = append(out, Line{Section: Deciding, Sign: Loss, About: c.label(ref), Says: "can't say yes any more", Count: losses.count, Who: losses.names})
		}
	}
	return out
}

// reach is somebody with how many people it is about; of kinds of people that says nothing.
func (c *Comparison) reach(name string, people int) string {
	if c.people == 0 {
		return name
	}
	return fmt.Sprintf("%s for %d", name, people)
}

// written resolves sources of approvers as far as a file says by itself who that is.
func written(f File) Resolve {
	return func(r access.Request) Deciders {
		d := Deciders{Who: map[string]string{}}
		s := r.Stages[r.Stage]
		for _, a := range slices.Concat(s.Sources, s.Backups) {
			for _, who := range named(f, r, a) {
				d.Who[who] = who
			}
		}
		return d
	}
}

// named are the addresses that a source of approvers stands for, or what the file calls it.
func named(f File, r access.Request, a catalog.Approver) []string {
	app, role, _ := f.Catalog.Role(r.App, r.Role)
	switch a.Kind {
	case catalog.Owner:
		return orElse(app.Owners, "the owner, of whom there is none")
	case catalog.Security:
		return orElse(f.Admins, "people.admins, of whom there are none")
	case catalog.RoleApprover:
		var out []string
		for _, own := range role.Approvers {
			if own.Kind != catalog.RoleApprover {
				out = append(out, named(f, r, own)...)
			}
		}
		return orElse(out, "the role's approvers, of whom there are none")
	}
	return []string{a.String()}
}

func orElse(all []string, otherwise string) []string {
	if len(all) == 0 {
		return []string{otherwise}
	}
	return all
}
