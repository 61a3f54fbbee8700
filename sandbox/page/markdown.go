package page

import (
	"regexp"
	"strings"
)

var (
	markdownLean = regexp.MustCompile(`(^|[^*\w])\*([^*\s][^*\n]*)\*($|[^*\w])`)
	markdownBold = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	markdownLink = regexp.MustCompile(`\[([^\]\n|<>]+)\]\((https?://[^)\s<>|]+)\)`)
	markdownItem = regexp.MustCompile(`^\s*[-*+] `)
	markdownHead = regexp.MustCompile(`^#{1,6} +(.+)$`)
)

// markdown draws the text of a markdown block, whose markup isn't Slack's own: it is brought
// into that, line by line. What has no counterpart there stays as it was written.
func (d *drawing) markdown(s string) {
	lines := strings.Split(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s), "\n")
	for i, line := range lines {
		if head := markdownHead.FindStringSubmatch(line); head != nil {
			lines[i] = "*" + strings.Trim(head[1], "*# ") + "*"
			continue
		}
		line = markdownItem.ReplaceAllString(line, "• ")
		line = strings.ReplaceAll(line, "~~", "~")
		line = markdownLean.ReplaceAllString(line, "${1}_${2}_$3")
		line = markdownBold.ReplaceAllString(line, "*$1$2*")
		lines[i] = markdownLink.ReplaceAllString(line, "<$2|$1>")
	}
	d.mrkdwn(strings.Join(lines, "\n"), false)
}
