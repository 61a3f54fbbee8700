package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// controlAt is how long the sequence in angle brackets at the beginning is; 0 if it is text.
func controlAt(s string) int {
	end := strings.IndexAny(s, ">\n")
	if len(s) < 3 || s[0] != '<' || end < 2 || s[end] != '>' || strings.Contains(s[1:end], "<") {
		return 0
	}
	if strings.IndexByte("@#!", s[1]) < 0 && !leads(entities(target(s[1:end]))) {
		return 0
	}
	return end + 1
}

func target(body string) string {
	where, _, _ := strings.Cut(body, "|")
	return where
}

// leads tells whether an address is one that Slack makes a link of.
func leads(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"http", "https", "mailto", "tel", "slack"}, u.Scheme)
}

// control draws what a sequence in angle brackets stands for.
func (d *drawing) control(body string) {
	where, said, labelled := strings.Cut(body, "|")
	where, said = entities(where), entities(said)
	switch where[0] {
	case '@':
		d.say("span", "mention", mention("@", where[1:], said, d.Names.Users))
	case '#':
		d.say("span", "mention", mention("#", where[1:], said, d.Names.Channels))
	case '!':
		d.special(where[1:], said)
	default:
		d.link(where, func() {
			if !labelled || said == "" {
				said = strings.TrimPrefix(where, "mailto:")
			}
			d.withEmoji(said)
		})
	}
}

// special draws what begins with an exclamation mark.
func (d *drawing) special(what, said string) {
	kind, rest, _ := strings.Cut(what, "^")
	switch kind {
	case "here", "channel", "everyone":
		d.say("span", "mention loud", "@"+kind)
	case "subteam":
		d.say("span", "mention", mention("@", rest, said, d.Names.Groups))
	case "date":
		d.dated(rest, said)
	default:
		if said == "" {
			said = "<!" + what + ">"
		}
		d.text(said)
	}
}

// dated draws <!date^when^format^link|instead>, and what is to be said instead where there
// is no moment.
func (d *drawing) dated(what, instead string) {
	parts := strings.SplitN(what, "^", 3)
	unix, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || len(parts) < 2 || !plausible(unix) {
		d.text(instead)
		return
	}
	link := ""
	if len(parts) == 3 {
		link = parts[2]
	}
	d.when(unix, parts[1], link, d.zone())
}

// plausible keeps away moments beyond what a calendar writes with four digits.
func plausible(unix int64) bool { return unix > -62_135_596_800 && unix < 253_402_214_400 }

// link draws a link; where it leads nowhere that Slack would go, only its words.
func (d *drawing) link(address string, words func()) {
	if !leads(address) {
		words()
		return
	}
	d.in("a", "", words, "href", address, "target", "_blank", "rel", "noopener noreferrer")
}
