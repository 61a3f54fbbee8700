package world

import (
	"strings"
	"unicode"
)

func (b binder) text(c clause) (expr, error) {
	return textClause(c, textOf(c.field))
}

func textOf(field string) func(doc) []string {
	switch field {
	case "summary":
		return func(d doc) []string { return []string{d.summary} }
	case "description":
		return func(d doc) []string { return []string{d.description} }
	case "comment":
		return func(d doc) []string { return d.commentTexts() }
	}
	return func(d doc) []string {
		return append([]string{d.summary, d.description}, d.commentTexts()...)
	}
}

func (d doc) commentTexts() []string {
	out := make([]string, len(d.comments))
	for i, c := range d.comments {
		out[i] = c.Body.Text
	}
	return out
}

// textClause binds "~": every word must occur, a quoted phrase in sequence, a
// trailing * is a prefix. Words are stemmed, so equality must be re-checked by
// the client.
func textClause(c clause, get func(doc) []string) (expr, error) {
	if c.op == "is" || c.op == "is not" {
		return c.emptiness(func(d doc) bool { return strings.Join(get(d), "") == "" })
	}
	if c.op != "~" && c.op != "!~" {
		return nil, c.badOperator()
	}
	phrases := searchPhrases(c.values[0].text)
	if len(phrases) == 0 {
		return nil, invalid("The field '%s' does not support searching for an empty string.", c.field)
	}
	hit := predicate(func(d doc) bool {
		for _, p := range phrases {
			if !anyContains(get(d), p) {
				return false
			}
		}
		return true
	})
	if c.op == "!~" {
		return not{hit}, nil
	}
	return hit, nil
}

func anyContains(texts []string, phrase []string) bool {
	for _, t := range texts {
		if containsPhrase(words(t), phrase) {
			return true
		}
	}
	return false
}

// searchPhrases splits search text into quoted phrases and single words.
func searchPhrases(s string) [][]string {
	var out [][]string
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 1 {
			if p := words(part); len(p) > 0 {
				out = append(out, p)
			}
			continue
		}
		for _, w := range strings.Fields(part) {
			out = append(out, wordPhrase(w)...)
		}
	}
	return out
}

func wordPhrase(w string) [][]string {
	p := words(w)
	if len(p) == 0 {
		return nil
	}
	if strings.HasSuffix(w, "*") {
		p[len(p)-1] += "*"
	}
	return [][]string{p}
}

func words(s string) []string {
	fields := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i, f := range fields {
		fields[i] = stem(f)
	}
	return fields
}

func stem(w string) string {
	for _, suffix := range []string{"ing", "ed", "es", "s"} {
		if rest, ok := strings.CutSuffix(w, suffix); ok && len(rest) >= 3 {
			return rest
		}
	}
	return w
}

func containsPhrase(text, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(text); i++ {
		if phraseAt(text[i:], phrase) {
			return true
		}
	}
	return false
}

func phraseAt(text, phrase []string) bool {
	for j, p := range phrase {
		prefix, wild := strings.CutSuffix(p, "*")
		if text[j] != p && (!wild || !strings.HasPrefix(text[j], prefix)) {
			return false
		}
	}
	return true
}
