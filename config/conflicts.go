package config

import (
	"latchkey/catalog"
	"latchkey/config/value"
)

// holdings reads a list of what somebody can have. A faulty one keeps its place, so that paths agree.
func holdings(v value.Node) []catalog.Holding {
	var out []catalog.Holding
	for _, item := range v.List() {
		out = append(out, holding(item))
	}
	return out
}

// needs are roles and groups: which role of an app is meant has to be said.
func needs(v value.Node) []catalog.Holding {
	list := holdings(v)
	for i, item := range v.List() {
		if h := list[i]; h.App != "" && h.Role == "" {
			list[i] = catalog.Holding{}
			item.Fault("%q is not a role: write app/role, for example figma/editor, or directory:group, for example okta:training-done", h)
		}
	}
	return list
}

func holding(v value.Node) catalog.Holding {
	text, ok := v.Text()
	if !ok {
		return catalog.Holding{}
	}
	h, err := catalog.ParseHolding(text)
	if err != nil {
		v.Fault("%v", err)
		return catalog.Holding{}
	}
	return h
}

// conflict reads what nobody is to have together.
func conflict(v value.Node) catalog.Conflict {
	o := v.Object("id", "not", "why", "exception", "break_glass")
	c := catalog.Conflict{ID: o.Get("id").TextOr(""), Line: v.Line(), Why: why(o, v), BreakGlass: o.Get("break_glass").Bool()}
	sides := o.Get("not")
	list := sides.List()
	switch {
	case !sides.Present():
		v.Fault("%s doesn't say what can't go together: add not, for example [netsuite/payer, netsuite/approver]", v.Path())
	case sides.IsList() && len(list) != 2:
		sides.Fault("%s names %d sides, and there have to be two; a side may be a list, as in [[netsuite/payer, expensify], netsuite/approver]", sides.Path(), len(list))
	default:
		for i, side := range list {
			c.Not[i] = sideOf(side)
		}
	}
	c.Exception = exception(o.Get("exception"))
	return c
}

// sideOf reads one thing, or a list of them.
func sideOf(v value.Node) []catalog.Holding {
	if v.IsList() {
		return holdings(listed(v))
	}
	return []catalog.Holding{holding(v)}
}

// why is the sentence that whoever is refused reads.
func why(o value.Object, of value.Node) string {
	if !o.Get("why").Present() {
		of.Fault("whoever is refused has to read why: add why, with a sentence for them")
		return ""
	}
	return sentence(o.Get("why"))
}

func exception(v value.Node) (t catalog.ExceptionTerms) {
	if !v.Present() {
		return t
	}
	o := v.Object("route", "max")
	t.Route = o.Get("route").TextOr("")
	t.Max, _ = bound(o.Get("max"))
	if (t == catalog.ExceptionTerms{}) && !v.Faulty() {
		v.Fault("%s says nothing: write for example {route: security, max: 7d}, or leave it out, and there are none", v.Path())
	}
	return t
}
