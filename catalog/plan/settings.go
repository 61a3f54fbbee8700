package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
)

// alike tells whether two things say the same.
func alike(a, b any) bool {
	x, err := json.Marshal(a)
	y, other := json.Marshal(b)
	return err == nil && other == nil && string(x) == string(y)
}

// mayDiffer tells whether something of a role may be different for somebody.
func (c *Comparison) mayDiffer(ref catalog.RoleRef) bool {
	before, after := c.files[was], c.files[becomes]
	a, r, _ := before.Catalog.Role(ref.App, ref.Role)
	b, s, _ := after.Catalog.Role(ref.App, ref.Role)
	a.Roles, b.Roles = nil, nil
	return !alike(r, s) || !alike(a, b) || !alike(before.Catalog.Policy(), after.Catalog.Policy()) ||
		!alike(before.Catalog.Routes(), after.Catalog.Routes()) || !alike([][]string{before.Admins, before.Fallback}, [][]string{after.Admins, after.Fallback})
}

// settings are the lines that the files say by themselves.
func (c *Comparison) settings() {
	for _, ref := range c.roles() {
		c.role(ref)
	}
	for _, a := range c.files[becomes].Catalog.Apps() {
		if b, ok := c.files[was].Catalog.App(a.ID); ok {
			c.app(b, a)
		}
	}
	c.rules()
	c.reviews()
	if before, after := c.files[was].Catalog.Bundles(), c.files[becomes].Catalog.Bundles(); !alike(before, after) {
		c.say(Else, Change, "", "bundles are different")
	}
}

func (c *Comparison) say(section Section, sign Sign, about, says string) {
	c.lines[lineKey{section, sign, about, says}] = &gathered{}
}

// role says what the two files say differently of a role itself.
func (c *Comparison) role(ref catalog.RoleRef) {
	about := c.label(ref)
	before, after := c.offered(was, ref), c.offered(becomes, ref)
	switch {
	case !before && after:
		c.say(Offered, Gain, about, "is offered")
		return
	case before && !after:
		c.say(Offered, Loss, about, "isn't offered any more; who has it keeps it until its end")
		return
	case !before:
		return
	}
	_, o, _ := c.files[was].Catalog.Role(ref.App, ref.Role)
	_, n, _ := c.files[becomes].Catalog.Role(ref.App, ref.Role)
	c.groups(about, o, n)
	for _, of := range said(o, n) {
		if of.before != of.after {
			c.say(Offered, Change, about, of.what+": "+orNone(of.before)+" → "+orNone(of.after))
		}
	}
	for _, what := range unlike(o, n, "ID", "Name", "Description", "Groups", "Route", "Approvers", "Durations", "Risk", "Kind", "Accepted", "Assurance", "OnRevoke", "Partial", "BreakGlass", "Channel", "Extend", "For", "Opens", "Needs") {
		c.say(Offered, Change, about, what+" says something else")
	}
	if x, y := c.files[was].Catalog.Channel(ref.App, ref.Role), c.files[becomes].Catalog.Channel(ref.App, ref.Role); x != y {
		c.say(Told, Change, about, "approvers are asked in "+orElse([]string{y}[:min(len(y), 1)], "direct messages")[0]+", not in "+orElse([]string{x}[:min(len(x), 1)], "direct messages")[0])
	}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func (c *Comparison) groups(about string, o, n catalog.Role) {
	for _, g := range n.Groups {
		if !slices.Contains(o.Groups, g) {
			c.say(Offered, Gain, about, "opens "+g.String())
		}
	}
	for _, g := range o.Groups {
		if !slices.Contains(n.Groups, g) {
			c.say(Offered, Loss, about, "doesn't open "+g.String()+" any more")
		}
	}
}

// saying is what both files say of one thing.
type saying struct{ what, before, after string }

func said(o, n catalog.Role) []saying {
	return []saying{
		{"risk", string(o.Risk), string(n.Risk)},
		{"kind", string(o.Kind), string(n.Kind)},
		{"assurance", string(o.Assurance), string(n.Assurance)},
		{"accepted", o.Accepted, n.Accepted},
		{"on_revoke", string(o.OnRevoke), string(n.OnRevoke)},
		{"partial", string(o.Partial), string(n.Partial)},
		{"break_glass", yes(o.BreakGlass), yes(n.BreakGlass)},
		{"needs", refs(o.Needs), refs(n.Needs)},
		{"extend", extension(o.Extend), extension(n.Extend)},
		{"usual length", catalog.ShortDuration(o.Durations.Default), catalog.ShortDuration(n.Durations.Default)},
		{"lengths to choose from", choices(o.Durations), choices(n.Durations)},
		{"what people read of it", reads(o), reads(n)},
	}
}

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}

func refs(all []catalog.Holding) string {
	said := make([]string, len(all))
	for i, r := range all {
		said[i] = r.String()
	}
	return strings.Join(said, ", ")
}

func extension(e catalog.Extend) string {
	return fmt.Sprintf("%d times, approved anew: %s", e.MaxTimes, strings.TrimSpace(string(e.Reapprove)+" "+after(e)))
}

func after(e catalog.Extend) string {
	if e.After == 0 {
		return ""
	}
	return catalog.ShortDuration(e.After)
}

func choices(d catalog.Durations) string {
	said := make([]string, len(d.Choices))
	for i, one := range d.Choices {
		said[i] = catalog.ShortDuration(one)
	}
	return strings.Join(said, ", ")
}

// reads is what people read of a role.
func reads(r catalog.Role) string {
	return strings.Join([]string{r.Name, r.Description, r.Opens.URL, r.Opens.How}, " | ")
}

// app says what the two files say differently of an app, beside its roles and who owns it.
func (c *Comparison) app(o, n catalog.App) {
	if !slices.Equal(o.Fulfillers(), n.Fulfillers()) && (o.Provisioning == catalog.Manual || n.Provisioning == catalog.Manual) {
		c.say(Told, Change, n.Name, "changes are made by "+strings.Join(n.Fulfillers(), ", ")+", not by "+strings.Join(o.Fulfillers(), ", "))
	}
	for _, of := range []saying{
		{"provisioning", string(o.Provisioning), string(n.Provisioning)},
		{"memberships that nobody asked for", string(o.Unrequested), string(n.Unrequested)},
		{"adopted for", catalog.ShortDuration(o.AdoptFor), catalog.ShortDuration(n.AdoptFor)},
		{"owners", strings.Join(o.Owners, ", "), strings.Join(n.Owners, ", ")},
		{"tags", strings.Join(o.Tags, ", "), strings.Join(n.Tags, ", ")},
		{"what people read of it", strings.Join([]string{o.Name, o.Description, o.Category, string(o.Icon), o.Opens.URL, o.Opens.How}, " | "), strings.Join([]string{n.Name, n.Description, n.Category, string(n.Icon), n.Opens.URL, n.Opens.How}, " | ")},
	} {
		if of.before != of.after {
			c.say(Offered, Change, n.Name, of.what+": "+orNone(of.before)+" → "+orNone(of.after))
		}
	}
}

// rules says which rules of the policy are new, gone or different.
func (c *Comparison) rules() {
	before, after := c.files[was].Catalog.Policy(), c.files[becomes].Catalog.Policy()
	find := func(p catalog.Policy, id string) (catalog.Rule, bool) {
		i := slices.IndexFunc(p.Rules, func(r catalog.Rule) bool { return r.ID == id })
		if i < 0 {
			return catalog.Rule{}, false
		}
		return p.Rules[i], true
	}
	for _, r := range after.Rules {
		switch o, had := find(before, r.ID); {
		case !had:
			c.say(Rules, Gain, r.ID, "is new")
		case !alike(o, r):
			c.say(Rules, Change, r.ID, "says something else")
		}
	}
	for _, r := range before.Rules {
		if _, has := find(after, r.ID); !has {
			c.say(Rules, Loss, r.ID, "is gone")
		}
	}
	for _, what := range unlike(before, after, "Rules") {
		c.say(Rules, Change, what, "says something else")
	}
	for _, what := range unlike(c.files[was].Catalog.Birthrights(), c.files[becomes].Catalog.Birthrights()) {
		c.say(Rules, Change, "birthrights: "+what, "says something else")
	}
}

// unlike are the fields that say something else in two things of a kind, in lower case, beside those that are
// told otherwise. So what comes later isn't passed over.
func unlike(a, b any, told ...string) (out []string) {
	x, y := fields(a), fields(b)
	for key := range y {
		if !slices.Contains(told, key) && string(x[key]) != string(y[key]) {
			out = append(out, strings.ToLower(key))
		}
	}
	for key := range x {
		if _, also := y[key]; !also && !slices.Contains(told, key) {
			out = append(out, strings.ToLower(key))
		}
	}
	return out
}

func fields(v any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if raw, err := json.Marshal(v); err == nil {
		_ = json.Unmarshal(raw, &out) // it was written just now
	}
	return out
}
