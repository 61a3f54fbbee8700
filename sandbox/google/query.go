package google

import (
	"errors"
	"strings"
)

// clause is one condition of a search: field, operator, value.
type clause struct{ field, operator, value string }

// clausesOf reads a search: clauses with spaces between them, values in single quotes
// where they hold spaces, a quote within escaped with a backslash.
func clausesOf(query string) (all []clause, err error) {
	for rest := strings.TrimLeft(query, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		at := strings.IndexAny(rest, "=:")
		if at < 1 {
			return nil, errors.New(rest)
		}
		c := clause{field: rest[:at], operator: rest[at : at+1]}
		if c.value, rest, err = valueOf(rest[at+1:]); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func valueOf(text string) (value, rest string, err error) {
	if !strings.HasPrefix(text, "'") {
		value, rest, _ = strings.Cut(text, " ")
		return value, rest, nil
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case text[i] == '\'':
			return b.String(), text[i+1:], nil
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", errors.New("a value that does not end")
}
