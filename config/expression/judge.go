package expression

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"

	"latchkey/catalog"
)

// judge makes a function of a program. Whatever goes wrong with it makes it unknown.
func judge(program cel.Program, groups []catalog.GroupRef) func(catalog.Attributes) (catalog.Truth, []string) {
	return func(a catalog.Attributes) (catalog.Truth, []string) {
		v := values(a, groups)
		vars, err := cel.PartialVars(v.known, v.unknown...)
		if err != nil {
			return catalog.Unknown, []string{"what its expression comes to"}
		}
		out, _, err := program.Eval(vars)
		if u, unknown := out.(*types.Unknown); unknown {
			return catalog.Unknown, missing(u)
		}
		yes, is := out.(types.Bool)
		if err != nil || !is {
			return catalog.Unknown, []string{"what its expression comes to"}
		}
		return catalog.Told(bool(yes)), nil
	}
}

// bindings are what an expression is worked out with.
type bindings struct {
	known   map[string]any
	unknown []*cel.AttributePatternType
}

func values(a catalog.Attributes, groups []catalog.GroupRef) bindings {
	var v bindings
	wanted := a.Wanted
	if wanted == catalog.Forever {
		wanted = forever
	}
	v.known = map[string]any{
		"person": v.person("person", a.Person, groups), "requester": v.person("requester", a.Requester, groups),
		"app":    App{a.App.ID, a.App.Name, a.App.Category, a.App.Tags},
		"role":   Role{a.Role.ID, a.Role.Name, string(a.Role.Risk), string(a.Role.Kind)},
		"peers":  Peers{a.Peers.Of(), int64(a.Peers.Some)},
		"wanted": wanted, "permanent": a.Wanted == catalog.Forever, "extends": a.Extends,
	}
	if !a.Peers.Known() {
		v.unknown = append(v.unknown, cel.AttributePattern("peers"))
	}
	return v
}

// person is somebody as an expression sees them; what is empty of them isn't known.
func (v *bindings) person(name string, p catalog.PersonAttributes, groups []catalog.GroupRef) Person {
	out := Person{p.Email, p.Department, p.Title, p.Type, p.Location, p.Manager, nil}
	for field, text := range map[string]string{"email": p.Email, "department": p.Department, "title": p.Title, "type": p.Type, "location": p.Location, "manager": p.Manager} {
		if text == "" {
			v.unknown = append(v.unknown, cel.AttributePattern(name).QualString(field))
		}
	}
	for _, g := range groups {
		switch p.Groups[g] {
		case catalog.Yes:
			out.Groups = append(out.Groups, g.String())
		case catalog.Unknown:
			v.unknown = append(v.unknown, cel.AttributePattern(name).QualString("groups"))
		}
	}
	return out
}

// missing says in words what an expression would have to know.
func missing(u *types.Unknown) (out []string) {
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			if words := inWords(t); !slices.Contains(out, words) {
				out = append(out, words)
			}
		}
	}
	slices.Sort(out)
	return out
}

func inWords(t *types.AttributeTrail) string {
	field := ""
	if path := t.QualifierPath(); len(path) > 0 {
		field, _ = path[0].(string)
	}
	switch {
	case t.Variable() == "peers":
		return "colleagues who have the role"
	case field == "type":
		field = "kind of employment"
	}
	if t.Variable() == "requester" {
		field += " of whoever asks"
	}
	return field
}

// sizes bounds how long texts and lists are taken to be, for the estimate of a cost.
type sizes struct{}

// EstimateSize implements cost.Estimator.
func (sizes) EstimateSize(cost.AstNode) *cost.SizeEstimate {
	return &cost.SizeEstimate{Min: 0, Max: 100}
}

// EstimateCallCost implements cost.Estimator.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
