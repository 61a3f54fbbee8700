package site

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"latchkey/jira/adf"
	"latchkey/jira/rest"
)

// Form is the request type with the fields people fill in.
type Form struct {
	RequestType string
	Portal      string // id of the portal that customers see; may be empty
	IssueType   string
	Fields      map[string]formField // by id
	Mapped      map[string]string    // key of Config.Fields -> field id
}

type formField struct {
	FieldID       string
	Name          string
	Required      bool
	ValidValues   []formValue
	DefaultValues []json.RawMessage
	PresetValues  []json.RawMessage
	JiraSchema    schema
}

type formValue struct{ Value, Label string }

type schema struct{ Type, Items, Custom string }

// Lack is a value that a field of the form can't show, because its list of choices
// is without it.
type Lack struct {
	Field    string // its name
	Value    string
	Required bool
}

// Fault says what is lacking and where to add it.
func (l Lack) Fault() error {
	return rest.Fault("The field %s of Jira's form is a list without “%s”: add “%s” to its options in Jira", l.Field, l.Value, l.Value)
}

// Fill fills in the form. own is what goes into the mapped fields, by the keys of
// Config.Fields; what a field can't hold is left out, and what its list of choices
// lacks is named.
func (f Form) Fill(summary string, description adf.Document, own map[string]string) (values map[string]any, lacking []Lack) {
	values = map[string]any{"summary": summary, "description": description}
	if _, ok := f.Fields["labels"]; ok {
		values["labels"] = []string{"latchkey"}
	}
	for _, key := range slices.Sorted(maps.Keys(f.Mapped)) {
		field := f.Fields[f.Mapped[key]]
		if v, ok := field.value(own[key]); ok {
			values[field.FieldID] = v
		} else if field.isChoice() {
			lacking = append(lacking, Lack{field.Name, own[key], field.Required})
		}
	}
	return values, lacking
}

// Choose gives required lists of choices that are still empty their first choice,
// for issues that are about no app of the catalogue.
func (f Form) Choose(values map[string]any) {
	for _, id := range f.Mapped {
		field := f.Fields[id]
		if _, filled := values[id]; !filled && field.Required && len(field.ValidValues) > 0 {
			values[id] = field.choice(field.ValidValues[0])
		}
	}
}

// lacks are the values, by the keys of Config.Fields, that the form can't show.
func (f Form) lacks(wanted map[string][]string) []Lack {
	var out []Lack
	for _, key := range slices.Sorted(maps.Keys(f.Mapped)) {
		field := f.Fields[f.Mapped[key]]
		for _, value := range wanted[key] {
			if _, ok := field.value(value); !ok && field.isChoice() {
				out = append(out, Lack{field.Name, value, field.Required})
			}
		}
	}
	return out
}

// Kinds of fields (REST API v3, "Get fields", schema).
func (f formField) isRich() bool   { return strings.HasSuffix(f.JiraSchema.Custom, ":textarea") }
func (f formField) isSingle() bool { return strings.HasPrefix(f.JiraSchema.Type, "option") }
func (f formField) isMulti() bool {
	return f.JiraSchema.Type == "array" && f.JiraSchema.Items == "option"
}
func (f formField) isChoice() bool { return f.isSingle() || f.isMulti() }
func (f formField) isLabels() bool {
	return f.JiraSchema.Type == "array" && f.JiraSchema.Items == "string"
}

// holdsText tells whether the field can hold what Latchkey writes at all.
func (f formField) holdsText() bool {
	return f.isRich() || f.isChoice() || f.isLabels() || f.JiraSchema.Type == "string"
}

// value writes text the way the field takes it; false when it can't hold it.
func (f formField) value(text string) (any, bool) {
	switch {
	case f.isRich():
		return adf.New(adf.Paragraph(adf.Text(text))), true
	case f.isChoice():
		v, ok := f.option(text)
		return f.choice(v), ok
	case f.isLabels():
		return []string{strings.ReplaceAll(text, " ", "-")}, true
	case f.JiraSchema.Type == "string":
		return adf.Clip(adf.OneLine(text), adf.LineLimit), true
	}
	return nil, false
}

// choice writes one of the field's choices the way it takes them.
func (f formField) choice(v formValue) any {
	one := map[string]string{"id": v.Value}
	if f.isMulti() {
		return []map[string]string{one}
	}
	return one
}

// option finds the choice that is called like a text. Of several that differ in
// capitals only, it has to be the very same.
func (f formField) option(text string) (formValue, bool) {
	var alike []formValue
	for _, v := range f.ValidValues {
		label := strings.TrimSpace(v.Label)
		if label == text {
			return v, true
		}
		if strings.EqualFold(label, text) {
			alike = append(alike, v)
		}
	}
	if len(alike) != 1 {
		return formValue{}, false
	}
	return alike[0], true
}

// List is a field of the form in which one of some values is chosen.
type List struct {
	ID, Name string
	Values   []string // what the form offers
}

// List is the field that the configuration names for a key, if it is a list.
func (f Form) List(key string) (List, bool) {
	field, ok := f.Fields[f.Mapped[key]]
	if !ok || !field.isChoice() {
		return List{}, false
	}
	out := List{ID: field.FieldID, Name: field.Name}
	for _, v := range field.ValidValues {
		out.Values = append(out.Values, v.Label)
	}
	return out, true
}

// fills tells whether Latchkey fills a field in.
func (f Form) fills(id string) bool {
	if id == "summary" || id == "description" {
		return true
	}
	for _, own := range f.Mapped {
		if own == id {
			return true
		}
	}
	return false
}
