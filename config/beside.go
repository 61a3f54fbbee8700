package config

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"latchkey/config/value"
)

// Beside are the keys of the file in which two configurations differ beside the catalogue, in the order
// of the file. Of a token that stands in a file it doesn't matter what it is.
func (c *Config) Beside(o *Config) (keys []string) {
	evidence, onCall := c.unplaced()
	other, otherCall := o.unplaced()
	for _, of := range []struct {
		key  string
		a, b any
	}{
		{"slack", c.Slack, o.Slack}, {"jira", c.Jira, o.Jira}, {"idp", c.IDP, o.IDP}, {"store", c.Store, o.Store}, {"evidence", evidence, other},
		{"people.admins", c.People.Admins, o.People.Admins}, {"people.fallback", c.People.Fallback, o.People.Fallback},
		{"people.on_behalf", c.People.OnBehalf, o.People.OnBehalf}, {"people.hours", c.People.Hours, o.People.Hours},
		{"protected_groups", c.Protected, o.Protected}, {"requests", c.Requests, o.Requests}, {"sign_in", c.SignIn, o.SignIn},
		{"reconcile.idle", c.Reconcile, o.Reconcile}, {"schedules", c.Schedules, o.Schedules}, {"limits", c.Limits, o.Limits}, {"oncall", onCall, otherCall},
		{"metrics", c.Metrics, o.Metrics}, {"log", c.Log, o.Log},
	} {
		if !same(reflect.ValueOf(of.a), reflect.ValueOf(of.b)) {
			keys = append(keys, of.key)
		}
	}
	return keys
}

// unplaced are what names files, as the configuration names them: wherever it stands itself.
func (c *Config) unplaced() (e Evidence, calls []OnCall) {
	beside := func(path string) string {
		return strings.TrimPrefix(path, filepath.Dir(c.Path)+string(filepath.Separator))
	}
	e, calls = c.Evidence, slices.Clone(c.OnCall)
	e.KeyFile, e.Anchors = beside(e.KeyFile), slices.Clone(e.Anchors)
	for i := range e.Anchors {
		e.Anchors[i].File = beside(e.Anchors[i].File)
	}
	for i := range calls {
		calls[i].File = beside(calls[i].File)
	}
	return e, calls
}

// same compares what a file says.
func same(a, b reflect.Value) bool {
	if !a.IsValid() || !b.IsValid() || a.Type() != b.Type() {
		return a.IsValid() == b.IsValid() && !a.IsValid()
	}
	switch x := a.Interface().(type) {
	case value.Secret:
		return x.SameAs(b.Interface().(value.Secret))
	case *time.Location:
		return x.String() == b.Interface().(*time.Location).String()
	}
	switch a.Kind() {
	case reflect.Struct:
		return sameFields(a, b)
	case reflect.Interface, reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || same(a.Elem(), b.Elem()))
	case reflect.Slice:
		return a.Len() == b.Len() && !slices.ContainsFunc(places(a.Len()), func(i int) bool { return !same(a.Index(i), b.Index(i)) })
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// sameFields compares structs field by field, and those that keep theirs to themselves as a whole.
func sameFields(a, b reflect.Value) bool {
	for i := range a.NumField() {
		if !a.Type().Field(i).IsExported() {
			return reflect.DeepEqual(a.Interface(), b.Interface())
		}
	}
	return !slices.ContainsFunc(places(a.NumField()), func(i int) bool { return !same(a.Field(i), b.Field(i)) })
}

func places(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
