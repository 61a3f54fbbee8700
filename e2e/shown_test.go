package e2e

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"latchkey/sandbox"
	"latchkey/sandbox/slack"
	"latchkey/sandbox/slack/kit"
)

// surface is something of Latchkey's that somebody sees.
type surface struct {
	reader      string // the one person who sees it; "" where it is more than one
	where, text string
	blocks      []kit.Object
}

// surfaces are all there are: messages, also those that only one person sees, Home tabs and
// forms.
func surfaces(w *sandbox.World) (out []surface) {
	seen, names := w.Slack.Snapshot(), map[string]string{}
	for _, u := range seen.Users {
		names[u.ID] = u.Name
	}
	for _, ch := range seen.Channels {
		for _, m := range seen.Messages[ch.ID] {
			if m.BotID != "" {
				out = append(out, surface{names[cmp.Or(m.Viewer, ch.User)], "a message in " + ch.Name + ch.User, slack.Render(m), m.Blocks})
			}
		}
	}
	for _, u := range seen.Users {
		if v, ok := w.Slack.Home(u.ID); ok {
			out = append(out, surface{u.Name, "the Home tab of " + u.Name, slack.Render(v), v.Blocks})
		}
		for _, v := range w.Slack.Views(u.ID) {
			out = append(out, surface{u.Name, "a form of " + u.Name, slack.Render(v), v.Blocks})
		}
	}
	return out
}

// badlyShown are the faults of what people see, whatever a story was about: words that don't
// fit their number, days that one country reads in another order than the next, and buttons
// that can't be told apart.
func badlyShown(w *sandbox.World) (out []string) {
	for _, s := range surfaces(w) {
		for _, fault := range append(wordFaults(s.text), buttonFaults(s.blocks)...) {
			out = append(out, s.where+" "+fault)
		}
		if hit := technical.FindString(s.text); hit != "" && slices.Contains(employees(), s.reader) {
			out = append(out, fmt.Sprintf("%s tells %s, who asks and nothing more, of %q in\n%s", s.where, s.reader, hit, s.text))
		}
	}
	for _, is := range w.Jira.Issues() {
		for _, fault := range wordFaults(w.Jira.Render(is)) {
			out = append(out, is.Key+" "+fault)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// employees are people at Acme who own nothing, and are nobody's IT.
func employees() []string { return []string{"maya", "sam", "tom"} }

// technical are words of those who run the directories.
var technical = regexp.MustCompile(`(?i)\btokens?\b|\bgroups?\b|provision|entitlement|\bAR-|\bGF-|okta:\S|00[gu]0`)

const counted = `(request|group|role|app|day|hour|minute|second|week|month|message|task|grant|decision|removal|change|membership|approval|denial|colleague|person|event|issue|account|line|case)`

// wordFaults are those of a text.
func wordFaults(text string) (out []string) {
	for what, pattern := range map[string]string{
		"leaves it open how many there are":    `\w\(s\)`,
		"says several of one":                  `(^|[^\d.,:/#-])1 ` + counted + `s\b`,
		"says one of several":                  `(^|[^\d.,:/#-])(0|[2-9]|[1-9]\d+) ` + counted + `\b[^'’-]`,
		"gives a day in numbers alone":         `\b\d{1,2}/\d{1,2}/\d{2,4}\b`,
		"glues a word to the end of another's": `\b(a|an) (a|an)\b`,
	} {
		if found := regexp.MustCompile(pattern).FindString(text + " "); found != "" {
			out = append(out, fmt.Sprintf("%s: %q in\n%s", what, found, text))
		}
	}
	return out
}

// buttonFaults are those of what can be pressed: on a phone a label may be cut after a dozen
// characters, and who doesn't see hears the other label.
func buttonFaults(blocks []kit.Object) (out []string) {
	heard, primary := map[string]bool{}, 0
	for _, b := range blocks {
		begins := map[string]bool{}
		elements := kit.Objects(b["elements"])
		if e := kit.Sub(b, "accessory"); e != nil {
			elements = append(elements, e)
		}
		for _, e := range elements {
			if kit.Str(e, "type") != "button" {
				continue
			}
			label, said := kit.TextOf(e, "text"), kit.Str(e, "accessibility_label")
			start := string([]rune(label)[:min(12, len([]rune(label)))])
			if begins[start] {
				out = append(out, fmt.Sprintf("has two buttons that begin with %q", start))
			}
			begins[start] = true
			if n := len(utf16.Encode([]rune(said))); n == 0 || n > 75 || heard[said] {
				out = append(out, fmt.Sprintf("has a button %q that sounds like %q", label, said))
			}
			heard[said] = true
			switch kit.Str(e, "style") {
			case "primary":
				primary++
			case "danger":
				if !strings.HasPrefix(label, "Revoke") && !strings.HasPrefix(label, "Not justified") {
					out = append(out, fmt.Sprintf("has a red button %q, which takes nothing away", label))
				}
			}
		}
	}
	if primary > 1 {
		out = append(out, fmt.Sprintf("has %d buttons that stand out", primary))
	}
	return out
}

// What every story is looked through for is found where it is.
func TestFaultsOfWhatIsShownAreFound(t *testing.T) {
	for text, faults := range map[string]int{
		"1 request waits for you, 2 days left": 0, "0 groups, 5 roles, 21 people": 0, "a 2-day trip, 9:01 days": 0, "23 Nov 2026 at 09:05 UTC": 0,
		"1 requests wait": 1, "2 group": 1, "21 day left": 1, "request(s)": 1, "on 03/04/2026": 1, "a an app": 1,
	} {
		if found := wordFaults(text); len(found) != faults {
			t.Errorf("%q: %q", text, found)
		}
	}
	button := func(label, said, style string) any {
		return map[string]any{"type": "button", "text": map[string]any{"type": "plain_text", "text": label}, "accessibility_label": said, "style": style}
	}
	row := func(buttons ...any) []kit.Object { return []kit.Object{{"type": "actions", "elements": buttons}} }
	for name, c := range map[string]struct {
		blocks []kit.Object
		faults int
	}{
		"as they should be": {row(button("Approve", "Approve: Figma", "primary"), button("Deny…", "Deny: Figma", ""), button("Revoke…", "Revoke", "danger")), 0},
		"in two rows":       {append(row(button("Extend", "Extend: Figma", "")), row(button("Extend", "Extend: Zoom", ""))...), 0},
		"twins":             {row(button("Approve for 6 hours", "a", ""), button("Approve for less", "b", "")), 1},
		"silent":            {row(button("Approve", "", "")), 1},
		"alike":             {append(row(button("Extend", "Extend", "")), row(button("Give it back", "Extend", ""))...), 1},
		"too long":          {row(button("Approve", strings.Repeat("a", 76), "")), 1},
		"loud":              {append(row(button("Approve", "a", "primary")), row(button("Open", "b", "primary"))...), 1},
		"red":               {row(button("Deny…", "a", "danger")), 1},
	} {
		if found := buttonFaults(c.blocks); len(found) != c.faults {
			t.Errorf("%s: %q", name, found)
		}
	}
}
