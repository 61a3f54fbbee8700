package world

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Dialect is how rich text arrives.
type Dialect bool

// The dialects: version 2 of the platform API takes and gives wiki text, version 3 the
// Atlassian Document Format.
const (
	wikiText Dialect = false
	ADFText  Dialect = true
)

func (d Dialect) read(raw json.RawMessage) (RichText, error) {
	if d == ADFText {
		return fromADF(raw)
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return RichText{}, invalid("Operation value must be a string")
	}
	if s == "" {
		return RichText{}, nil
	}
	return FromWiki(s)
}

// SetField parses raw as the value of f and stores it, returning what changed. The
// caller has decided that the field may be set here.
func (s *State) SetField(is *LiveIssue, f *Field, raw json.RawMessage, d Dialect) ([]ChangedField, error) {
	value, err := s.parse(f, raw, d)
	if err != nil {
		return nil, InField(f.ID, err)
	}
	before, beforeText := s.written(is, f)
	s.store(is, f, value)
	s.refreshApprovers(is, f.ID)
	after, afterText := s.written(is, f)
	if beforeText == afterText && before == after {
		return nil, nil
	}
	return []ChangedField{{Field: strings.ToLower(f.changeName()), FieldID: f.ID, Kind: f.changeKind(),
		From: before, FromString: beforeText, To: after, ToString: afterText}}, nil
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

func (s *State) parse(f *Field, raw json.RawMessage, d Dialect) (any, error) {
	if string(raw) == "null" {
		return nil, s.checkClear(f)
	}
	switch f.Kind() {
	case kindText:
		return parseText(f, raw)
	case kindRich:
		return d.read(raw)
	case kindStrings:
		return parseLabels(raw)
	case KindUsers:
		return s.parseUsers(raw)
	case KindUser:
		return s.parseUser(f, raw)
	case KindOption:
		return parseOption(f, raw)
	case KindOptions:
		return parseOptions(f, raw)
	case kindNumber:
		return parseNumber(raw)
	case kindMoment:
		return parseMoment(raw)
	}
	return nil, NotScreened(f.ID)
}

func (s *State) checkClear(f *Field) error {
	if f.Required {
		return invalid("You must specify a %s of the issue.", strings.ToLower(f.Name))
	}
	return nil
}

func parseText(f *Field, raw json.RawMessage) (any, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, invalid("Operation value must be a string")
	}
	if f.ID == "summary" {
		switch {
		case strings.TrimSpace(s) == "":
			return nil, invalid("You must specify a summary of the issue.")
		case strings.ContainsAny(s, "\r\n"):
			return nil, invalid("The summary is invalid because it contains newline characters.")
		}
	}
	if len([]rune(s)) > 255 {
		return nil, invalid("%s can't exceed 255 characters.", f.Name)
	}
	if s == "" && f.Custom != "" { // an empty text is none
		return nil, nil
	}
	return s, nil
}

func parseLabels(raw json.RawMessage) (any, error) {
	var labels []string
	if err := json.Unmarshal(raw, &labels); err != nil {
		return nil, invalid("data was not an array of strings")
	}
	for _, l := range labels {
		if l == "" || strings.ContainsAny(l, " \t\n") {
			return nil, invalid("The label '%s' contains spaces which is invalid.", l)
		}
		if len([]rune(l)) > 255 {
			return nil, invalid("The label '%s' exceeds the maximum length of 255 characters.", l)
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
func (s *State) resolve(u userRef) (string, error) {
	id := u.AccountID
	if id == "" {
		id = u.ID
	}
	if s.Accounts[id] == nil {
		return "", invalid("User '%s' does not exist.", id+u.Name)
	}
	return id, nil
}

func (s *State) parseUsers(raw json.RawMessage) (any, error) {
	var refs []userRef
	if err := json.Unmarshal(raw, &refs); err != nil {
		return nil, invalid("data was not an array of users")
	}
	ids := []string{}
	for _, ref := range refs {
		id, err := s.resolve(ref)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// parseUser takes one user. Issues are assigned to agents only.
func (s *State) parseUser(f *Field, raw json.RawMessage) (any, error) {
	var ref userRef
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, invalid("expected Object")
	}
	id, err := s.resolve(ref)
	if err == nil && f.ID == "assignee" && !(s.Accounts[id].Agent && s.Accounts[id].Active) {
		return nil, invalid("User '%s' cannot be assigned issues.", id)
	}
	return id, err
}

func parseOption(f *Field, raw json.RawMessage) (any, error) {
	var ref struct{ ID, Value string }
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, invalid("Could not find valid 'id' or 'value' in the Parent Option object.")
	}
	for i, o := range f.Options {
		if (o == ref.Value || ref.ID != "" && ref.ID == OptionID(f, i)) && !slices.Contains(f.Disabled, o) {
			return o, nil
		}
	}
	return nil, invalid("Option value '%s' is not valid", ref.Value)
}

func parseOptions(f *Field, raw json.RawMessage) (any, error) {
	var refs []json.RawMessage
	if err := json.Unmarshal(raw, &refs); err != nil {
		return nil, invalid("data was not an array")
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

// OptionID is the id of a field's option, by its place in the list, which it never leaves.
func OptionID(f *Field, i int) string {
	return strconv.Itoa(CustomNumber(f.ID)*OptionsPerField + i + 1)
}

func parseNumber(raw json.RawMessage) (any, error) {
	var n float64
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, invalid("Operation value must be a number")
	}
	return n, nil
}

// momentLayout is how the API writes a moment.
const momentLayout = "2006-01-02T15:04:05.000-0700"

func parseMoment(raw json.RawMessage) (any, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return nil, invalid("Operation value must be a string")
	}
	at, err := time.Parse(momentLayout, text)
	if err != nil {
		return nil, invalid("Error parsing date string: %s", text)
	}
	return at.UTC().Format(momentLayout), nil
}

func (s *State) store(is *LiveIssue, f *Field, v any) {
	switch f.ID {
	case "summary":
		is.Summary, _ = v.(string)
	case "description":
		is.description, _ = v.(RichText)
	case "labels":
		is.Labels, _ = v.([]string)
	case "assignee":
		is.assignee, _ = v.(string)
	case "reporter":
		is.Reporter, _ = v.(string)
	default:
		is.custom[f.ID] = v
		if v == nil {
			delete(is.custom, f.ID)
		}
	}
}

// written is the changelog's view of a value: ids and text.
func (s *State) written(is *LiveIssue, f *Field) (string, string) {
	switch v := s.FieldValue(is, f).(type) {
	case string:
		if f.Kind() == KindUser {
			return v, s.names([]string{v})
		}
		return "", v
	case RichText:
		return "", v.Text
	case []string:
		if f.Kind() == KindUsers {
			return strings.Join(v, ", "), s.names(v)
		}
		if f.Kind() == KindOptions {
			return "", strings.Join(v, ",")
		}
		return "", strings.Join(v, " ")
	case float64:
		return "", fmt.Sprint(v)
	}
	return "", ""
}

// FieldValue is what a field of an issue holds, as it is stored.
func (s *State) FieldValue(is *LiveIssue, f *Field) any {
	switch f.ID {
	case "summary":
		return is.Summary
	case "description":
		return is.description
	case "labels":
		return is.Labels
	case "assignee":
		return is.assignee
	case "reporter":
		return is.Reporter
	}
	return is.custom[f.ID]
}

func (s *State) names(ids []string) string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if a := s.Accounts[id]; a != nil {
			out = append(out, a.name())
		}
	}
	return strings.Join(out, ", ")
}
