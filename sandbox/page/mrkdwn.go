package page

import "strings"

// mrkdwn draws a text with Slack's markup, as it comes back from Slack: with & < > as
// entities, except in what has a meaning, such as <@U1>.
func (d *drawing) mrkdwn(s string, verbatim bool) {
	for rest := s; rest != ""; {
		before, code, after, found := fenced(rest)
		d.paragraphs(before, verbatim)
		if !found {
			return
		}
		d.say("pre", "", readable(strings.Trim(code, "\n")))
		rest = strings.TrimPrefix(after, "\n")
	}
}

// fenced parts a text at its first block of code.
func fenced(s string) (before, code, after string, found bool) {
	const fence = "```"
	begin := strings.Index(s, fence)
	if begin < 0 {
		return s, "", "", false
	}
	length := strings.Index(s[begin+len(fence):], fence)
	if length <= 0 {
		return s, "", "", false
	}
	end := begin + len(fence) + length
	return strings.TrimSuffix(s[:begin], "\n"), s[begin+len(fence) : end], s[end+len(fence):], true
}

// paragraphs draws lines and quotations. A blank line is a gap, as in Slack, and no line.
func (d *drawing) paragraphs(s string, verbatim bool) {
	if s == "" {
		return
	}
	lines := strings.Split(s, "\n")
	for i := 0; i < len(lines); {
		said, quoted := quotation(lines[i:])
		if quoted > 0 {
			d.in("blockquote", "", func() { d.each(said, verbatim) })
			i += quoted
			continue
		}
		from := i
		for i < len(lines) {
			if _, quoted := quotation(lines[i:]); quoted > 0 {
				break
			}
			i++
		}
		d.each(lines[from:i], verbatim)
	}
}

// quotation is the quoted lines at the beginning without their mark, and how many lines they
// are. Three marks quote all that follows.
func quotation(lines []string) (said []string, quoted int) {
	first := strings.ReplaceAll(lines[0], "&gt;", ">")
	if strings.HasPrefix(first, ">>>") {
		rest := append([]string{unmarked(unmarked(unmarked(lines[0])))}, lines[1:]...)
		return rest, len(lines)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, ">") && !strings.HasPrefix(line, "&gt;") {
			break
		}
		said = append(said, unmarked(line))
	}
	return said, len(said)
}

// unmarked is a line without one mark of a quotation.
func unmarked(line string) string {
	rest, ok := strings.CutPrefix(line, "&gt;")
	if !ok {
		rest = strings.TrimPrefix(line, ">")
	}
	return strings.TrimPrefix(rest, " ")
}

func (d *drawing) each(lines []string, verbatim bool) {
	for i, line := range lines {
		switch {
		case line == "" && i > 0:
			d.say("span", "gap", "")
			continue
		case i > 0 && lines[i-1] != "":
			d.void("br", "")
		}
		(&spans{drawing: d, verbatim: verbatim}).draw(line)
	}
}

// readable is a text without markup: entities as what they stand for, links as their words.
func readable(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if end := controlAt(s[i:]); end > 0 {
			b.WriteString(entities(label(s[i+1 : i+end-1])))
			i += end
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return entities(b.String())
}

func label(body string) string {
	if _, said, ok := strings.Cut(body, "|"); ok {
		return said
	}
	return body
}

func entities(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// Plain is a text as banners show it: without markup, with the names of those whom it mentions.
func Plain(s string, names Names) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		end := controlAt(s[i:])
		if end == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		body := s[i+1 : i+end-1]
		switch where := target(body); where[0] {
		case '@':
			b.WriteString(mention("@", where[1:], "", names.Users))
		case '#':
			b.WriteString(mention("#", where[1:], "", names.Channels))
		default:
			b.WriteString(label(body))
		}
		i += end
	}
	return entities(strings.NewReplacer("*", "", "`", "").Replace(b.String()))
}
