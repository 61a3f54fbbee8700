package plan

import (
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

// decides notes who may say yes to whatever somebody may ask for.
func (c *Comparison) decides(side int, ref catalog.RoleRef, who one, o outcome) {
	for _, r := range o.runs {
		for i := range r.made.Stages {
			made := r.made
			made.Stage = i
			c.note(side, ref, who, c.files[side].Resolve(made))
		}
	}
}

func (c *Comparison) note(side int, ref catalog.RoleRef, who one, d Deciders) {
	all := c.deciders[ref]
	if all == nil {
		all = &[2]map[string]string{{}, {}}
		c.deciders[ref] = all
	}
	maps.Copy(all[side], d.Who)
	for _, what := range d.Unread {
		c.Unknown(what)
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

// powers are the lines about who may say yes to what.
func (c *Comparison) powers() (out []Line) {
	for ref, all := range c.deciders {
		for _, of := range []struct {
			sign      Sign
			has, lost map[string]string
			says      string
		}{
			{Gain, all[becomes], all[was], "may say yes"},
			{Loss, all[was], all[becomes], "can't say yes any more"},
		} {
			var g gathered
			for key, name := range of.has {
				if _, also := of.lost[key]; !also {
					g.add(one{name: name})
				}
			}
			if g.count > 0 && c.offered(becomes, ref) {
				out = append(out, Line{Section: Deciding, Sign: of.sign, About: c.label(ref), Says: of.says, Count: g.count, Who: g.names})
			}
		}
	}
	return out
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
