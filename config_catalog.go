package main

import (
	"slices"
	"strings"
	"time"

	"latchkey/catalog"

	"go.yaml.in/yaml/v4"
)

// catalogue decodes approvals and apps, and has the catalogue check itself. Its
// faults are named by path and get the place of that path in the file.
func (d *configDecoder) catalogue(root configObject, facts catalog.Facts) *catalog.Catalog {
	var routes []catalog.Route
	for _, m := range root.get("approvals").members() {
		routes = append(routes, d.route(m.key, m.value))
	}
	apps := root.get("apps")
	c := catalog.New(d.apps(apps), routes, d.bundles(root.get("bundles"))...)
	if len(c.Apps()) == 0 && !d.faultyUnder(apps.path) {
		apps.fault("apps is empty, so nobody could ask for anything: list at least one app")
	}
	decoded := d.faults
	for _, f := range c.Check(facts) {
		path := d.origin(f.Path)
		if !slices.ContainsFunc(decoded, func(known ConfigFault) bool { return within(known.Path, path) }) {
			d.fault(path, "%s", f.Problem)
		}
	}
	return c
}

// origin gives the path a role's value was inherited from, or the path itself.
func (d *configDecoder) origin(path string) string {
	for role, app := range d.inherited {
		if within(path, role) {
			return app + strings.TrimPrefix(path, role)
		}
	}
	return path
}

func (d *configDecoder) route(name string, v configValue) catalog.Route {
	route := catalog.Route{Name: name}
	stages := v
	if v.target().Kind == yaml.MappingNode { // {stages, channel}
		o := v.object("stages", "channel")
		stages, route.Channel = o.get("stages"), o.get("channel").channel()
		stages.path = v.path // a short way to write the same: the same paths
	}
	for _, item := range stages.list() {
		route.Stages = append(route.Stages, d.stage(item))
	}
	return route
}

// stage is one approver, a list of approvers of whom any may answer, or
// {approvers, need}.
func (d *configDecoder) stage(v configValue) catalog.Stage {
	switch v.target().Kind {
	case yaml.ScalarNode:
		return catalog.Stage{Approvers: d.approvers(v), Need: catalog.AnyOne}
	case yaml.SequenceNode: // a short way to write {approvers: […]}: the same paths
		v.path += ".approvers"
		return catalog.Stage{Approvers: d.approvers(v), Need: catalog.AnyOne}
	}
	o := v.object("approvers", "need")
	stage := catalog.Stage{Need: catalog.Need(o.get("need").textOr(string(catalog.AnyOne)))}
	if approvers := o.get("approvers"); approvers.present() {
		stage.Approvers = d.approvers(approvers)
	}
	return stage
}

func (d *configDecoder) approvers(v configValue) []catalog.Approver {
	items := []configValue{v}
	if v.target().Kind == yaml.SequenceNode {
		items = v.list()
	}
	out := make([]catalog.Approver, len(items)) // a faulty one keeps its place, so that paths agree
	for i, item := range items {
		text, ok := item.text()
		if !ok {
			continue
		}
		var err error
		if out[i], err = catalog.ParseApprover(text); err != nil {
			item.fault("%v%s", err, approverHint(text))
		}
	}
	return out
}

func approverHint(text string) string {
	near := catalog.Nearest(text, []string{string(catalog.Manager), string(catalog.Owner), string(catalog.Security)})
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}

func (d *configDecoder) apps(v configValue) []catalog.App {
	var out []catalog.App
	for _, item := range v.list() {
		out = append(out, d.app(item))
	}
	return out
}

func (d *configDecoder) app(v configValue) catalog.App {
	o := v.object("id", "name", "description", "category", "owners", "tags", "status",
		"provisioning", "fulfillers", "route", "duration", "channel", "extend", "reconcile", "adopt_for", "roles")
	a := catalog.App{
		ID:           o.get("id").textOr(""),
		Name:         o.get("name").textOr(""),
		Description:  o.get("description").textOr(""),
		Category:     o.get("category").textOr(""),
		Owners:       o.get("owners").emails(),
		Tags:         o.get("tags").texts(),
		Status:       catalog.Status(o.get("status").textOr(string(catalog.Approved))),
		Provisioning: catalog.Provisioning(o.get("provisioning").textOr(string(catalog.ByDirectory))),
		FulfilledBy:  o.get("fulfillers").emails(),
	}
	d.unrequested(o, &a)
	for _, item := range o.get("roles").list() {
		a.Roles = append(a.Roles, d.role(item, o))
	}
	return a
}

// role decodes a role. Route and duration come from the app unless the role has
// its own.
func (d *configDecoder) role(v configValue, app configObject) catalog.Role {
	o := v.object("id", "name", "description", "groups", "route", "duration", "risk", "assurance", "break_glass", "channel", "extend", "eligible", "needs")
	r := catalog.Role{
		ID:          o.get("id").textOr(""),
		Name:        o.get("name").textOr(""),
		Description: o.get("description").textOr(""),
		Route:       d.ownOrInherited(o, app, "route").textOr(""),
		Durations:   d.durations(d.ownOrInherited(o, app, "duration")),
		Risk:        catalog.Risk(o.get("risk").textOr(string(catalog.Low))),
		Assurance:   catalog.Assurance(o.get("assurance").textOr("")),
		BreakGlass:  o.get("break_glass").boolean(),
		Channel:     d.ownOrInherited(o, app, "channel").channel(),
		Extend:      extension(d.ownOrInherited(o, app, "extend")),
		For:         audience(o.get("eligible")),
		Needs:       roleRefs(o.get("needs")),
	}
	for _, item := range o.get("groups").list() {
		g, _ := item.group() // a faulty one keeps its place, so that paths agree
		r.Groups = append(r.Groups, g)
	}
	return r
}

func (d *configDecoder) bundles(v configValue) []catalog.Bundle {
	var out []catalog.Bundle
	for _, item := range v.list() {
		o := item.object("id", "name", "description", "roles")
		out = append(out, catalog.Bundle{
			ID: o.get("id").textOr(""), Name: o.get("name").textOr(""),
			Description: o.get("description").textOr(""), Roles: roleRefs(o.get("roles")),
		})
	}
	return out
}

// extension reads {max_times, reapprove}. Left out, one approval carries one
// extension.
func extension(v configValue) catalog.Extend {
	o := v.object("max_times", "reapprove")
	e := catalog.Extend{MaxTimes: o.get("max_times").number(1, 0, 100), Reapprove: catalog.ReapproveNever}
	again := o.get("reapprove")
	if text := again.textOr(""); text != "" {
		var err error
		if e.Reapprove, e.After, err = catalog.ParseReapprove(text); err != nil {
			again.fault("%v", err)
		}
	}
	return e
}

// channel reads the name of a Slack channel, with its #, or its id.
func (v configValue) channel() string {
	text := v.textOr("")
	if text != "" && !channelPattern.MatchString(text) {
		v.fault("%q is not a channel: write its name, for example \"#design-access\", or its id", text)
	}
	return text
}

func audience(v configValue) catalog.Audience {
	o := v.object("departments", "people")
	return catalog.Audience{Departments: o.get("departments").texts(), People: o.get("people").emails()}
}

// roleRefs reads a list of app/role. A faulty one keeps its place, so that paths agree.
func roleRefs(v configValue) []catalog.RoleRef {
	var out []catalog.RoleRef
	for _, item := range v.list() {
		var ref catalog.RoleRef
		if text, ok := item.text(); ok {
			var err error
			if ref, err = catalog.ParseRoleRef(text); err != nil {
				item.fault("%v", err)
			}
		}
		out = append(out, ref)
	}
	return out
}

func (d *configDecoder) ownOrInherited(role, app configObject, key string) configValue {
	own, above := role.get(key), app.get(key)
	if own.present() || !above.present() {
		return own
	}
	d.inherited[own.path] = above.path
	return above
}

func (v configValue) group() (catalog.GroupRef, bool) {
	text, ok := v.text()
	if !ok {
		return catalog.GroupRef{}, false
	}
	g, err := catalog.ParseGroupRef(text)
	if err != nil {
		v.fault("%v", err)
	}
	return g, err == nil
}

// durations reads {choices, default, max, required}. The shortest choice is the
// default unless another is named.
func (d *configDecoder) durations(v configValue) catalog.Durations {
	o := v.object("choices", "default", "max", "required")
	var out catalog.Durations
	for _, item := range o.get("choices").list() {
		if choice, ok := item.duration(); ok {
			out.Choices = append(out.Choices, choice)
		}
	}
	slices.SortFunc(out.Choices, byLength)
	out.Choices = slices.Compact(out.Choices)
	if len(out.Choices) > 0 {
		out.Default = out.Choices[0]
	}
	if chosen, ok := o.get("default").duration(); ok {
		out.Default = chosen
	}
	out.Max, _ = o.get("max").duration()
	out.Required = o.get("required").boolean()
	return out
}

// byLength sorts durations ascending, with access that never ends last.
func byLength(a, b time.Duration) int {
	switch {
	case a == b:
		return 0
	case a == catalog.Forever:
		return 1
	case b == catalog.Forever || a < b:
		return -1
	}
	return 1
}
