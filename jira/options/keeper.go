// Package options keeps the lists of the portal's form as the catalogue: apps and roles
// that may be asked for are offered, and no others.
package options

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// How many options one call may add or change, and how many a field may have (REST API
// v3, "Create custom field options (context)").
const (
	perCall  = 1_000
	perField = 10_000
)

// Keeper keeps lists. api calls as a Jira administrator; the form is read as Latchkey's
// own account.
type Keeper struct {
	api   *rest.Client
	sites *site.Discoverer
}

// New makes a keeper.
func New(api *rest.Client, sites *site.Discoverer) *Keeper { return &Keeper{api, sites} }

// List is what is to be done about one list of the form.
type List struct {
	Key     string // of site.Config.Fields
	Name    string // of the field
	Changes []Change

	field, context string
	want           []Choice
	have           []Option
}

// Plan says what makes the lists of the form offer what they should, by the keys of
// site.Config.Fields. Fields that are no lists need nothing; it changes nothing.
func (k *Keeper) Plan(ctx context.Context, want map[string][]Choice) ([]List, error) {
	s, err := k.sites.Site(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.FormFault(); err != nil {
		return nil, err
	}
	var out []List
	for _, key := range []string{site.FieldApp, site.FieldRole} {
		f, ok := s.Form.List(key)
		if !ok {
			continue
		}
		l := List{Key: key, Name: f.Name, field: f.ID, want: want[key]}
		if err := k.read(ctx, s.Project, &l); err != nil {
			return nil, err
		}
		known, err := k.known(ctx, s.Project, key)
		if err != nil {
			return nil, err
		}
		l.Changes = changesOf(l.have, l.want, known)
		if n := len(l.have) + len(l.of(Add)); n > perField {
			return nil, rest.Fault("The field %q would have %d options, and Jira allows %d: have administrators delete options that no issue needs", l.Name, n, perField)
		}
		out = append(out, l)
	}
	if len(out) == 0 {
		return nil, rest.Fault("Neither jira.fields.app nor jira.fields.role names a list of choices on the form, so there is nothing to keep: make them lists of one or several choices, or leave them as text")
	}
	return out, nil
}

// of are the changes of some kinds.
func (l List) of(kinds ...Kind) []Change {
	return slices.DeleteFunc(slices.Clone(l.Changes), func(c Change) bool { return !slices.Contains(kinds, c.Kind) })
}

// read finds the project's options of a list.
func (k *Keeper) read(ctx context.Context, project string, l *List) (err error) {
	if l.context, err = k.contextOf(ctx, project, *l); err != nil {
		return err
	}
	l.have, err = all[Option](ctx, k.api, "read the options of "+strconv.Quote(l.Name), optionPath(*l))
	if err == nil && slices.ContainsFunc(l.have, func(o Option) bool { return o.OptionID != "" }) {
		err = rest.Fault("The field %q is a cascading list, which Latchkey does not keep: use one list for the app and one for the role", l.Name)
	}
	return err
}

func optionPath(l List) string {
	return "rest/api/3/field/" + url.PathEscape(l.field) + "/context/" + url.PathEscape(l.context) + "/option"
}

// contextOf is the context of a field that holds for the project alone. Options of all
// projects are not Latchkey's to change.
func (k *Keeper) contextOf(ctx context.Context, project string, l List) (string, error) {
	var p struct{ ID string }
	if err := k.api.FetchWithRetry(ctx, rest.Get("show project "+project, "rest/api/3/project/"+url.PathEscape(project), nil), &p); err != nil {
		return "", err
	}
	found, err := all[struct{ ContextID, ProjectID string }](ctx, k.api, "show the contexts of "+strconv.Quote(l.Name), "rest/api/3/field/"+url.PathEscape(l.field)+"/context/projectmapping")
	if rest.StatusOf(err) == http.StatusForbidden {
		return "", rest.Fault("Only Jira administrators may see and change the options of a field: run it with --as your address, and your API token in JIRA_ADMIN_TOKEN")
	}
	if err != nil {
		return "", err
	}
	for _, m := range found {
		if m.ProjectID == p.ID && p.ID != "" {
			return m.ContextID, nil
		}
	}
	return "", rest.Fault("The field %q has no context of its own for project %s: add one (Settings > Issues > Custom fields > Contexts), because options of all projects are not changed", l.Name, project)
}

// all reads a list to its end.
func all[T any](ctx context.Context, api *rest.Client, what, path string) (out []T, err error) {
	pages := rest.Pages{What: what}
	for {
		var page struct {
			Values []T
			IsLast bool
		}
		if err := api.FetchWithRetry(ctx, rest.Get(what, path, url.Values{"startAt": {strconv.Itoa(len(out))}, "maxResults": {strconv.Itoa(perCall)}}), &page); err != nil {
			return nil, err
		}
		if out = append(out, page.Values...); page.IsLast || len(page.Values) == 0 {
			return out, nil
		}
		if err := pages.Turn([]string{strconv.Itoa(len(out))}, ""); err != nil {
			return nil, err
		}
	}
}

// Apply carries out what was planned, and proves that the form offers what it should.
func (k *Keeper) Apply(ctx context.Context, lists []List) error {
	s, err := k.sites.Site(ctx)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if err := k.change(ctx, l); err != nil {
			return err
		}
		if err := k.add(ctx, l); err != nil {
			return err
		}
		if err := k.read(ctx, s.Project, &l); err != nil {
			return err
		}
		if err := k.order(ctx, l); err != nil {
			return err
		}
		if err := k.remember(ctx, s.Project, l.Key, idsOf(l.have, l.want)); err != nil {
			return err
		}
	}
	return k.verify(ctx, lists)
}

// change renames, enables and disables, all of it or nothing.
func (k *Keeper) change(ctx context.Context, l List) error {
	var body []map[string]any
	at := map[string]map[string]any{}
	for _, c := range l.of(Rename, Enable, Disable) {
		o := at[c.id]
		if o == nil {
			o = map[string]any{"id": c.id}
			at[c.id], body = o, append(body, o)
		}
		switch c.Kind {
		case Rename:
			o["value"] = c.Name
		default:
			o["disabled"] = c.Kind == Disable
		}
	}
	for some := range slices.Chunk(body, perCall) {
		err := k.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: optionPath(l), Body: map[string]any{"options": some}, What: "change the options of " + strconv.Quote(l.Name)})
		if rest.StatusOf(err) == http.StatusNotFound {
			return cmp.Or(k.absent(ctx, l, some), err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// absent says which options are not there any more: Jira says only that one is missing.
func (k *Keeper) absent(ctx context.Context, l List, asked []map[string]any) error {
	now, err := all[Option](ctx, k.api, "read the options of "+strconv.Quote(l.Name), optionPath(l))
	if err != nil {
		return err
	}
	var gone []string
	for _, o := range asked {
		if find(now, func(n Option) bool { return n.ID == o["id"] }) < 0 {
			at := find(l.have, func(h Option) bool { return h.ID == o["id"] })
			gone = append(gone, strconv.Quote(l.have[at].Value))
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return rest.Fault("Nothing was changed in %q, because somebody has deleted %s meanwhile: run it once more", l.Name, strings.Join(gone, ", "))
}

func (k *Keeper) add(ctx context.Context, l List) error {
	for some := range slices.Chunk(l.of(Add), perCall) {
		var body []map[string]any
		for _, c := range some {
			body = append(body, map[string]any{"value": c.Name, "disabled": false})
		}
		err := k.api.Send(ctx, rest.Call{Method: http.MethodPost, Path: optionPath(l), Body: map[string]any{"options": body}, NonIdempotent: true, What: "add options to " + strconv.Quote(l.Name)})
		if err != nil {
			return err
		}
	}
	return nil
}

// order lists what is offered as it should be, before all that isn't offered any more.
func (k *Keeper) order(ctx context.Context, l List) error {
	if len(l.of(Order)) == 0 {
		return nil
	}
	var ids []string
	for _, c := range l.want {
		if at := find(l.have, func(o Option) bool { return fold(o.Value) == fold(c.Name) }); at >= 0 {
			ids = append(ids, l.have[at].ID)
		}
	}
	where, last := "position", "First"
	for some := range slices.Chunk(ids, perCall) {
		err := k.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: optionPath(l) + "/move", Body: map[string]any{"customFieldOptionIds": some, where: last}, What: "bring the options of " + strconv.Quote(l.Name) + " into order"})
		if err != nil {
			return err
		}
		where, last = "after", some[len(some)-1]
	}
	return nil
}

// verify looks at what the form offers: that is what people see.
func (k *Keeper) verify(ctx context.Context, lists []List) error {
	k.sites.Again()
	s, err := k.sites.Site(ctx)
	if err != nil {
		return err
	}
	for _, l := range lists {
		f, _ := s.Form.List(l.Key)
		var want []string
		for _, c := range l.want {
			want = append(want, c.Name)
		}
		if missing, more := without(want, f.Values), without(f.Values, want); len(missing)+len(more) > 0 {
			return rest.Fault("The form does not show what was written into %q: it lacks %s and offers %s besides. Look whether the request type limits the field's choices", l.Name, listed(missing), listed(more))
		}
	}
	return nil
}

// without are those of some names that are not among others.
func without(some, others []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(name string) bool {
		return slices.ContainsFunc(others, func(o string) bool { return fold(o) == fold(name) })
	})
}

func listed(names []string) string {
	const most = 10
	if more := len(names) - most; more > 0 {
		names = append(slices.Clone(names[:most]), strconv.Itoa(more)+" more")
	}
	return cmp.Or(strings.Join(names, ", "), "nothing")
}
