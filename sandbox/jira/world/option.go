package world

import (
	"slices"
	"strconv"
	"strings"
)

// How many options a field may have, and how many one call may add.
const (
	OptionsPerField = 10_000
	OptionsPerCall  = 1_000
)

// Option is an option of a field as an administrator changes it. What isn't said stays.
type Option struct {
	ID       string
	Value    *string
	Disabled *bool
}

// HasOptions tells whether administrators keep a list of options for the field.
func (f *Field) HasOptions() bool {
	return f.Custom != "" && (f.Kind() == KindOption || f.Kind() == KindOptions)
}

// ContextID is the id of the one context that a field of options has here.
func (f *Field) ContextID() string { return strconv.Itoa(CustomNumber(f.ID) + 200) }

// optionAt is the place of an option; -1 if there is none with the id.
func (f *Field) optionAt(id string) int {
	for i := range f.Options {
		if OptionID(f, i) == id {
			return i
		}
	}
	return -1
}

// Listed are the places of the options, in the order in which they are listed.
func (f *Field) Listed() []int {
	out := slices.Clone(f.Order)
	for i := range f.Options {
		if !slices.Contains(f.Order, i) {
			out = append(out, i)
		}
	}
	return out
}

// MoveOptions lists options, in the order of their ids, behind another one, or first or last of
// all. It tells whether all of them are there.
func (s *State) MoveOptions(f *Field, ids []string, after, position string) (there bool, err error) {
	if (after == "") == (position == "") {
		return true, invalid("'after' and 'position' were provided. Only 'after' or 'position' can be specified.")
	}
	var move []int
	for _, id := range ids {
		i := f.optionAt(id)
		if i < 0 {
			return false, nil
		}
		move = append(move, i)
	}
	rest := slices.DeleteFunc(f.Listed(), func(i int) bool { return slices.Contains(move, i) })
	at := len(rest)
	switch {
	case position == "First":
		at = 0
	case after != "":
		if at = slices.Index(rest, f.optionAt(after)) + 1; at == 0 {
			return false, nil
		}
	}
	f.Order = slices.Insert(rest, at, move...)
	s.note("field.changed", f.ID)
	return true, nil
}

// AddOptions adds options to a field, all or none.
func (s *State) AddOptions(f *Field, add []Option) error {
	switch {
	case len(add) == 0 || len(add) > OptionsPerCall:
		return invalid("The number of options must be between 1 and %d.", OptionsPerCall)
	case len(f.Options)+len(add) > OptionsPerField:
		return invalid("The maximum number of options for the custom field is %d.", OptionsPerField)
	}
	known := slices.Clone(f.Options)
	for _, o := range add {
		if err := newValue(known, o.Value); err != nil {
			return err
		}
		known = append(known, *o.Value)
	}
	for _, o := range add {
		f.Options = append(f.Options, *o.Value)
		f.disable(*o.Value, o.Disabled)
	}
	s.note("field.changed", f.ID)
	return nil
}

// newValue refuses a value that no further option may have.
func newValue(known []string, value *string) error {
	switch {
	case value == nil || strings.TrimSpace(*value) == "" || len([]rune(*value)) > 255:
		return invalid("The option value must not be empty and must not exceed 255 characters.")
	case slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, *value) }):
		return invalid("An option with the value '%s' already exists.", *value)
	}
	return nil
}

// ChangeOptions changes options of a field and tells which; false if one of them is not
// there. A refusal changes nothing.
func (s *State) ChangeOptions(f *Field, change []Option) (changed []int, there bool, err error) {
	now := *f
	now.Options, now.Disabled = slices.Clone(f.Options), slices.Clone(f.Disabled)
	renamed := map[string]string{}
	for _, o := range change {
		i := now.optionAt(o.ID)
		if i < 0 {
			return nil, false, nil
		}
		was, off := now.Options[i], slices.Contains(now.Disabled, now.Options[i])
		if o.Value != nil && *o.Value != was {
			if err := newValue(slices.Delete(slices.Clone(now.Options), i, i+1), o.Value); err != nil {
				return nil, true, err
			}
			now.disable(was, new(bool))
			now.Options[i], renamed[was] = *o.Value, *o.Value
			now.disable(*o.Value, &off)
		}
		now.disable(now.Options[i], o.Disabled)
		if now.Options[i] != was || off != slices.Contains(now.Disabled, now.Options[i]) {
			changed = append(changed, i)
		}
	}
	*f = now
	for _, is := range s.InOrder { // an option is one thing, whatever it is called
		is.renameOption(f.ID, renamed)
	}
	s.note("field.changed", f.ID)
	return changed, true, nil
}

func (is *LiveIssue) renameOption(field string, renamed map[string]string) {
	switch v := is.custom[field].(type) {
	case string:
		if to, ok := renamed[v]; ok {
			is.custom[field] = to
		}
	case []string:
		for i, o := range v {
			if to, ok := renamed[o]; ok {
				v[i] = to
			}
		}
	}
}

// disable says whether a value can't be chosen any more; nil leaves it as it is.
func (f *Field) disable(value string, off *bool) {
	if off == nil {
		return
	}
	f.Disabled = slices.DeleteFunc(f.Disabled, func(v string) bool { return v == value })
	if *off {
		f.Disabled = append(f.Disabled, value)
	}
}
