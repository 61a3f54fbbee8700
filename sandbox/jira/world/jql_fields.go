package world

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
		return b.exact(c, b.issueID, func(d doc) string { return strconv.Itoa(d.is.ID) })
	}
	id, err := b.issueID(c, c.values[0])
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil, c.unknownValue(c.values[0])
	}
	edge := b.w.Issues[n]
	return predicate(func(d doc) bool { return d.project == edge.Project && less(d.number, edge.number) }), nil
}

func (b binder) issueID(c clause, o operand) (string, error) {
	is := b.w.FindIssue(o.text)
	if is == nil {
		return "", invalid("An issue with key '%s' does not exist for field '%s'.", o.text, c.field)
	}
	return strconv.Itoa(is.ID), nil
}

// approvals binds the service desk's functions; "=" is the only operator.
func (b binder) approvals(c clause) (expr, error) {
	if c.op != "=" || !c.values[0].call {
		return nil, c.badOperator()
	}
	f := c.values[0]
	is := func(test func(a *LiveApproval) bool) (expr, error) {
		return predicate(func(d doc) bool {
			for _, a := range d.is.Approvals {
				if test(a) {
					return true
				}
			}
			return false
		}), nil
	}
	switch strings.ToLower(f.text) {
	case "pending":
		return is(func(a *LiveApproval) bool { return a.Final == Pending })
	case "approved":
		return is(func(a *LiveApproval) bool { return a.Final == approved })
	case "declined":
		return is(func(a *LiveApproval) bool { return a.Final == declined })
	case "mypending", "pendingby":
		return is(func(a *LiveApproval) bool { return a.waitsFor(b.named(f)) })
	case "myapproval", "approver":
		return is(func(a *LiveApproval) bool { return a.lists(b.named(f)) })
	}
	return nil, invalid("Unable to find JQL function '%s()'.", f.text)
}

// named is the accounts a function means: its arguments, or the caller.
func (b binder) named(f operand) []string {
	if len(f.args) == 0 && b.who != nil {
		return []string{b.who.AccountID}
	}
	return f.args
}

func (a *LiveApproval) lists(ids []string) bool {
	for _, id := range ids {
		if a.Approver(id) != nil {
			return true
		}
	}
	return false
}

func (a *LiveApproval) waitsFor(ids []string) bool {
	for _, id := range ids {
		if p := a.Approver(id); p != nil && p.Decision == Pending && a.Final == Pending {
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
	switch f.Kind() {
	case kindText, kindRich:
		return textClause(c, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	case KindUsers, KindUser:
		return b.many(c, b.user, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	case KindOption, KindOptions, kindStrings:
		return b.many(c, literal, func(d doc) []string { return customTexts(d.custom[f.ID]) })
	}
	return nil, c.badOperator()
}

func (b binder) customField(name string) *Field {
	for i := range b.w.Fields {
		f := &b.w.Fields[i]
		if f.Custom == "" {
			continue
		}
		if strings.EqualFold(f.Name, name) || name == "cf["+strconv.Itoa(CustomNumber(f.ID))+"]" {
			return f
		}
	}
	return nil
}

func customTexts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case RichText:
		return []string{v.Text}
	case []string:
		return v
	}
	return nil
}
