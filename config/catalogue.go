package config

import (
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/config/expression"
	"latchkey/config/value"
)

// catalogueReader reads the catalogue and remembers which values roles have from
// their apps.
type catalogueReader struct {
	doc        *value.Document
	inherited  map[string]string // a role's path -> the app's path it takes its value from
	everywhere unrequested       // what holds for apps that say nothing about it
	reclaim    value.Object      // what holds for apps whose seats come back and that don't say otherwise
	language   *expression.Language
	begun      bool // there may be no apps yet
}

// catalogue decodes approvals and apps, and has the catalogue check itself. Its
// faults are named by path and get the place of that path in the file.
func (d *catalogueReader) catalogue(root value.Object, facts catalog.Facts) *catalog.Catalog {
	var routes []catalog.Route
	for _, m := range root.Get("approvals").Members() {
		routes = append(routes, d.route(m.Key, m.Value))
	}
	reclaiming := d.reclaiming(root.Get("reclaim"))
	apps := root.Get("apps")
	c := catalog.New(d.apps(apps), routes, d.bundles(root.Get("bundles"))...).Under(d.policy(root.Get("policy"), root.Get("privileged_groups")))
	if facts.SignsIn {
		c = c.WithSignIn()
	}
	birthrights, under := d.birthrights(root.Get("birthrights"))
	c, facts.BirthrightsUnder = c.WithBirthrights(birthrights), under
	c = catalog.Versioned(reclaiming.In(c.WithReviews(d.reviews(root.Get("reviews")))))
	if len(c.Apps()) == 0 && !apps.Faulty() && !d.begun {
		apps.Fault("apps is empty, so nobody could ask for anything: list at least one app")
	}
	problems := slices.DeleteFunc(c.Check(facts), func(f catalog.Fault) bool {
		return d.doc.FaultyUnder(d.origin(f.Path)) || d.doc.Follows(d.origin(f.Path)) || d.unsure(f)
	})
	for _, f := range problems {
		d.doc.Fault(d.origin(f.Path), "%s", f.Problem)
	}
	return c
}

// origin gives the path a role's value was inherited from, or the path itself.
func (d *catalogueReader) origin(path string) string {
	for role, app := range d.inherited {
		if value.Within(path, role) {
			return app + strings.TrimPrefix(path, role)
		}
	}
	return path
}

func (d *catalogueReader) apps(v value.Node) []catalog.App {
	var out []catalog.App
	for _, item := range v.List() {
		out = append(out, d.app(item))
	}
	return out
}

func (d *catalogueReader) app(v value.Node) catalog.App {
	o := v.Object("id", "name", "description", "category", "owners", "tags", "status",
		"provisioning", "fulfillers", "route", "duration", "channel", "extend", "reconcile", "adopt_for", "partial", "icon", "url", "how", "seat", "usage", "reclaim", "roles")
	a := catalog.App{
		ID:           o.Get("id").TextOr(""),
		Name:         o.Get("name").TextOr(""),
		Description:  o.Get("description").TextOr(""),
		Category:     o.Get("category").TextOr(""),
		Owners:       emails(o.Get("owners")),
		Tags:         o.Get("tags").Texts(),
		Status:       catalog.Status(o.Get("status").TextOr(string(catalog.Approved))),
		Provisioning: catalog.Provisioning(o.Get("provisioning").TextOr(string(catalog.ByDirectory))),
		FulfilledBy:  emails(o.Get("fulfillers")),
		Icon:         catalog.Icon(o.Get("icon").TextOr("")),
		Opens:        opening(o),
		Seat:         seat(o.Get("seat")),
		Uses:         uses(o.Get("usage")),
	}
	d.everywhere.into(&a, o)
	for _, item := range o.Get("roles").List() {
		a.Roles = append(a.Roles, d.role(item, o))
	}
	return a
}

// role decodes a role. Route and duration come from the app unless the role has
// its own.
func (d *catalogueReader) role(v value.Node, app value.Object) catalog.Role {
	o := v.Object("id", "name", "description", "groups", "route", "approvers", "duration", "risk", "kind", "accepted", "assurance", "on_revoke", "partial", "break_glass", "channel", "extend", "eligible", "needs", "on_needs_lost", "url", "how", "reclaim")
	r := catalog.Role{
		ID:          o.Get("id").TextOr(""),
		Name:        o.Get("name").TextOr(""),
		Description: o.Get("description").TextOr(""),
		Route:       d.ownOrInherited(o, app, "route").TextOr(""),
		Durations:   d.durations(d.ownOrInherited(o, app, "duration")),
		Risk:        catalog.Risk(o.Get("risk").Known(string(catalog.Low), string(catalog.Medium), string(catalog.High)).TextOr(string(catalog.Low))),
		Kind:        catalog.Kind(o.Get("kind").TextOr("")),
		Accepted:    accepted(o.Get("accepted")),
		Assurance:   catalog.Assurance(o.Get("assurance").TextOr("")),
		OnRevoke:    catalog.OnRevoke(o.Get("on_revoke").TextOr("")),
		Partial:     catalog.Partial(d.ownOrInherited(o, app, "partial").TextOr("")),
		BreakGlass:  o.Get("break_glass").Bool(),
		Channel:     channel(d.ownOrInherited(o, app, "channel")),
		Extend:      extension(d.ownOrInherited(o, app, "extend")),
		For:         audience(o.Get("eligible")),
		Needs:       needs(o.Get("needs")),
		OnNeedsLost: catalog.OnNeedsLost(o.Get("on_needs_lost").TextOr("")),
		Opens:       opening(o),
		Reclaim:     d.reclaimOf(o, app),
	}
	if approvers := o.Get("approvers"); approvers.Present() {
		r.Approvers = d.approvers(approvers)
	}
	for _, item := range o.Get("groups").List() {
		g, _ := group(item) // a faulty one keeps its place, so that paths agree
		r.Groups = append(r.Groups, g)
	}
	return r
}

// accepted is why a rule of the house doesn't hold for a role.
func accepted(v value.Node) string {
	if !v.Present() {
		return ""
	}
	const remedy = "say in a few words why a rule of the house doesn't hold for the role"
	if text, ok := v.Plain(); ok && text != "" && !saysWhy(text) {
		v.Fault("%s can't be %q, which is no reason: %s", v.Path(), text, remedy)
		return text
	}
	text, _ := v.Needed(remedy)
	return text
}

// saysWhy tells whether a reason is more than a word for yes, or for a reason that is still to come.
func saysWhy(text string) bool {
	return !slices.Contains([]string{"true", "yes", "y", "on", "ok", "accepted", "1", "x", "-", "tbd", "todo", "n/a", "none"}, strings.ToLower(text))
}

// opening reads where an app or a role is opened, and how one begins.
func opening(o value.Object) catalog.Opening {
	return catalog.Opening{URL: o.Get("url").TextOr(""), How: o.Get("how").TextOr("")}
}

func (d *catalogueReader) bundles(v value.Node) []catalog.Bundle {
	var out []catalog.Bundle
	for _, item := range v.List() {
		o := item.Object("id", "name", "description", "roles")
		out = append(out, catalog.Bundle{
			ID: o.Get("id").TextOr(""), Name: o.Get("name").TextOr(""),
			Description: o.Get("description").TextOr(""), Roles: roleRefs(o.Get("roles")),
		})
	}
	return out
}

// extension reads {max_times, reapprove}. Left out, one approval carries one
// extension.
func extension(v value.Node) catalog.Extend {
	o := v.Object("max_times", "reapprove")
	e := catalog.Extend{MaxTimes: o.Get("max_times").Number(1, 0, 100), Reapprove: catalog.ReapproveNever}
	again := o.Get("reapprove")
	if text := again.TextOr(""); text != "" {
		var err error
		if e.Reapprove, e.After, err = catalog.ParseReapprove(text); err != nil {
			again.Fault("%v", err)
		}
	}
	return e
}

func audience(v value.Node) catalog.Audience {
	o := v.Object("departments", "people")
	return catalog.Audience{Departments: o.Get("departments").Texts(), People: emails(o.Get("people"))}
}

// roleRefs reads a list of app/role. A faulty one keeps its place, so that paths agree.
func roleRefs(v value.Node) []catalog.RoleRef {
	var out []catalog.RoleRef
	for _, item := range v.List() {
		var ref catalog.RoleRef
		if text, ok := item.Text(); ok {
			var err error
			if ref, err = catalog.ParseRoleRef(text); err != nil {
				item.Fault("%v", err)
			}
		}
		out = append(out, ref)
	}
	return out
}

func (d *catalogueReader) ownOrInherited(role, app value.Object, key string) value.Node {
	own, above := role.Get(key), app.Get(key)
	if own.Present() || !above.Present() {
		return own
	}
	d.inherited[own.Path()] = above.Path()
	return above
}

func group(v value.Node) (catalog.GroupRef, bool) {
	text, ok := v.Text()
	if !ok {
		return catalog.GroupRef{}, false
	}
	g, err := catalog.ParseGroupRef(text)
	if err != nil {
		v.Fault("%v", err)
	}
	return g, err == nil
}

// durations reads {choices, default, max, required}. The shortest choice is the
// default unless another is named.
func (d *catalogueReader) durations(v value.Node) catalog.Durations {
	o := v.Object("choices", "default", "max", "required")
	var out catalog.Durations
	out.Choices = d.choices(o.Get("choices"))
	if len(out.Choices) > 0 {
		out.Default = out.Choices[0]
	}
	if chosen, ok := duration(o.Get("default")); ok {
		out.Default = chosen
	}
	out.Max, _ = duration(o.Get("max"))
	out.Required = o.Get("required").Bool()
	return out
}

// choices are what can be chosen, in order of length, each once. What is wrong about one of them is said where it
// stands, which the catalogue knows by how long it is.
func (d *catalogueReader) choices(v value.Node) (out []time.Duration) {
	var written []string
	for _, item := range v.List() {
		choice, ok := duration(item)
		text, _ := item.Plain()
		switch first := slices.Index(out, choice); {
		case !ok:
		case first >= 0:
			d.doc.Warn(item.Path(), "%s is as long as %s, which is among the choices already: keep one", text, written[first])
		default:
			out, written = append(out, choice), append(written, text)
			item.AlsoAt(value.JoinPath(v.Path(), catalog.ShortDuration(choice)))
		}
	}
	slices.SortFunc(out, byLength)
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
