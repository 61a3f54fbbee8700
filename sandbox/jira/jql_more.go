package jira

import (
	"strconv"
	"strings"
)

// key binds key and id. Naming an issue that does not exist is an error, not
// an empty answer.
func (b binder) key(c clause) (expr, error) {
	numbers := map[string]func(a, b int) bool{
		"<": func(a, b int) bool { return a < b }, "<=": func(a, b int) bool { return a <= b },
		">": func(a, b int) bool { return a > b }, ">=": func(a, b int) bool { return a >= b }}
	less, ordered := numbers[c.op]
	if !ordered {
		return b.exact(c, b.issueID, func(d doc) string { return strconv.Itoa(d.is.id) })
	}
	id, err := b.issueID(c, c.values[0])
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil, c.unknownValue(c.values[0])
	}
	edge := b.w.issues[n]
	return predicate(func(d doc) bool { return d.project == edge.project && less(d.number, edge.number) }), nil
}

func (b binder) issueID(c clause, o operand) (string, error) {
	is := b.w.find(o.text)
	if is == nil {
		return "", refuse(400, "An issue with key '%s' does not exist for field '%s'.", o.text, c.field)
	}
	return strconv.Itoa(is.id), nil
}

// approvals binds the service desk's functions; "=" is the only operator.
func (b binder) approvals(c clause) (expr, error) {
	if c.op != "=" || !c.values[0].call {
		return nil, c.badOperator()
	}
	f := c.values[0]
	is := func(test func(a *approval) bool) (expr, error) {
		return predicate(func(d doc) bool {
			for _, a := range d.is.approvals {
				if test(a) {
					return true
				}
			}
			return false
		}), nil
	}
	switch strings.ToLower(f.text) {
	case "pending":
		return is(func(a *approval) bool { return a.final == pending })
	case "approved":
		return is(func(a *approval) bool { return a.final == approved })
	case "declined":
		return is(func(a *approval) bool { return a.final == declined })
	case "mypending", "pendingby":
		return is(func(a *approval) bool { return a.waitsFor(b.named(f)) })
	case "myapproval", "approver":
		return is(func(a *approval) bool { return a.lists(b.named(f)) })
	}
	return nil, refuse(400, "Unable to find JQL function '%s()'.", f.text)
}

// named is the accounts a function means: its arguments, or the caller.
func (b binder) named(f operand) []string {
	if len(f.args) == 0 && b.who != nil {
		return []string{b.who.AccountID}
	}
	return f.args
}

func (a *approval) lists(ids []string) bool {
	for _, id := range ids {
		if a.approver(id) != nil {
			return true
		}
	}
	return false
}

func (a *approval) waitsFor(ids []string) bool {
	for _, id := range ids {
		if p := a.approver(id); p != nil && p.decision == pending && a.final == pending {
			return true
		}
	}
	return false
}

// custom binds cf[123] and custom fields by name. Entity properties are not
// searchable for clients that are not apps.
func (b binder) custom(c clause) (expr, error) {
	f := b.customField(c.field)
	if f == nil {
		return nil, c.unknownField()
	}
	switch f.kind() {
	case kindText, kindRich:
		return textClause(c, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	case kindUsers, kindUser:
		return b.many(c, b.user, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	case kindOption, kindOptions, kindStrings:
		return b.many(c, literal, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	}
	return nil, c.badOperator()
}

func (b binder) customField(name string) *Field {
	for i := range b.w.fields {
		f := &b.w.fields[i]
		if f.Custom == "" {
			continue
		}
		if strings.EqualFold(f.Name, name) || name == "cf["+strconv.Itoa(customNumber(f.ID))+"]" {
			return f
		}
	}
	return nil
}

func customTexts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case rich:
		return []string{v.text}
	case []string:
		return v
	}
	return nil
}
