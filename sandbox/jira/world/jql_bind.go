package world

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// binder turns clauses into predicates over the site's names and ids, as one
// caller sees them.
type binder struct {
	w   *State
	who *LiveAccount
}

func (b binder) bind(c clause) (expr, error) {
	switch c.field {
	case "project":
		return b.exact(c, b.projectID, func(d doc) string { return d.project.Key })
	case "status":
		return b.exact(c, b.statusID, func(d doc) string { return d.status.ID })
	case "statuscategory":
		return b.exact(c, b.category, func(d doc) string { return d.status.Category })
	case "resolution":
		return b.exact(c, b.resolution, func(d doc) string { return d.resolution })
	case "priority":
		return b.exact(c, b.priority, func(d doc) string { return d.priority })
	case "issuetype", "type":
		return b.exact(c, b.issueType, func(d doc) string { return d.kind })
	case "reporter":
		return b.exact(c, b.user, func(d doc) string { return d.reporter })
	case "creator":
		return b.exact(c, b.user, func(d doc) string { return d.creator })
	case "assignee":
		return b.exact(c, b.user, func(d doc) string { return d.assignee })
	case "labels":
		return b.many(c, literal, func(d doc) []string { return d.labels })
	case "key", "issuekey", "issue", "id":
		return b.key(c)
	case "created", "createddate", "updated", "updateddate", "resolved", "resolutiondate":
		return b.date(c)
	case "summary", "description", "text", "comment":
		return b.text(c)
	case "approvals":
		return b.approvals(c)
	}
	return b.custom(c)
}

func literal(c clause, o operand) (string, error) { return o.text, nil }

func (c clause) unknownField() error {
	return invalid("Field '%s' does not exist or you do not have permission to view it.", c.field)
}

func (c clause) unknownValue(o operand) error {
	return invalid("The value '%s' does not exist for the field '%s'.", o.text, c.field)
}

func (c clause) badOperator() error {
	return invalid("The operator '%s' is not supported by the '%s' field.", c.op, c.field)
}

type lookup func(clause, operand) (string, error)

// exact binds a field with one value.
func (b binder) exact(c clause, find lookup, get func(doc) string) (expr, error) {
	return b.many(c, find, func(d doc) []string {
		if v := get(d); v != "" {
			return []string{v}
		}
		return nil
	})
}

// many binds a field with any number of values. As in Jira, a negative
// operator does not match issues whose field is empty.
func (b binder) many(c clause, find lookup, get func(doc) []string) (expr, error) {
	if c.op == "is" || c.op == "is not" {
		return c.emptiness(func(d doc) bool { return len(get(d)) == 0 })
	}
	want := make([]string, 0, len(c.values))
	for _, o := range c.values {
		if o.empty() {
			return c.emptiness(func(d doc) bool { return len(get(d)) == 0 })
		}
		v, err := find(c, o)
		if err != nil {
			return nil, err
		}
		want = append(want, v)
	}
	hit := func(d doc) bool {
		return slices.ContainsFunc(get(d), func(v string) bool {
			return slices.ContainsFunc(want, func(x string) bool { return strings.EqualFold(x, v) })
		})
	}
	switch c.op {
	case "=", "in":
		return predicate(hit), nil
	case "!=", "not in":
		return predicate(func(d doc) bool { return len(get(d)) > 0 && !hit(d) }), nil
	}
	return nil, c.badOperator()
}

func (c clause) emptiness(empty func(doc) bool) (expr, error) {
	switch c.op {
	case "is", "=":
		if c.values[0].empty() {
			return predicate(empty), nil
		}
	case "is not", "!=":
		if c.values[0].empty() {
			return not{predicate(empty)}, nil
		}
	}
	return nil, c.badOperator()
}

func (b binder) projectID(c clause, o operand) (string, error) {
	for _, key := range slices.Sorted(maps.Keys(b.w.Projects)) {
		if p := b.w.Projects[key]; strings.EqualFold(key, o.text) || strings.EqualFold(p.Name, o.text) || strconv.Itoa(p.ID) == o.text {
			return key, nil
		}
	}
	return "", c.unknownValue(o)
}

func (b binder) statusID(c clause, o operand) (string, error) {
	if st := b.w.Workflow.FindStatus(o.text); st != nil {
		return st.ID, nil
	}
	return "", c.unknownValue(o)
}

func (b binder) category(c clause, o operand) (string, error) {
	for _, cat := range Categories() {
		if strings.EqualFold(o.text, cat.Key) || strings.EqualFold(o.text, cat.Name) || o.text == strconv.Itoa(cat.ID) {
			return cat.Key, nil
		}
	}
	return "", c.unknownValue(o)
}

func (b binder) resolution(c clause, o operand) (string, error) {
	if _, err := strconv.Atoi(o.text); err == nil {
		if name := b.w.resolutionName(o.text, ""); name != "" {
			return name, nil
		}
	}
	if name := b.w.resolutionName("", o.text); name != "" {
		return name, nil
	}
	if strings.EqualFold(o.text, "unresolved") {
		return "", invalid("Use 'resolution is EMPTY' to find unresolved issues.")
	}
	return "", c.unknownValue(o)
}

func (b binder) priority(c clause, o operand) (string, error) {
	for i, name := range Priorities() {
		if strings.EqualFold(name, o.text) || strconv.Itoa(i+1) == o.text {
			return strconv.Itoa(i + 1), nil
		}
	}
	return "", c.unknownValue(o)
}

func (b binder) issueType(c clause, o operand) (string, error) {
	for _, t := range IssueTypes() {
		if t[0] == o.text || strings.EqualFold(t[1], o.text) {
			return t[0], nil
		}
	}
	return "", c.unknownValue(o)
}

func (b binder) user(c clause, o operand) (string, error) {
	if o.call && strings.EqualFold(o.text, "currentUser") {
		if b.who == nil {
			return "", c.unknownValue(o)
		}
		return b.who.AccountID, nil
	}
	if b.w.Accounts[o.text] != nil {
		return o.text, nil
	}
	return "", c.unknownValue(o)
}
