package jira

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// dialect is how rich text arrives.
type dialect bool

const (
	wikiText dialect = false
	adfText  dialect = true
)

func (d dialect) read(raw json.RawMessage) (rich, error) {
	if d == adfText {
		return fromADF(raw)
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return rich{}, refuse(http.StatusBadRequest, "Operation value must be a string")
	}
	if s == "" {
		return rich{}, nil
	}
	return fromWiki(s)
}

// set parses raw as the value of f and stores it, returning what changed. The
// caller has decided that the field may be set here.
func (w *world) set(is *issue, f *Field, raw json.RawMessage, d dialect) ([]changeItem, error) {
	value, err := w.parse(f, raw, d)
	if err != nil {
		return nil, inField(f.ID, err)
	}
	before, beforeText := w.written(is, f)
	w.store(is, f, value)
	w.refreshApprovers(is, f.ID)
	after, afterText := w.written(is, f)
	if beforeText == afterText && before == after {
		return nil, nil
	}
	return []changeItem{{field: strings.ToLower(f.changeName()), fieldID: f.ID, kind: f.changeKind(),
		from: before, fromString: beforeText, to: after, toString: afterText}}, nil
}

func (f *Field) changeKind() string {
	if f.Custom != "" {
		return "custom"
	}
	return "jira"
}

func (f *Field) changeName() string {
	if f.Custom != "" {
		return f.Name
	}
	return f.ID
}

func inField(id string, err error) error {
	p, ok := err.(*problem)
	if !ok || p.fields != nil {
		return err
	}
	return &problem{status: p.status, fields: map[string]string{id: p.message}}
}

func (w *world) parse(f *Field, raw json.RawMessage, d dialect) (any, error) {
	if string(raw) == "null" {
		return nil, w.checkClear(f)
	}
	switch f.kind() {
	case kindText:
		return parseText(f, raw)
	case kindRich:
		return d.read(raw)
	case kindStrings:
		return parseLabels(raw)
	case kindUsers:
		return w.parseUsers(raw)
	case kindUser:
		return w.parseUser(raw)
	case kindOption:
		return parseOption(f, raw)
	case kindOptions:
		return parseOptions(f, raw)
	case kindNumber:
		return parseNumber(raw)
	}
	return nil, notScreened(f.ID)
}

func (w *world) checkClear(f *Field) error {
	if f.Required {
		return refuse(http.StatusBadRequest, "You must specify a %s of the issue.", strings.ToLower(f.Name))
	}
	return nil
}

func parseText(f *Field, raw json.RawMessage) (any, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, refuse(http.StatusBadRequest, "Operation value must be a string")
	}
	if f.ID == "summary" {
		switch {
		case strings.TrimSpace(s) == "":
			return nil, refuse(http.StatusBadRequest, "You must specify a summary of the issue.")
		case strings.ContainsAny(s, "\r\n"):
			return nil, refuse(http.StatusBadRequest, "The summary is invalid because it contains newline characters.")
		}
	}
	if len([]rune(s)) > 255 {
		return nil, refuse(http.StatusBadRequest, "%s can't exceed 255 characters.", f.Name)
	}
	return s, nil
}

func parseLabels(raw json.RawMessage) (any, error) {
	var labels []string
	if err := json.Unmarshal(raw, &labels); err != nil {
		return nil, refuse(http.StatusBadRequest, "data was not an array of strings")
	}
	for _, l := range labels {
		if l == "" || strings.ContainsAny(l, " \t\n") {
			return nil, refuse(http.StatusBadRequest, "The label '%s' contains spaces which is invalid.", l)
		}
		if len([]rune(l)) > 255 {
			return nil, refuse(http.StatusBadRequest, "The label '%s' exceeds the maximum length of 255 characters.", l)
		}
	}
	slices.Sort(labels)
	return slices.Compact(labels), nil
}

type userRef struct {
	AccountID string `json:"accountId"`
	ID        string `json:"id"`
	Name      string `json:"name"`
}

// resolve insists on account ids: Cloud does not know usernames.
func (w *world) resolve(u userRef) (string, error) {
	id := u.AccountID
	if id == "" {
		id = u.ID
	}
	if w.accounts[id] == nil {
		return "", refuse(http.StatusBadRequest, "User '%s' does not exist.", id+u.Name)
	}
	return id, nil
}

func (w *world) parseUsers(raw json.RawMessage) (any, error) {
	var refs []userRef
	if err := json.Unmarshal(raw, &refs); err != nil {
		return nil, refuse(http.StatusBadRequest, "data was not an array of users")
	}
	ids := []string{}
	for _, ref := range refs {
		id, err := w.resolve(ref)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (w *world) parseUser(raw json.RawMessage) (any, error) {
	var ref userRef
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, refuse(http.StatusBadRequest, "expected Object")
	}
	return w.resolve(ref)
}

func parseOption(f *Field, raw json.RawMessage) (any, error) {
	var ref struct{ ID, Value string }
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, refuse(http.StatusBadRequest, "Could not find valid 'id' or 'value' in the Parent Option object.")
	}
	for i, o := range f.Options {
		if o == ref.Value || ref.ID != "" && ref.ID == optionID(f, i) {
			return o, nil
		}
	}
	return nil, refuse(http.StatusBadRequest, "Option value '%s' is not valid", ref.Value)
}

func parseOptions(f *Field, raw json.RawMessage) (any, error) {
	var refs []json.RawMessage
	if err := json.Unmarshal(raw, &refs); err != nil {
		return nil, refuse(http.StatusBadRequest, "data was not an array")
	}
	chosen := []string{}
	for _, ref := range refs {
		o, err := parseOption(f, ref)
		if err != nil {
			return nil, err
		}
		if text, ok := o.(string); ok && !slices.Contains(chosen, text) {
			chosen = append(chosen, text)
		}
	}
	return chosen, nil
}

func optionID(f *Field, i int) string { return strconv.Itoa(customNumber(f.ID)*10 + i + 1) }

func parseNumber(raw json.RawMessage) (any, error) {
	var n float64
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, refuse(http.StatusBadRequest, "Operation value must be a number")
	}
	return n, nil
}

func (w *world) store(is *issue, f *Field, v any) {
	switch f.ID {
	case "summary":
		is.summary, _ = v.(string)
	case "description":
		is.description, _ = v.(rich)
	case "labels":
		is.labels, _ = v.([]string)
	case "assignee":
		is.assignee, _ = v.(string)
	case "reporter":
		is.reporter, _ = v.(string)
	default:
		is.custom[f.ID] = v
		if v == nil {
			delete(is.custom, f.ID)
		}
	}
}

// written is the changelog's view of a value: ids and text.
func (w *world) written(is *issue, f *Field) (string, string) {
	switch v := w.value(is, f).(type) {
	case string:
		if f.kind() == kindUser {
			return v, w.names([]string{v})
		}
		return "", v
	case rich:
		return "", v.text
	case []string:
		if f.kind() == kindUsers {
			return strings.Join(v, ", "), w.names(v)
		}
		if f.kind() == kindOptions {
			return "", strings.Join(v, ",")
		}
		return "", strings.Join(v, " ")
	case float64:
		return "", fmt.Sprint(v)
	}
	return "", ""
}

func (w *world) value(is *issue, f *Field) any {
	switch f.ID {
	case "summary":
		return is.summary
	case "description":
		return is.description
	case "labels":
		return is.labels
	case "assignee":
		return is.assignee
	case "reporter":
		return is.reporter
	}
	return is.custom[f.ID]
}

func (w *world) names(ids []string) string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if a := w.accounts[id]; a != nil {
			out = append(out, a.name())
		}
	}
	return strings.Join(out, ", ")
}
