package config

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/config/expression"
	"latchkey/config/value"
)

// conditionKeys are what a condition is written with, in a rule and in a stage.
func conditionKeys(besides ...string) []string {
	return append([]string{"what", "who", "wanted", "when"}, besides...)
}

// policy reads {max, contractors, conflicts, rules}, and the groups that are privileged.
func (d *catalogueReader) policy(v, privileged value.Node) catalog.Policy {
	o := v.Object("max", "contractors", "conflicts", "rules")
	p := catalog.Policy{Max: riskLimits(o.Get("max")), Contractors: contractors(o.Get("contractors"))}
	for _, item := range privileged.List() {
		g, _ := group(item) // a faulty one keeps its place, so that paths agree
		p.Privileged = append(p.Privileged, g)
	}
	for _, item := range o.Get("conflicts").List() {
		p.Conflicts = append(p.Conflicts, conflict(item))
	}
	for _, item := range o.Get("rules").List() {
		p.Rules = append(p.Rules, d.rule(item))
	}
	return p
}

// riskLimits are how long roles of each risk can be held at most.
func riskLimits(v value.Node) map[catalog.Risk]time.Duration {
	risks := []catalog.Risk{catalog.Low, catalog.Medium, catalog.High}
	o := v.Object("low", "medium", "high")
	var out map[catalog.Risk]time.Duration
	for _, risk := range risks {
		if d, ok := bound(o.Get(string(risk))); ok {
			if out == nil {
				out = map[catalog.Risk]time.Duration{}
			}
			out[risk] = d
		}
	}
	return out
}

// bound reads a length of time that bounds another one, so that forever says nothing.
func bound(v value.Node) (time.Duration, bool) {
	d, ok := duration(v)
	if ok && d == catalog.Forever {
		v.Fault("%s can't be forever, which bounds nothing: write for example 30d, or leave it out", v.Path())
		return 0, false
	}
	return d, ok
}

func contractors(v value.Node) catalog.Contractors {
	o := v.Object("types", "max")
	c := catalog.Contractors{Types: words(o.Get("types")), Line: v.Line()}
	c.Max, _ = bound(o.Get("max"))
	return c
}

// rule reads one rule: a condition, and what follows where it holds.
func (d *catalogueReader) rule(v value.Node) catalog.Rule {
	o := v.Object(conditionKeys("id", "then")...)
	r := catalog.Rule{ID: o.Get("id").TextOr(""), Line: v.Line(), If: d.conditionOf(o)}
	if then := o.Get("then"); then.Present() {
		r.Then = d.consequence(then)
	}
	return r
}

// unsure tells whether a problem follows from what a rule says that couldn't be read: whom it is about isn't
// known then.
func (d *catalogueReader) unsure(f catalog.Fault) bool {
	rule, _, ofThen := strings.Cut(f.Path, ".then")
	return ofThen && strings.HasPrefix(rule, "policy.rules[") && d.doc.FaultyUnder(rule)
}

func (d *catalogueReader) consequence(v value.Node) (t catalog.Consequence) {
	if v.IsSingle() {
		word, _ := v.Text()
		switch word {
		case "hide":
			t.Hide = true
		case "approve":
			t.Approve = true
		case "deny":
			v.Fault("whoever is refused has to read why: write {deny: a sentence for them}")
		default:
			v.Fault("%s can't be %q: write hide or approve, or {deny: a sentence}, {route: name}, {stages: […]} or {max: 8h}", v.Path(), word)
		}
		return t
	}
	if v.IsList() {
		v.Fault("%s is one thing, or several between { }: write for example {approve: true, max: 8h}", v.Path())
		return t
	}
	o := v.Object("deny", "hide", "approve", "route", "stages", "max")
	t = catalog.Consequence{Deny: sentence(o.Get("deny")), Hide: o.Get("hide").Bool(), Approve: o.Get("approve").Bool(), Route: o.Get("route").TextOr("")}
	for _, item := range o.Get("stages").List() {
		t.Stages = append(t.Stages, d.stage(item))
	}
	t.Max, _ = bound(o.Get("max"))
	return t
}

// mostSentence is how long a sentence for whoever is refused may be, in characters.
const mostSentence = 300

func sentence(v value.Node) string {
	if !v.Present() {
		return ""
	}
	text, ok := v.Needed("say why in a sentence for whoever asks")
	if ok && len([]rune(text)) > mostSentence {
		v.Fault("%s has %d characters: keep it to %d, so that it can be read at a glance", v.Path(), len([]rune(text)), mostSentence)
	}
	return text
}

// condition reads a condition that stands by itself.
func (d *catalogueReader) condition(v value.Node) catalog.Condition {
	return d.conditionOf(v.Object(conditionKeys()...))
}

// conditionOf reads {what, who, wanted, when}; the mapping may hold more.
func (d *catalogueReader) conditionOf(o value.Object) catalog.Condition {
	c := catalog.Condition{When: d.expression(o.Get("when"))}
	what := o.Get("what").Object("apps", "roles", "tags", "kinds", "risks")
	c.Apps, c.Roles, c.Tags = words(what.Get("apps")), roleRefs(what.Get("roles")), words(what.Get("tags"))
	for _, k := range oneOfEach(what.Get("kinds"), "everyday", "admin", "production", "finance") {
		c.Kinds = append(c.Kinds, catalog.Kind(k))
	}
	for _, r := range oneOfEach(what.Get("risks"), "low", "medium", "high") {
		c.Risks = append(c.Risks, catalog.Risk(r))
	}
	who := o.Get("who").Object("departments", "titles", "types", "locations", "groups", "managers", "people")
	c.Departments, c.Titles, c.Types, c.Locations = words(who.Get("departments")), words(who.Get("titles")), words(who.Get("types")), words(who.Get("locations"))
	c.Managers, c.People = emails(listed(who.Get("managers"))), emails(listed(who.Get("people")))
	for _, item := range listed(who.Get("groups")).List() {
		g, _ := group(item)
		c.Groups = append(c.Groups, g)
	}
	wanted := o.Get("wanted").Object("over", "up_to")
	c.Over, _ = bound(wanted.Get("over"))
	c.UpTo, _ = bound(wanted.Get("up_to"))
	return c
}

// listed reports a list that is there and names nothing: it would ask nothing, and the rule hold for everybody.
func listed(v value.Node) value.Node {
	if v.IsList() && len(v.List()) == 0 {
		v.Fault("%s is empty, so it would ask nothing: name at least one, or leave it out", v.Path())
	}
	return v
}

func words(v value.Node) []string {
	var out []string
	for _, item := range listed(v).List() {
		text, ok := item.Text()
		if ok && text == "" {
			item.Fault("%s is empty: write a name, or leave it out", item.Path())
		}
		out = append(out, text) // a faulty one keeps its place, so that paths agree
	}
	return out
}

func oneOfEach(v value.Node, known ...string) []string {
	var out []string
	for _, item := range listed(v).List() {
		out = append(out, item.OneOf("", known...))
	}
	return out
}

// expression compiles a condition that is written as an expression.
func (d *catalogueReader) expression(v value.Node) catalog.Expression {
	if !v.Present() {
		return catalog.Expression{}
	}
	text, ok := v.Text()
	if !ok {
		return catalog.Expression{}
	}
	if text == "" {
		v.Fault("%s is empty: write a condition, or leave it out", v.Path())
		return catalog.Expression{}
	}
	if d.language == nil {
		l, err := expression.New()
		if err != nil {
			v.Fault("%v", err)
			return catalog.Expression{}
		}
		d.language = &l
	}
	e, problems := d.language.Compile(text)
	for _, p := range problems {
		v.FaultInside(p.Line, p.Column, "%s: %s", v.Path(), p.Text)
	}
	d.names(v, e)
	if len(problems) > 0 { // what doesn't hold is not what holds always
		return catalog.Expression{Text: text}
	}
	return e
}

// names has what is wrong with what an expression names stand where that is named.
func (d *catalogueReader) names(v value.Node, e catalog.Expression) {
	all := slices.Concat(e.Apps, e.Tags)
	for _, g := range e.Groups {
		all = append(all, g.String())
	}
	for _, name := range all {
		for _, quoted := range []string{strconv.Quote(name), "'" + name + "'"} {
			if before, _, found := strings.Cut(e.Text, quoted); found {
				d.doc.PlaceInside(v, v.Path()+"["+name+"]", strings.Count(before, "\n")+1, len([]rune(before[strings.LastIndex(before, "\n")+1:]))+1)
			}
		}
	}
}
